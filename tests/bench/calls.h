#pragma once

/* Run a command to its end, and count the system calls of all its processes. -1: that is not possible here. */
long count_calls(char **argv);

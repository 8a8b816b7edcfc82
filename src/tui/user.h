/*
 * Names of users.
 */
#pragma once

#include <sys/types.h>

#include "vmview/buf.h"

/* Append the user's name, made safe, or the number where it has none. May ask a network. Any thread may call it. */
void tui_put_user(struct vm_buf *text, uid_t uid);

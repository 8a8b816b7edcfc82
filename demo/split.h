/*
 * The split terminal: vmview above, the demo below, by tmux.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>

/* Room for the name that tmux gives a pane: "%12". */
#define DEMO_PANE_SIZE 32

/* Whether this terminal is a pane of tmux, that can be split. */
bool demo_split_is_inside(void);

/*
 * Start tmux with the same command line in its one pane, and wait until the user leaves it; without tmux say what to
 * type instead. Returns the exit status.
 */
int demo_split_start(const char *program, int argc, char **argv);

/* Split this pane: vmview on this process above, told to follow the file @follow. @pane receives its name. */
bool demo_split_open(const char *program, const char *follow, char pane[DEMO_PANE_SIZE]);

/* Close the pane. That it has gone already is no failure. */
void demo_split_close(const char *pane);

/* Paths of: a program in PATH, this program, and the vmview that belongs to it. */
bool demo_split_find_program(const char *name, char path[PATH_MAX]);
bool demo_split_find_self(char path[PATH_MAX]);

/* Beside this program, in the build folder that this program is in, or in PATH. */
bool demo_split_find_vmview(char path[PATH_MAX]);

/*
 * Keys and signals: the demo waits for both in one place.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <termios.h>

enum demo_key {
	DEMO_KEY_NEXT,
	DEMO_KEY_SCENE, /* the next scene */
	DEMO_KEY_QUIT
};

struct demo_input {
	int signals; /* signalfd */
	sigset_t old_mask;
	int signal; /* that told us to end, or 0 */
	bool terminal;
	struct termios before, keys;
};

/* Signals from here on wait to be read; keys come one by one where standard input is a terminal. False: it cannot be. */
bool demo_input_init(struct demo_input *input);
void demo_input_deinit(struct demo_input *input);

/* Wait for a key. DEMO_KEY_NEXT at the end of input that is no terminal. */
enum demo_key demo_input_key(struct demo_input *input);

/* Wait @ms, or until a key is pressed, where keys are. */
enum demo_key demo_input_pause(struct demo_input *input, int ms);

/* Wait until @fd can be read. False: a signal came first. */
bool demo_input_await(struct demo_input *input, int fd);

/* Whether a signal has told us to end. */
bool demo_input_ends(struct demo_input *input);

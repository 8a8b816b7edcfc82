/*
 * A thread that works for the interface, which never waits for it, not even for its end.
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* Part of what it works on: @user. */
struct tui_worker {
	pthread_mutex_t lock; /* of all that both sides use */
	pthread_cond_t wake;  /* the thread, when something of that has changed */
	int event;            /* readable when the thread has something to tell; -1: none */
	bool stop;            /* under the lock: it is to end */

	/* Its own: */
	pthread_t thread;
	bool finished, abandoned;
	void (*run)(void *user);
	void (*destroy)(void *user);
	void *user;
};

/* What it shares, before the thread. 0 or a negative errno; tui_worker_deinit() undoes it in either case. */
int tui_worker_init(struct tui_worker *worker);
void tui_worker_deinit(struct tui_worker *worker);

/* Call @run in a thread, and @destroy, which frees @user, when nobody needs it any more. 0 or a negative errno. */
int tui_worker_start(struct tui_worker *worker, void (*run)(void *user),
		     void (*destroy)(void *user), void *user);

/* Tell it to stop. Returns soon: where it cannot stop at once it is left behind. Either way @user is gone for the caller. */
void tui_worker_end(struct tui_worker *worker);

void tui_worker_lock(struct tui_worker *worker);
void tui_worker_unlock(struct tui_worker *worker);

/* By the interface, with the lock: something has changed that the thread may be waiting for. */
void tui_worker_wake(struct tui_worker *worker);

/* By the thread: make the event readable. By the interface: make it silent. */
void tui_worker_tell(struct tui_worker *worker);
void tui_worker_hush(struct tui_worker *worker);

/*
 * By the thread, with the lock: sleep until @at_ns of the monotonic clock, 0 for ever, or until something has changed. False:
 * the time has come.
 */
bool tui_worker_sleep(struct tui_worker *worker, uint64_t at_ns);

/* By the thread, without the lock: rest until @at_ns of the monotonic clock, whatever changes. False: it is to end. */
bool tui_worker_rest(struct tui_worker *worker, uint64_t at_ns);

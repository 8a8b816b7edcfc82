#include "worker.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "vmview/clock.h"

/* How long its end is waited for: no key is to wait longer for its answer. */
#define PATIENCE_NS 10000000

/* The condition waits by a clock that nobody sets. */
static int init_condition(pthread_cond_t *condition)
{
	pthread_condattr_t attributes;
	int r = pthread_condattr_init(&attributes);

	if (r)
		return -r;
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	r = pthread_cond_init(condition, &attributes);
	pthread_condattr_destroy(&attributes);
	return -r;
}

int tui_worker_init(struct tui_worker *worker)
{
	int r;

	*worker = (struct tui_worker){ .event = -1 };
	pthread_mutex_init(&worker->lock, NULL);
	r = init_condition(&worker->wake);
	if (r < 0)
		return r;
	worker->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return worker->event < 0 ? -errno : 0;
}

void tui_worker_deinit(struct tui_worker *worker)
{
	pthread_mutex_destroy(&worker->lock);
	pthread_cond_destroy(&worker->wake);
	if (worker->event >= 0)
		close(worker->event);
}

static void *run(void *user)
{
	struct tui_worker *worker = user;
	bool abandoned;

	worker->run(worker->user);
	pthread_mutex_lock(&worker->lock);
	worker->finished = true;
	abandoned = worker->abandoned;
	pthread_mutex_unlock(&worker->lock);
	if (abandoned)
		worker->destroy(worker->user);
	return NULL;
}

int tui_worker_start(struct tui_worker *worker, void (*run_user)(void *user),
		     void (*destroy)(void *user), void *user)
{
	worker->run = run_user;
	worker->destroy = destroy;
	worker->user = user;
	return -pthread_create(&worker->thread, NULL, run, worker);
}

static bool join_soon(struct tui_worker *worker)
{
	struct timespec until = vm_timespec_of(vm_now_ns(CLOCK_REALTIME) + PATIENCE_NS);

	return pthread_timedjoin_np(worker->thread, NULL, &until) == 0;
}

/* The thread sees that nobody else needs it, or this sees that the thread does not. */
static bool abandon(struct tui_worker *worker)
{
	bool finished;

	pthread_mutex_lock(&worker->lock);
	finished = worker->finished;
	worker->abandoned = !finished;
	if (!finished)
		pthread_detach(worker->thread);
	pthread_mutex_unlock(&worker->lock);
	return !finished;
}

void tui_worker_end(struct tui_worker *worker)
{
	pthread_mutex_lock(&worker->lock);
	worker->stop = true;
	pthread_cond_broadcast(&worker->wake);
	pthread_mutex_unlock(&worker->lock);
	if (!join_soon(worker)) {
		if (abandon(worker))
			return;
		pthread_join(worker->thread, NULL);
	}
	worker->destroy(worker->user);
}

void tui_worker_lock(struct tui_worker *worker)
{
	pthread_mutex_lock(&worker->lock);
}

void tui_worker_unlock(struct tui_worker *worker)
{
	pthread_mutex_unlock(&worker->lock);
}

void tui_worker_wake(struct tui_worker *worker)
{
	pthread_cond_broadcast(&worker->wake);
}

void tui_worker_tell(struct tui_worker *worker)
{
	eventfd_write(worker->event, 1);
}

void tui_worker_hush(struct tui_worker *worker)
{
	eventfd_t unused;

	eventfd_read(worker->event, &unused);
}

bool tui_worker_sleep(struct tui_worker *worker, uint64_t at_ns)
{
	struct timespec at = vm_timespec_of(at_ns);

	if (!at_ns) {
		pthread_cond_wait(&worker->wake, &worker->lock);
		return true;
	}
	return pthread_cond_timedwait(&worker->wake, &worker->lock, &at) != ETIMEDOUT;
}

bool tui_worker_rest(struct tui_worker *worker, uint64_t at_ns)
{
	bool stop;

	tui_worker_lock(worker);
	while (!worker->stop && tui_worker_sleep(worker, at_ns))
		;
	stop = worker->stop;
	tui_worker_unlock(worker);
	return !stop;
}

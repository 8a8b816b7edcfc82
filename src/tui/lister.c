#include "lister.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "vmview/clock.h"
#include "worker.h"

/* Between two looks at all processes, and how many times as long as a look they are at least. */
#define REFRESH_NS 2000000000
#define DUTY 20

struct tui_lister {
	struct tui_worker worker;

	/* Under its lock: */
	struct tui_processes ready;
	int error;
	bool has_ready;
};

static void destroy(void *user)
{
	struct tui_lister *lister = user;

	tui_processes_deinit(&lister->ready);
	tui_worker_deinit(&lister->worker);
	free(lister);
}

/* One that nobody has taken makes room. False: it is time to stop. */
static bool post(struct tui_lister *lister, const struct tui_processes *processes, int error)
{
	bool stop;

	tui_worker_lock(&lister->worker);
	stop = lister->worker.stop;
	tui_processes_deinit(&lister->ready);
	lister->ready = *processes;
	lister->error = error;
	lister->has_ready = true;
	tui_worker_tell(&lister->worker);
	tui_worker_unlock(&lister->worker);
	return !stop;
}

static void run(void *user)
{
	struct tui_lister *lister = user;
	uint64_t begin, cost;

	do {
		struct tui_processes processes = { 0 };
		int error;

		begin = vm_now_ns(CLOCK_MONOTONIC);
		error = tui_processes_read(&processes);
		cost = vm_now_ns(CLOCK_MONOTONIC) - begin;
		if (!post(lister, &processes, error))
			return;
	} while (tui_worker_rest(&lister->worker,
				 begin + (cost * DUTY > REFRESH_NS ? cost * DUTY : REFRESH_NS)));
}

int tui_lister_new(struct tui_lister **result)
{
	struct tui_lister *lister = calloc(1, sizeof(*lister));
	int r;

	if (!lister)
		return -ENOMEM;
	r = tui_worker_init(&lister->worker);
	if (r == 0)
		r = tui_worker_start(&lister->worker, run, destroy, lister);
	if (r < 0)
		destroy(lister);
	else
		*result = lister;
	return r;
}

struct tui_lister *tui_lister_free(struct tui_lister *lister)
{
	if (lister)
		tui_worker_end(&lister->worker);
	return NULL;
}

int tui_lister_fd(const struct tui_lister *lister)
{
	return lister->worker.event;
}

bool tui_lister_take(struct tui_lister *lister, struct tui_processes *processes, int *error)
{
	bool took;

	tui_worker_lock(&lister->worker);
	tui_worker_hush(&lister->worker);
	took = lister->has_ready;
	if (took) {
		*processes = lister->ready;
		*error = lister->error;
		lister->ready = (struct tui_processes){ 0 };
		lister->has_ready = false;
	}
	tui_worker_unlock(&lister->worker);
	return took;
}

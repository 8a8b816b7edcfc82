#include "watch.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "message.h"
#include "sources.h"
#include "status.h"
#include "vmview/clock.h"
#include "watch_recording.h"
#include "watch_story.h"

#define USUAL_INTERVAL UINT64_C(1000000000)

/* One process. */
struct watched {
	struct vm_source source;
	struct tui_reader reader;
	struct vm_snapshot *filling; /* by the reading under way */
	int pidfd; /* readable when it has ended; -1: none to be had, as of a thread */
	struct vm_story story;
};

struct watch {
	struct vm_teller teller;
	struct watched *items;
	size_t count;
	bool told_slowness; /* that the interval is longer than asked for */
};

static void fill(struct vm_snapshot *snapshot, void *user)
{
	struct watched *watched = user;

	watched->filling = snapshot;
}

static int add_mapping(const struct vm_mapping *mapping, void *user)
{
	struct watched *watched = user;

	return vm_snapshot_add(watched->filling, mapping);
}

static bool rest(void *user)
{
	(void)user;
	poll(NULL, 0, 5);
	return true;
}

/* What is visited is closed afterwards. Of a thread the process is watched, which goes on without it. */
static int open_again(const struct vm_visit *visit, struct vm_source *source)
{
	pid_t number = vm_process_number(&visit->process);

	if (number != visit->source->pid)
		return vm_source_open_process(number, source);
	return vm_source_copy(visit->source, source);
}

static int keep(struct vm_visit *visit, void *user)
{
	struct watch *watch = user;
	struct watched *items = reallocarray(watch->items, watch->count + 1, sizeof(*items));
	struct vm_source source = { 0 };
	int r = items ? open_again(visit, &source) : -ENOMEM;

	if (items)
		watch->items = items;
	if (r < 0) {
		vm_say(watch->teller.options->program, "%d: cannot watch it: %s",
		       (int)visit->source->pid, strerror(-r));
		return VM_EXIT_FAILURE;
	}
	items[watch->count++] = (struct watched){ .source = source };
	return VM_EXIT_OK;
}

static void watched_init(struct watched *watched)
{
	struct tui_reader_hooks hooks = { fill, add_mapping, rest, watched };

	watched->pidfd = (int)syscall(SYS_pidfd_open, watched->source.pid, 0);
	watched->story.source = &watched->source;
	tui_reader_init(&watched->reader, &watched->source, &hooks);
}

static void watched_deinit(struct watched *watched)
{
	tui_sample_deinit(&watched->story.last);
	tui_reader_deinit(&watched->reader);
	if (watched->pidfd >= 0)
		close(watched->pidfd);
	vm_source_close(&watched->source);
}

static int look_at(struct watch *watch, struct watched *watched)
{
	struct tui_sample sample;
	int r;

	tui_reader_read(&watched->reader, vm_watch_detail(watch->teller.options), &sample);
	r = vm_story_take(&watch->teller, &watched->story, &sample);
	tui_sample_deinit(&sample);
	return r;
}

static bool is_over(const struct watch *watch)
{
	for (size_t i = 0; i < watch->count; i++) {
		if (!watch->items[i].story.over)
			return false;
	}
	return true;
}

static int look_at_all(struct watch *watch)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < watch->count; i++) {
		if (!watch->items[i].story.over)
			r = look_at(watch, &watch->items[i]);
	}
	return r < 0 ? r : vm_watch_flush(&watch->teller.lines);
}

/* Its reader has gone: end as writing to it would. */
static int lose_output(void)
{
	raise(SIGPIPE);
	return -EPIPE;
}

/* The ends of processes are noticed at once. */
static int take_polled(struct watch *watch, const struct pollfd *polled)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < watch->count; i++) {
		if (polled[i].revents && !watch->items[i].story.over)
			r = vm_story_end(&watch->teller, &watch->items[i].story,
					 (int64_t)vm_now_ns(CLOCK_REALTIME));
	}
	if (r == 0)
		r = vm_watch_flush(&watch->teller.lines);
	if (r == 0 && polled[watch->count].revents & (POLLERR | POLLHUP))
		r = lose_output();
	return r;
}

static int wait_once(struct watch *watch, struct pollfd *polled, uint64_t left_ns)
{
	struct timespec left = vm_timespec_of(left_ns);

	for (size_t i = 0; i < watch->count; i++) {
		const struct watched *watched = &watch->items[i];

		polled[i] = (struct pollfd){ watched->story.over ? -1 : watched->pidfd, POLLIN, 0 };
	}
	polled[watch->count] = (struct pollfd){ fileno(watch->teller.lines.out), 0, 0 };
	if (ppoll(polled, watch->count + 1, &left, NULL) > 0)
		return take_polled(watch, polled);
	return 0;
}

/* Until @at_ns of the monotonic clock, or until nothing more is to come. */
static int wait_until(struct watch *watch, uint64_t at_ns)
{
	struct pollfd *polled = calloc(watch->count + 1, sizeof(*polled));
	uint64_t now_ns = vm_now_ns(CLOCK_MONOTONIC);
	int r = polled ? 0 : -ENOMEM;

	while (r == 0 && now_ns < at_ns && !is_over(watch)) {
		r = wait_once(watch, polled, at_ns - now_ns);
		now_ns = vm_now_ns(CLOCK_MONOTONIC);
	}
	free(polled);
	return r;
}

/* The interval, or where reading takes long so much more that it does not load the machine. */
static uint64_t pace(struct watch *watch, uint64_t cpu_ns)
{
	uint64_t asked = watch->teller.options->interval_ns ? watch->teller.options->interval_ns :
							      USUAL_INTERVAL;
	uint64_t interval = tui_pace(asked, cpu_ns);

	if (interval > asked && !watch->told_slowness) {
		vm_say_pace(watch->teller.options->program, cpu_ns, interval);
		watch->told_slowness = true;
	}
	return interval;
}

/* Nothing may change for long: whoever sits before it shall know that it has begun. */
static void greet(const struct watch *watch)
{
	const struct tui_sample *sample = &watch->items[0].story.last;
	const char *program = watch->teller.options->program;

	if (!isatty(STDERR_FILENO) || watch->teller.options->task != VM_TASK_WATCH ||
	    is_over(watch))
		return;
	if (watch->count > 1)
		vm_say(program, "watching %zu processes: a line for each change; Ctrl-C ends it",
		       watch->count);
	else
		vm_say(program,
		       "watching %d (%.*s), %zu mappings: a line for each change; Ctrl-C ends it",
		       (int)sample->process.pid, VM_TEXT(sample->process.comm),
		       sample->snapshot.count);
}

static int run(struct watch *watch)
{
	const struct vm_filter *filter = &watch->teller.options->selection.filter;
	int r = vm_watch_begin(&watch->teller.lines);
	bool first = true;

	/* That names could not be matched is said at the end, which is then now. */
	while (r == 0 && !is_over(watch) && !vm_filter_failed(filter)) {
		uint64_t begin = vm_now_ns(CLOCK_MONOTONIC);
		uint64_t cpu = vm_now_ns(CLOCK_PROCESS_CPUTIME_ID);

		r = look_at_all(watch);
		if (r < 0 || vm_teller_has_enough(&watch->teller, first))
			break;
		if (first)
			greet(watch);
		first = false;
		cpu = vm_now_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu;
		r = wait_until(watch, begin + pace(watch, cpu));
	}
	return r;
}

int vm_watch(const struct vm_options *options, FILE *out)
{
	struct watch watch = { .teller.options = options };
	int r;

	if (options->from)
		return vm_watch_recording(options, out);
	vm_watch_lines_init(&watch.teller.lines, options, out);
	watch.teller.status = vm_sources_visit(options, out, keep, &watch);
	for (size_t i = 0; i < watch.count; i++)
		watched_init(&watch.items[i]);
	watch.teller.lines.several = watch.count > 1;
	r = watch.count ? run(&watch) : 0;
	if (r < 0)
		watch.teller.status |= vm_output_failed(options, r);
	for (size_t i = 0; i < watch.count; i++)
		watched_deinit(&watch.items[i]);
	free(watch.items);
	vm_watch_lines_deinit(&watch.teller.lines);
	return watch.teller.status;
}

#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
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
#include "watch_line.h"

#define SECOND 1000000000

/* Length and bytes of a buffer, for "%.*s". */
#define TEXT(buf) (int)(buf).len, (buf).p ? (buf).p : ""

/* One process. */
struct watched {
	struct vm_source source;
	struct tui_reader reader;
	struct vm_snapshot *filling; /* by the reading under way */
	int pidfd;              /* readable when it has ended; -1: none to be had, as of a thread */
	struct tui_sample last; /* what the next reading is compared with */
	bool has_last;
	bool was_read;   /* at some time */
	bool unreadable; /* which has been said */
	bool over;       /* nothing more is to be told */
};

struct watch {
	const struct vm_options *options;
	struct vm_watch_lines lines;
	struct watched *items;
	size_t count;
	uint64_t reports;   /* so far */
	bool told_slowness; /* that the interval is longer than asked for */
	int status;
};

static int64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * SECOND + now.tv_nsec;
}

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

/* What is visited is closed afterwards. */
static int keep(struct vm_visit *visit, void *user)
{
	struct watch *watch = user;
	struct vm_source source = *visit->source;
	struct watched *items = reallocarray(watch->items, watch->count + 1, sizeof(*items));

	if (items)
		watch->items = items;
	source.fd = items ? fcntl(source.fd, F_DUPFD_CLOEXEC, 3) : -1;
	if (source.fd < 0) {
		vm_say(watch->options->program, "%d: cannot watch it: %s", (int)source.pid,
		       items ? strerror(errno) : "out of memory");
		return VM_EXIT_FAILURE;
	}
	items[watch->count++] = (struct watched){ .source = source };
	return VM_EXIT_OK;
}

static void watched_init(struct watched *watched)
{
	struct tui_reader_hooks hooks = { fill, add_mapping, rest, watched };

	watched->pidfd = (int)syscall(SYS_pidfd_open, watched->source.pid, 0);
	tui_reader_init(&watched->reader, &watched->source, &hooks);
}

static void watched_deinit(struct watched *watched)
{
	tui_sample_deinit(&watched->last);
	tui_reader_deinit(&watched->reader);
	if (watched->pidfd >= 0)
		close(watched->pidfd);
	vm_source_close(&watched->source);
}

/* Changes are told by maps alone, which is cheap; unless a filter asks for what only smaps has. */
static enum vm_detail detail_of(const struct vm_options *options)
{
	return options->task == VM_TASK_WATCH_SUMS ||
			       vm_filter_needs_smaps(&options->selection.filter) ?
		       VM_DETAIL_SMAPS :
		       VM_DETAIL_MAPS;
}

/* Says @reason and frees it. */
static void say_of(const struct watch *watch, const struct tui_sample *sample,
		   struct vm_buf *reason)
{
	const struct vm_process *process = &sample->process;

	vm_say(watch->options->program, "%d (%.*s): %.*s", (int)process->pid, TEXT(process->comm),
	       TEXT(*reason));
	vm_buf_deinit(reason);
}

/* Said once, until it can be read again. What could not be read from the first is not watched. */
static int take_failure(struct watch *watch, struct watched *watched,
			const struct tui_sample *sample)
{
	struct vm_buf reason = { 0 };

	if (sample->error == -ENOMEM)
		return -ENOMEM;
	if (!watched->unreadable) {
		vm_put_unreadable(&reason, &sample->process, sample->error, &sample->report);
		say_of(watch, sample, &reason);
	}
	watch->status |= VM_EXIT_FAILURE;
	watched->unreadable = true;
	watched->over |= !watched->was_read;
	watched->has_last = false;
	return 0;
}

/* What has no memory of its own will not get any; what has just begun will. */
static void take_nothing(struct watch *watch, struct watched *watched,
			 const struct tui_sample *sample)
{
	struct vm_buf reason = { 0 };

	if (watched->was_read || watched->unreadable)
		return;
	vm_put_empty(&reason, watch->options->program, &watched->source, &sample->process);
	say_of(watch, sample, &reason);
	watched->unreadable = true;
	watched->over = vm_process_is_kernel_thread(&sample->process);
}

static int end(struct watch *watch, struct watched *watched, int64_t realtime_ns)
{
	watched->over = true;
	return vm_watch_ended(&watch->lines, watched->source.pid, realtime_ns);
}

/* A whole reading of what can be read: @sample. */
static int tell(struct watch *watch, struct watched *watched, const struct tui_sample *sample)
{
	bool executed = watched->has_last && sample->program != watched->last.program;
	int r = executed ? vm_watch_executed(&watch->lines, sample) : 0;

	if (r < 0)
		return r;
	if (watch->options->task == VM_TASK_WATCH_SUMS)
		return vm_watch_sums(&watch->lines, sample);
	return watched->has_last && !executed ?
		       vm_watch_changes(&watch->lines, &watched->last, sample) :
		       0;
}

/* What could not be read is not gone, and what can be read again is not new. */
static int take(struct watch *watch, struct watched *watched, struct tui_sample *sample)
{
	int r;

	if (sample->gone)
		return end(watch, watched, sample->realtime_ns);
	if (sample->error)
		return take_failure(watch, watched, sample);
	if (!sample->snapshot.count) {
		take_nothing(watch, watched, sample);
		return 0;
	}
	r = tell(watch, watched, sample);
	tui_sample_deinit(&watched->last);
	watched->last = *sample;
	watched->has_last = watched->was_read = true;
	watched->unreadable = false;
	*sample = (struct tui_sample){ 0 };
	return r;
}

static int look_at(struct watch *watch, struct watched *watched)
{
	struct tui_sample sample;
	int r;

	tui_reader_read(&watched->reader, detail_of(watch->options), &sample);
	r = take(watch, watched, &sample);
	tui_sample_deinit(&sample);
	return r;
}

static bool is_over(const struct watch *watch)
{
	for (size_t i = 0; i < watch->count; i++) {
		if (!watch->items[i].over)
			return false;
	}
	return true;
}

static int look_at_all(struct watch *watch)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < watch->count; i++) {
		if (!watch->items[i].over)
			r = look_at(watch, &watch->items[i]);
	}
	return r < 0 ? r : vm_watch_flush(&watch->lines);
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
		if (polled[i].revents && !watch->items[i].over)
			r = end(watch, &watch->items[i], now_ns(CLOCK_REALTIME));
	}
	if (r == 0)
		r = vm_watch_flush(&watch->lines);
	if (r == 0 && polled[watch->count].revents & (POLLERR | POLLHUP))
		r = lose_output();
	return r;
}

static int wait_once(struct watch *watch, struct pollfd *polled, int64_t left_ns)
{
	struct timespec left = { (time_t)(left_ns / SECOND), (long)(left_ns % SECOND) };

	for (size_t i = 0; i < watch->count; i++) {
		const struct watched *watched = &watch->items[i];

		polled[i] = (struct pollfd){ watched->over ? -1 : watched->pidfd, POLLIN, 0 };
	}
	polled[watch->count] = (struct pollfd){ fileno(watch->lines.out), 0, 0 };
	if (ppoll(polled, watch->count + 1, &left, NULL) > 0)
		return take_polled(watch, polled);
	return 0;
}

/* Until @at_ns of the monotonic clock, or until nothing more is to come. */
static int wait_until(struct watch *watch, int64_t at_ns)
{
	struct pollfd *polled = calloc(watch->count + 1, sizeof(*polled));
	int64_t left_ns = at_ns - now_ns(CLOCK_MONOTONIC);
	int r = polled ? 0 : -ENOMEM;

	while (r == 0 && left_ns > 0 && !is_over(watch)) {
		r = wait_once(watch, polled, left_ns);
		left_ns = at_ns - now_ns(CLOCK_MONOTONIC);
	}
	free(polled);
	return r;
}

/* The interval, or where reading takes long so much more that it does not load the machine. */
static uint64_t pace(struct watch *watch, uint64_t cpu_ns)
{
	uint64_t asked = watch->options->interval_ns ? watch->options->interval_ns : SECOND;
	uint64_t interval = tui_pace(asked, cpu_ns);

	if (interval > asked && !watch->told_slowness) {
		vm_say(watch->options->program,
		       "a reading takes %" PRIu64 " ms of a processor: it is done every %" PRIu64
		       ".%" PRIu64 " s, so that it costs at most 5 %%",
		       cpu_ns / 1000000, interval / SECOND, interval % SECOND / (SECOND / 10));
		watch->told_slowness = true;
	}
	return interval;
}

/* With what was there at first nothing can be compared: that is no report. */
static bool has_enough(struct watch *watch, bool first)
{
	if (!first || watch->options->task == VM_TASK_WATCH_SUMS)
		watch->reports++;
	return watch->options->count && watch->reports >= watch->options->count;
}

/* Nothing may change for long: whoever sits before it shall know that it has begun. */
static void greet(const struct watch *watch)
{
	const struct tui_sample *sample = &watch->items[0].last;
	const char *program = watch->options->program;

	if (!isatty(STDERR_FILENO) || watch->options->task != VM_TASK_WATCH || is_over(watch))
		return;
	if (watch->count > 1)
		vm_say(program, "watching %zu processes: a line for each change; Ctrl-C ends it",
		       watch->count);
	else
		vm_say(program,
		       "watching %d (%.*s), %zu mappings: a line for each change; Ctrl-C ends it",
		       (int)sample->process.pid, TEXT(sample->process.comm),
		       sample->snapshot.count);
}

static int run(struct watch *watch)
{
	int r = vm_watch_begin(&watch->lines);
	bool first = true;

	while (r == 0 && !is_over(watch)) {
		int64_t begin = now_ns(CLOCK_MONOTONIC), cpu = now_ns(CLOCK_PROCESS_CPUTIME_ID);

		r = look_at_all(watch);
		if (r < 0 || has_enough(watch, first))
			break;
		if (first)
			greet(watch);
		first = false;
		cpu = now_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu;
		r = wait_until(watch, begin + (int64_t)pace(watch, (uint64_t)cpu));
	}
	return r;
}

int vm_watch(const struct vm_options *options, FILE *out)
{
	struct watch watch = { .options = options };
	int r;

	if (options->from) {
		vm_say(options->program,
		       "%s: what was saved does not change: --watch looks at processes, --diff "
		       "compares captures",
		       options->from);
		return VM_EXIT_FAILURE;
	}
	vm_watch_lines_init(&watch.lines, options, out);
	watch.status = vm_sources_visit(options, out, keep, &watch);
	for (size_t i = 0; i < watch.count; i++)
		watched_init(&watch.items[i]);
	watch.lines.several = watch.count > 1;
	r = watch.count ? run(&watch) : 0;
	if (r < 0)
		watch.status |= vm_output_failed(options, r);
	for (size_t i = 0; i < watch.count; i++)
		watched_deinit(&watch.items[i]);
	free(watch.items);
	vm_watch_lines_deinit(&watch.lines);
	return watch.status;
}

#include "record.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "message.h"
#include "status.h"
#include "target.h"
#include "tui/reader.h"
#include "vmview/clock.h"
#include "vmview/program.h"
#include "vmview/recorder.h"
#include "vmview/sample.h"
#include "vmview/size.h"

#define USUAL_INTERVAL UINT64_C(1000000000)

struct record {
	const struct vm_options *options;
	struct vm_source source;
	struct vm_recorder recorder;
	struct vm_program program;
	struct vm_frame frame; /* the last one */
	uint64_t written;      /* by this run */
	int pidfd, signals;
	int signal;         /* that ended it, or 0 */
	bool ended;         /* the process has */
	bool told_slowness; /* that frames are further apart than asked for */
	bool terminal;      /* standard error is one: progress is shown */
};

static void put_size(struct vm_buf *text, uint64_t bytes)
{
	vm_size_put(text, bytes, VM_SIZE_HUMAN);
}

/* "12 frames, 1.2M" */
static void put_extent(struct vm_buf *text, const struct record *record)
{
	vm_buf_put_dec(text, record->written, 0, ' ');
	vm_buf_put_text(text, record->written == 1 ? " frame" : " frames");
	vm_buf_put_text(text, ", file of ");
	put_size(text, record->recorder.end);
}

/* On the line that the last one stands on. */
static void show_progress(const struct record *record)
{
	struct vm_buf text = { 0 };

	if (!record->terminal)
		return;
	put_extent(&text, record);
	if (record->frame.has_rss) {
		vm_buf_put_text(&text, ", RSS ");
		put_size(&text, record->frame.rss);
	}
	fprintf(stderr, "\r%-60.*s\r", VM_TEXT(text));
	vm_buf_deinit(&text);
}

static void say_end(const struct record *record)
{
	struct vm_buf text = { 0 };

	if (!record->terminal)
		return;
	fprintf(stderr, "\r%-60s\r", "");
	put_extent(&text, record);
	vm_say(record->options->program, "%s: %.*s%s", record->options->record, VM_TEXT(text),
	       record->ended ? "; the process has ended" : "");
	vm_buf_deinit(&text);
}

static void say_cannot_open(const struct record *record, int r,
			    const struct vm_recording_fault *fault)
{
	const char *program = record->options->program, *path = record->options->record;

	if (r == -EBADMSG)
		vm_say(program, "%s: byte %" PRIu64 ": %s: nothing is written to it", path,
		       fault->offset, fault->reason);
	else if (r == -EINVAL)
		vm_say(program, "%s: it is not a regular file", path);
	else if (r == -EWOULDBLOCK)
		vm_say(program, "%s: somebody else is recording into it", path);
	else if (r == -EOPNOTSUPP)
		vm_say(program, "this vmview was built without recordings (zstd)");
	else
		vm_say(program, "'%s': cannot record into it: %s", path, strerror(-r));
}

static int say_failure(const struct record *record, int r)
{
	const char *program = record->options->program, *path = record->options->record;

	if (r == -EOVERFLOW)
		vm_say(program, "%d: it has more mappings than a recording can hold",
		       (int)record->source.pid);
	else
		vm_say(program, "%s: %s; what was recorded before is whole", path, strerror(-r));
	return VM_EXIT_FAILURE;
}

static bool open_file(struct record *record)
{
	struct vm_recording_fault fault = { 0 };
	int r = vm_recorder_open(record->options->record, &record->recorder, &fault);

	if (r < 0) {
		say_cannot_open(record, r, &fault);
		return false;
	}
	if (record->recorder.torn.reason)
		vm_say(record->options->program,
		       "%s: its last frame is not whole, from byte %" PRIu64
		       " on: it is written over",
		       record->options->record, record->recorder.torn.offset);
	return true;
}

/* Of what cannot be read once nothing more is to be had either. */
static int check_text(const struct record *record)
{
	struct vm_report report = { .entry = "smaps" };
	struct vm_process process = { .pid = record->source.pid };
	struct vm_buf reason = { 0 };
	int r;

	if (!record->frame.text_error)
		return VM_EXIT_OK;
	r = vm_sample_process(&record->source, &process);
	vm_put_unreadable(&reason, &process, r < 0 ? r : record->frame.text_error, &report);
	vm_say_of(record->options->program, &process, vm_buf_str(&reason));
	vm_buf_deinit(&reason);
	vm_process_deinit(&process);
	return VM_EXIT_FAILURE;
}

/* One frame. Returns an exit status. */
static int add_frame(struct record *record)
{
	int r = vm_sample_record(&record->source, VM_DETAIL_SMAPS, &record->program,
				 &record->recorder, &record->frame);

	if (r == -ESRCH)
		record->ended = true;
	/* It executes programs at the moment: the next time will do. */
	if (r == -ESRCH || r == -EAGAIN)
		return VM_EXIT_OK;
	if (r < 0)
		return say_failure(record, r);
	record->written++;
	show_progress(record);
	return check_text(record);
}

/* Until @until or until something comes that ends the recording. */
static void wait_until(struct record *record, uint64_t until)
{
	struct pollfd polled[] = {
		{ .fd = record->signals, .events = POLLIN },
		{ .fd = record->pidfd, .events = POLLIN },
	};
	uint64_t now = vm_now_ns(CLOCK_MONOTONIC);

	for (; now < until && !record->signal && !record->ended; now = vm_now_ns(CLOCK_MONOTONIC)) {
		struct timespec timeout = vm_timespec_of(until - now);
		struct signalfd_siginfo info;

		if (ppoll(polled, 2, &timeout, NULL) > 0) {
			if (polled[0].revents &&
			    read(record->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
				record->signal = (int)info.ssi_signo;
			record->ended |= polled[1].revents != 0;
		}
	}
}

/* Until the next frame: the interval, or more where reading takes long. */
static uint64_t pace(struct record *record, uint64_t cpu_ns)
{
	uint64_t asked = record->options->interval_ns;
	uint64_t interval;

	if (!asked)
		asked = USUAL_INTERVAL;
	interval = tui_pace(asked, cpu_ns);
	if (interval > asked && !record->told_slowness && record->terminal)
		vm_say_pace(record->options->program, cpu_ns, interval);
	record->told_slowness |= interval > asked;
	return interval;
}

static int record_frames(struct record *record)
{
	uint64_t end = vm_now_ns(CLOCK_MONOTONIC) + record->options->duration_ns;

	while (!record->ended && !record->signal) {
		uint64_t begun = vm_now_ns(CLOCK_MONOTONIC), next;
		uint64_t cpu = vm_now_ns(CLOCK_PROCESS_CPUTIME_ID);
		int status = add_frame(record);

		if (status != VM_EXIT_OK)
			return status;
		cpu = vm_now_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu;
		next = begun + pace(record, cpu);
		if (record->options->duration_ns && next > end) {
			wait_until(record, end);
			break;
		}
		wait_until(record, next);
	}
	return VM_EXIT_OK;
}

/* As under nohup(1). A signal that is blocked is told of all the same. */
static bool ignores_hangup(void)
{
	struct sigaction action;

	return sigaction(SIGHUP, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/*
 * A file that may not grow is an error like others, and what ends the recording comes through a descriptor. Without one
 * nobody could end it.
 */
static bool take_signals(struct record *record)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	if (!ignores_hangup())
		sigaddset(&ends, SIGHUP);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	signal(SIGXFSZ, SIG_IGN);
	record->signals = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
	if (record->signals < 0)
		vm_say(record->options->program, "cannot wait for signals: %s", strerror(errno));
	return record->signals >= 0;
}

static int record_into_file(struct record *record)
{
	int status, r;

	if (!open_file(record))
		return VM_EXIT_FAILURE;
	if (!take_signals(record)) {
		vm_recorder_close(&record->recorder);
		return VM_EXIT_FAILURE;
	}
	record->pidfd = (int)syscall(SYS_pidfd_open, record->source.pid, 0);
	status = record_frames(record);
	say_end(record);
	if (!record->written && record->ended && status == VM_EXIT_OK) {
		vm_say(record->options->program, "%d: it ended before it could be read",
		       (int)record->source.pid);
		status = VM_EXIT_NOT_FOUND;
	}
	r = vm_recorder_close(&record->recorder);
	if (r < 0 && status == VM_EXIT_OK)
		status = say_failure(record, r);
	close(record->signals);
	if (record->pidfd >= 0)
		close(record->pidfd);
	return status == VM_EXIT_OK && record->signal ? 128 + record->signal : status;
}

static int stop_at_first(const struct vm_mapping *mapping, void *user)
{
	(void)mapping;
	(void)user;
	return -ECANCELED;
}

/* Where there never will be anything to record no file is made. Returns the exit status, and has said why. */
static int check_process(const struct vm_options *options, const struct vm_source *source)
{
	struct vm_process process = { .pid = source->pid };
	struct vm_buf reason = { 0 };
	struct vm_report report;
	int known = vm_sample_process(source, &process);
	int r = vm_sample_stream(source, VM_DETAIL_MAPS, stop_at_first, NULL, &report);

	if (r == -EACCES || r == -EPERM)
		vm_put_unreadable(&reason, &process, r, &report);
	else if (known == 0 && r == 0 && vm_process_is_kernel_thread(&process))
		vm_put_empty(&reason, options->program, source, &process);
	if (reason.len)
		vm_say_of(options->program, &process, vm_buf_str(&reason));
	r = reason.len ? VM_EXIT_FAILURE : VM_EXIT_OK;
	vm_process_deinit(&process);
	vm_buf_deinit(&reason);
	return r;
}

static int record_process(const struct vm_options *options, const struct vm_target *target)
{
	struct record record = {
		.options = options,
		.program = VM_PROGRAM_NONE,
		.terminal = isatty(STDERR_FILENO),
	};
	int r = vm_target_open(target, &record.source);
	int status;

	if (r < 0)
		return vm_target_say_absent(options->program, target, r);
	status = check_process(options, &record.source);
	if (status == VM_EXIT_OK)
		status = record_into_file(&record);
	vm_program_deinit(&record.program);
	vm_source_close(&record.source);
	return status;
}

int vm_record(const struct vm_options *options)
{
	struct vm_targets targets = { 0 };
	int status = VM_EXIT_FAILURE;

	if (vm_targets_resolve(options, &targets)) {
		if (targets.count == 1)
			status = record_process(options, &targets.items[0]);
		else if (targets.count)
			vm_say(options->program,
			       "%zu processes are called '%s': a recording is of one, give its PID",
			       targets.count, options->targets[0]);
		else
			status = targets.status;
	}
	vm_targets_deinit(&targets);
	return status;
}

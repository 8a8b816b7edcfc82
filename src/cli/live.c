#include "live.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config.h"
#include "frames.h"
#include "launch.h"
#include "message.h"
#include "status.h"
#include "target.h"
#include "terminal.h"
#include "tui/picker.h"
#include "tui/view.h"
#include "vmview/recording.h"
#include "vmview/scan.h"

bool vm_wants_live(const struct vm_options *options)
{
	return !options->once && !options->text_only && isatty(STDOUT_FILENO) &&
	       options->target_count < 2;
}

struct live {
	const struct vm_options *options;
	struct tui_session session;
	struct tui_picker picker;
	struct tui_settings before; /* as the file has them */
};

/*
 * Large snapshots come and go: what is freed shall go back at once, whatever the size of what was
 * freed before.
 */
static void tame_malloc(void)
{
	mallopt(M_MMAP_THRESHOLD, 128 * 1024);
	mallopt(M_ARENA_MAX, 1);
}

static bool start_session(struct live *live)
{
	const struct vm_options *options = live->options;
	char note[200];
	struct tui_settings settings = live->before =
		vm_config_read(options->program, note, sizeof(note));
	struct tui_options tui = {
		.program = options->program,
		.mouse = !options->no_mouse,
		.ascii = options->ascii,
		.note = note,
		.colour = vm_terminal_depth(options->colour, stdout) != VM_DEPTH_NONE,
	};
	int r;

	if (options->interval_ns)
		settings.interval_ns = options->interval_ns;
	r = tui_session_init(&live->session, &tui, &settings);
	if (r == 0)
		return true;
	if (r == -ENOTTY)
		vm_say(options->program,
		       "the live view needs a terminal for its keys: standard input is none; "
		       "--once prints text");
	else
		vm_say(options->program,
		       "this terminal (TERM is '%s') cannot show the live view; --once prints text",
		       getenv("TERM") ? getenv("TERM") : "");
	return false;
}

static int view_process(struct live *live, pid_t pid, struct tui_view_options *options,
			enum tui_end *end)
{
	struct vm_source source = { 0 };
	int r = vm_source_open_process(pid, &source);

	if (r == 0)
		r = tui_view(&live->session, &source, options, end);
	vm_source_close(&source);
	return r;
}

/* Processes are chosen and looked at until somebody has seen enough. */
static int pick_and_view(struct live *live)
{
	enum tui_end end = TUI_END_BACK;
	int r = 0;

	while (end == TUI_END_BACK && r == 0) {
		struct tui_view_options options = { .has_picker = true };
		pid_t pid;

		r = tui_pick(&live->session, &live->picker, &pid);
		if (r < 0 || !pid)
			break;
		r = view_process(live, pid, &options, &end);
		/* It has gone since: the list will show that. */
		if (r == -ESRCH)
			r = 0;
	}
	return r;
}

static int finish(struct live *live, int r, int status)
{
	int signal = live->session.end_signal;

	tui_session_deinit(&live->session);
	tui_picker_deinit(&live->picker);
	if (r < 0) {
		vm_say(live->options->program, "the live view cannot go on: %s",
		       r == -ENODEV ? "there is no /proc here" : strerror(-r));
		return VM_EXIT_FAILURE;
	}
	/* An interval of the command line is for once. */
	if (live->options->interval_ns &&
	    live->session.settings.interval_ns == live->options->interval_ns)
		live->session.settings.interval_ns = live->before.interval_ns;
	vm_config_write(live->options->program, &live->before, &live->session.settings);
	return signal ? 128 + signal : status;
}

static void say_empty(const struct live *live, const struct vm_recording *recording)
{
	const char *path = live->options->from;

	if (recording->rest.reason)
		vm_say(live->options->program,
		       "%s: the recording has no whole frame: byte %" PRIu64 ": %s", path,
		       recording->rest.offset, recording->rest.reason);
	else
		vm_say(live->options->program, "%s: the recording has no frames yet", path);
}

static bool choose_frame(const struct vm_options *options, const struct vm_recording *recording,
			 size_t *frame)
{
	struct vm_buf reason = { 0 };
	bool found = vm_frames_choose(options->program, options->from, recording, options->frame,
				      frame, &reason);

	if (!found)
		vm_say(options->program, "%s: %.*s", options->from, (int)reason.len,
		       reason.p ? reason.p : "out of memory");
	vm_buf_deinit(&reason);
	return found;
}

static int view_recording(struct live *live, const struct vm_recording *recording)
{
	struct tui_view_options options = { .title = live->options->from, .recording = recording };
	enum tui_end end;

	if (!recording->count) {
		say_empty(live, recording);
		return VM_EXIT_FAILURE;
	}
	if (!choose_frame(live->options, recording, &options.frame))
		return VM_EXIT_FAILURE;
	if (!start_session(live))
		return VM_EXIT_FAILURE;
	return finish(live, tui_view(&live->session, NULL, &options, &end), VM_EXIT_OK);
}

/*
 * False: it is no recording, but perhaps a capture, whose lines begin otherwise. A pipe is not tried: whoever writes to it would
 * not like to be left.
 */
static bool live_recording(struct live *live, int *status)
{
	const char *path = live->options->from;
	struct vm_recording recording = { 0 };
	struct vm_recording_fault fault = { 0 };
	struct stat info;
	int r;

	if (stat(path, &info) < 0 || !S_ISREG(info.st_mode))
		return false;
	r = vm_recording_open(path, &recording, &fault);
	if (r == -EBADMSG && fault.offset) {
		vm_say(live->options->program, "%s: byte %" PRIu64 ": %s", path, fault.offset,
		       fault.reason);
		*status = VM_EXIT_FAILURE;
		return true;
	}
	if (r == -EOPNOTSUPP) {
		vm_say(live->options->program, "%s: %s", path, VM_NO_RECORDINGS);
		*status = VM_EXIT_FAILURE;
		return true;
	}
	if (r < 0)
		return false;
	*status = view_recording(live, &recording);
	vm_recording_close(&recording);
	return true;
}

static int live_saved(struct live *live)
{
	const char *path = live->options->from;
	struct tui_view_options options = { .title = path };
	struct vm_source source = { 0 };
	enum tui_end end;
	int r, status;

	if (strcmp(path, "-") == 0) {
		vm_say(live->options->program,
		       "the live view needs standard input for its keys; --once reads a capture from it");
		return VM_EXIT_FAILURE;
	}
	if (live_recording(live, &status))
		return status;
	if (live->options->frame) {
		vm_say(live->options->program,
		       "%s: it is not a recording: frames are of recordings", path);
		return VM_EXIT_FAILURE;
	}
	r = vm_source_open_saved(path, &source);
	if (r < 0) {
		vm_say(live->options->program, "%s: %s", path,
		       r == -EINVAL ? "it is neither a file nor a folder with a capture" :
				      strerror(-r));
		return VM_EXIT_FAILURE;
	}
	if (!start_session(live)) {
		vm_source_close(&source);
		return VM_EXIT_FAILURE;
	}
	r = tui_view(&live->session, &source, &options, &end);
	vm_source_close(&source);
	return finish(live, r, VM_EXIT_OK);
}

/* The status that a shell would tell. */
static int child_status(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Of the file for its output, or of the command itself. The status is that of shells. */
static int say_not_started(const struct vm_options *options, int error, bool of_output)
{
	vm_say(options->program, "%s: %s",
	       of_output && options->output ? options->output :
	       of_output                    ? "a file for its output" :
					      options->command[0],
	       strerror(-error));
	return of_output ? VM_EXIT_FAILURE : error == -ENOENT ? 127 : 126;
}

static int tell_end(const struct live *live, struct vm_launch *launch,
		    const struct tui_view_options *view, int status)
{
	const char *program = live->options->program;

	if (view->child_ended) {
		vm_say(program, "%d ended with status %d; its output is in %s", (int)launch->pid,
		       child_status(view->child_status), launch->output);
		return status | child_status(view->child_status);
	}
	vm_launch_end(launch);
	vm_say(program, "%d was still running and has been told to end; its output is in %s",
	       (int)launch->pid, launch->output);
	return status;
}

/* It executes when all is ready to look at it. */
static int watch_command(struct live *live, struct vm_launch *launch)
{
	struct tui_view_options view = {
		.child = launch->pid,
		.output = launch->output,
		.link = launch->link,
		.go = vm_launch_go,
	};
	enum tui_end end;
	int r = view_process(live, launch->pid, &view, &end);

	if (view.go_error) {
		tui_session_deinit(&live->session);
		vm_launch_forget(launch);
		return say_not_started(live->options, view.go_error, false);
	}
	return tell_end(live, launch, &view, finish(live, r, VM_EXIT_OK));
}

static int live_command(struct live *live)
{
	const struct vm_options *options = live->options;
	struct vm_launch launch;
	int status = VM_EXIT_FAILURE;
	bool of_output;
	int r = vm_launch_start(options->command, options->output, &launch, &of_output);

	if (r < 0)
		return say_not_started(options, r, of_output);
	if (start_session(live))
		status = watch_command(live, &launch);
	else
		vm_launch_forget(&launch);
	vm_launch_deinit(&launch);
	return status;
}

/* What vmview-demo left word of. */
struct word {
	const char *path;
	char text[96]; /* as it was read last */
};

/* Anything may stand in the file's place: only a regular file is read, and no more than there can be. */
static bool read_word(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	struct stat info;
	ssize_t n = -1;

	if (fd < 0)
		return false;
	memset(text, 0, size);
	if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size < (off_t)size)
		n = vm_read(fd, text, size - 1);
	close(fd);
	return n > 0;
}

/* `vmview-demo PID ADDRESS NUMBER`, the address in hexadecimal; the number makes each a new one. */
static bool parse_word(const char *text, pid_t *pid, uint64_t *address)
{
	struct vm_str rest = vm_str_from(text), name = VM_STR("vmview-demo ");
	uint64_t process, place, number;

	if (!vm_str_starts(rest, name))
		return false;
	rest = vm_str_skip(rest, name.len);
	if (!vm_scan_dec(&rest, &process) || !vm_scan_char(&rest, ' ') ||
	    !vm_scan_hex(&rest, &place) || !vm_scan_char(&rest, ' ') ||
	    !vm_scan_dec(&rest, &number) || !vm_str_equal(rest, VM_STR("\n")) ||
	    process > INT32_MAX)
		return false;
	*pid = (pid_t)process;
	*address = place;
	return true;
}

static bool next_word(void *user, pid_t *pid, uint64_t *address)
{
	struct word *word = user;
	char text[sizeof(word->text)];

	if (!read_word(word->path, text, sizeof(text)) ||
	    memcmp(text, word->text, sizeof(text)) == 0)
		return false;
	memcpy(word->text, text, sizeof(text));
	return parse_word(text, pid, address);
}

/* What can be said at once is not said on a screen of its own. Returns the exit status. */
static int open_target(const char *program, const struct vm_target *target,
		       struct vm_source *source)
{
	int r = vm_target_open(target, source);

	return r == 0 ? VM_EXIT_OK : vm_target_say_absent(program, target, r);
}

static int live_target(struct live *live)
{
	const struct vm_options *options = live->options;
	struct vm_targets targets = { 0 };
	struct vm_source source = { 0 };
	struct word word = { .path = options->follow_demo };
	struct tui_view_options view_options = {
		.follow = options->follow_demo ? next_word : NULL,
		.follow_user = &word,
	};
	enum tui_end end;
	int r = 0, status = VM_EXIT_OK;

	if (!vm_targets_resolve(options, &targets) || !targets.count)
		status = targets.status ? targets.status : VM_EXIT_FAILURE;
	else if (targets.count == 1)
		status = open_target(options->program, &targets.items[0], &source);
	if (status == VM_EXIT_OK && !start_session(live))
		status = VM_EXIT_FAILURE;
	if (status == VM_EXIT_OK && targets.count == 1) {
		r = tui_view(&live->session, &source, &view_options, &end);
	} else if (status == VM_EXIT_OK) {
		vm_buf_put_text(&live->picker.filter, options->targets[0]);
		r = pick_and_view(live);
	}
	vm_source_close(&source);
	vm_targets_deinit(&targets);
	return status == VM_EXIT_OK ? finish(live, r, VM_EXIT_OK) : status;
}

int vm_live(const struct vm_options *options)
{
	struct live live = { .options = options };

	tame_malloc();
	if (options->command)
		return live_command(&live);
	if (options->from)
		return live_saved(&live);
	if (options->target_count)
		return live_target(&live);
	if (!start_session(&live))
		return VM_EXIT_FAILURE;
	return finish(&live, pick_and_view(&live), VM_EXIT_OK);
}

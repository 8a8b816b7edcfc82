/*
 * fault TARGET FIXTURES PART PARTS: vmview again and again, each time with the next of its calls failing, then with every kind
 * of output that does not take what is written. Of its command lines each PARTS-th, from PART on (0 is the first).
 *
 * Promised of each: no signal, no finding of a sanitizer (leaks are), and an exit status of 0 only with all of the output; else
 * a sentence says why.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

#include "changing.h"
#include "runner.h"
#include "vmview/recording.h"

int __wrap_main(int argc, char **argv);

enum content {
	CONTENT_SAME,    /* the same whenever it is written */
	CONTENT_LIVE,    /* numbers that the kernel counts anew */
	CONTENT_METRICS, /* the same, or a number that says that they are missing */
	CONTENT_FRAME,   /* a recording, of one frame */
	CONTENT_STORY    /* a recording, of a frame before and one after a change */
};

#define RECORD "--record NEW PID"
#define RECORD_STORY "--record NEW --interval 60 --for 90 CHANGING"

/* Whatever waits for a signal has it then. */
static void end_soon(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0 || raise(SIGTERM) != 0)
		err(1, "cannot raise a signal");
}

/*
 * Command lines: a format is a line. PID is a process in a known state, CHANGING one that changes while vmview waits, NEW a
 * file that is not there, TAPE and STORY are recordings of the two, the others lie among the fixtures.
 */
static const struct command {
	const char *words;
	enum content content;
} commands[] = {
	{ "--once --from kinds", CONTENT_SAME },
	{ "--once -x --from kinds", CONTENT_SAME },
	{ "--once -d -p --from kinds", CONTENT_SAME },
	{ "--once -X --from future", CONTENT_SAME },
	{ "--once -XX -q -k --from kinds", CONTENT_SAME },
	{ "--once -C ../golden/input/rc --from kinds", CONTENT_SAME },
	{ "--once --color=always --from mips/maps", CONTENT_SAME },
	{ "--once PID", CONTENT_SAME },
	{ "--once -d PID", CONTENT_SAME },
	{ "--once -x PID", CONTENT_LIVE },
	{ "--once -XX PID", CONTENT_LIVE },
	{ "-o +uss,vm_flags --from kinds", CONTENT_SAME },
	{ "-o all -H --no-headings --from kinds/smaps", CONTENT_SAME },
	{ "--csv -o all --from kinds", CONTENT_SAME },
	{ "--once -x --filter kind:data --sort rss --match .so --from kinds", CONTENT_SAME },
	{ "--json --from kinds", CONTENT_SAME },
	{ "--json -o path,rss --from names", CONTENT_SAME },
	{ "--json --sort rss --from future", CONTENT_SAME },
	{ "--ndjson --from kinds/smaps", CONTENT_SAME },
	{ "--json PID", CONTENT_LIVE },
	{ "-o +rss PID", CONTENT_LIVE },
	{ "--csv PID", CONTENT_LIVE },
	{ "--summary --from limits", CONTENT_SAME },
	{ "--summary PID", CONTENT_LIVE },
	{ "--summary --csv --sort size PID", CONTENT_LIVE },
	{ "--summary --json --from limits", CONTENT_SAME },
	{ "--group file --from limits", CONTENT_SAME },
	{ "--group file --json --from names", CONTENT_SAME },
	{ "--group kind --json PID", CONTENT_LIVE },
	{ "--group perms --csv PID", CONTENT_LIVE },
	{ "--openmetrics --from limits", CONTENT_SAME },
	{ "--openmetrics PID", CONTENT_METRICS },
	{ "--diff kinds sleep", CONTENT_SAME },
	{ "--diff --json --by address -o rss sleep kinds", CONTENT_SAME },
	{ "--diff --kind heap sleep PID", CONTENT_LIVE },
	{ "--watch --summary --count 1 PID", CONTENT_LIVE },
	{ "--watch --summary --count 1 --json --perms r PID", CONTENT_LIVE },
	{ "--watch --interval 60 --count 1 CHANGING", CONTENT_LIVE },
	{ "--watch --interval 60 --count 1 --json --filter name:goes CHANGING", CONTENT_LIVE },
	{ "--watch --from STORY", CONTENT_SAME },
	{ "--watch --json --match goes --from STORY", CONTENT_SAME },
	{ "-N NEW", CONTENT_SAME },
	{ RECORD, CONTENT_FRAME },
	{ RECORD_STORY, CONTENT_STORY },
	{ "--once --from TAPE", CONTENT_SAME },
	{ "--json --frame 1 --from TAPE", CONTENT_SAME },
	{ "--diff --json TAPE kinds", CONTENT_SAME },
};

/* What happens to the calls of a command, to one after the other. */
static const struct plan {
	const char *name;
	enum fault_class class;
	int error;
	bool each;     /* to all calls at once instead */
	bool lasting;  /* to all that come after it, too */
	bool harmless; /* nothing is lost by it */
	bool spoken;   /* status 0 is right, if it is told what is missing */
} plans[] = {
	{ "no memory", FAULT_MEMORY, .error = ENOMEM },
	{ "no memory any more", FAULT_MEMORY, .error = ENOMEM, .lasting = true },
	{ "open fails, EACCES", FAULT_OPEN, .error = EACCES },
	{ "open fails, EMFILE", FAULT_OPEN, .error = EMFILE },
	{ "no descriptor any more", FAULT_OPEN, .error = EMFILE, .lasting = true },
	{ "stat fails, EIO", FAULT_LOOK, .error = EIO },
	{ "readdir fails, EIO", FAULT_LIST, .error = EIO },
	{ "read fails, EIO", FAULT_READ, .error = EIO },
	{ "read fails, ENOMEM", FAULT_READ, .error = ENOMEM },
	{ "read tells that it ended", FAULT_READ, .error = ESRCH, .spoken = true },
	{ "read is interrupted", FAULT_READ, .error = EINTR, .harmless = true },
	{ "read is short", FAULT_SHORT, .harmless = true },
	{ "every read is short", FAULT_SHORT, .each = true, .harmless = true },
	{ "disk is full for one write", FAULT_WRITE, .error = ENOSPC },
	{ "disk is full for what is kept", FAULT_SAVE, .error = ENOSPC },
	{ "write of what is kept is interrupted", FAULT_PUT, .error = EINTR, .harmless = true },
	{ "write of what is kept is short", FAULT_PUT_SHORT, .harmless = true },
	{ "every write of what is kept is short", FAULT_PUT_SHORT, .each = true, .harmless = true },
};

/* The child, before it begins. */
static void (*preparation(const struct command *command))(void)
{
	return command->content == CONTENT_FRAME ? end_soon : NULL;
}

/* With which it ends where nothing fails. */
static int good_status(const struct command *command)
{
	return command->content == CONTENT_FRAME ? 128 + SIGTERM : 0;
}

static struct {
	int count, failed;
} tap;

static void tell(bool good, const char *command, const char *what)
{
	tap.count++;
	tap.failed += !good;
	printf("%s %d - vmview %s: %s\n", good ? "ok" : "not ok", tap.count, command, what);
	fflush(stdout);
}

static void show(const char *what, const struct vm_buf *text)
{
	struct vm_str rest = vm_buf_str(text);

	while (rest.len) {
		size_t end = vm_str_find(rest, '\n');

		printf("# %s: %.*s\n", what, (int)end, rest.p);
		rest = vm_str_skip(rest, end + 1);
	}
}

static size_t count_lines(struct vm_str text)
{
	size_t lines = 0;

	for (size_t i = 0; i < text.len; i++)
		lines += text.p[i] == '\n';
	return lines;
}

/* So many whole frames, with all mappings. */
static bool has_frames(const char *path, size_t count)
{
	struct vm_recording recording = { 0 };
	struct vm_recording_fault fault;
	bool good;

	if (vm_recording_open(path, &recording, &fault) < 0)
		return false;
	good = recording.count == count && !recording.rest.reason;
	for (size_t i = 0; good && i < count; i++)
		good = !recording.frames[i].text_error && recording.frames[i].mappings;
	vm_recording_close(&recording);
	return good;
}

static bool is_all(const struct bench *bench, const struct command *command,
		   const struct outcome *outcome, const struct outcome *reference)
{
	struct vm_str out = vm_buf_str(&outcome->out), wanted = vm_buf_str(&reference->out);

	switch (command->content) {
	case CONTENT_SAME:
		return vm_str_equal(out, wanted);
	case CONTENT_LIVE:
	case CONTENT_METRICS:
		return count_lines(out) == count_lines(wanted);
	case CONTENT_FRAME:
		return has_frames(bench->new_file, 1);
	case CONTENT_STORY:
		return has_frames(bench->new_file, 2);
	}
	return false;
}

/* Nothing more can be written: on a full disk, or without any memory for it. */
static bool breaks_off(const struct plan *plan)
{
	return plan->class == FAULT_WRITE || (plan->class == FAULT_MEMORY && plan->lasting);
}

/* Whatever is missing, what is there can be read: unless it had to break off, or nothing at all was written. */
static bool is_readable(const struct command *command, const struct plan *plan,
			const struct outcome *outcome)
{
	json_error_t error;
	json_t *document;

	if (!strstr(command->words, "--json") || breaks_off(plan) || !outcome->out.len)
		return true;
	document = json_loadb(outcome->out.p, outcome->out.len, JSON_REJECT_DUPLICATES, &error);
	if (!document)
		printf("# no JSON: line %d: %s\n", error.line, error.text);
	json_decref(document);
	return document;
}

/* Whoever reads it sees that something is missing. */
static bool is_told(const struct outcome *outcome)
{
	return vm_str_starts(vm_buf_str(&outcome->err), VM_STR("vmview: ")) &&
	       outcome->err.p[outcome->err.len - 1] == '\n';
}

/* Only where writing failed the output is to blame, and nothing is called nothing. */
static bool is_sensible(const struct outcome *outcome, const struct plan *plan)
{
	struct vm_str said = vm_buf_str(&outcome->err);

	if (plan->class != FAULT_WRITE && vm_str_contains(said, VM_STR("standard output")))
		return false;
	return !vm_str_contains(said, VM_STR("()")) && !vm_str_contains(said, VM_STR("(null)"));
}

/* That it ended is what some are run for: it stands in the output, or there it ends. */
static bool tells_the_end(const struct bench *bench, const struct command *command,
			  const struct outcome *outcome)
{
	struct vm_str out = vm_buf_str(&outcome->out);

	if (command->content == CONTENT_STORY)
		return has_frames(bench->new_file, 1);
	return vm_str_ends(out, VM_STR("the process has ended\n")) ||
	       vm_str_ends(out, VM_STR("\"event\":\"ended\"}\n"));
}

static bool is_good(const struct bench *bench, const struct command *command,
		    const struct plan *plan, const struct outcome *outcome,
		    const struct outcome *reference)
{
	if (!outcome_is_orderly(outcome) || !is_readable(command, plan, outcome) ||
	    !is_sensible(outcome, plan))
		return false;
	if (!outcome->struck || plan->harmless)
		return outcome->status == reference->status &&
		       is_all(bench, command, outcome, reference);
	if (!outcome_exited(outcome, good_status(command)))
		return is_told(outcome);
	return is_all(bench, command, outcome, reference) ||
	       ((plan->spoken || command->content == CONTENT_METRICS) && is_told(outcome)) ||
	       (plan->spoken && tells_the_end(bench, command, outcome));
}

static void report(const struct fault *fault, const struct outcome *outcome,
		   const struct outcome *reference)
{
	printf("# call %u: status %#x, without it %#x\n", fault->at, (unsigned)outcome->status,
	       (unsigned)reference->status);
	show("said", &outcome->err);
	if (outcome->out.len != reference->out.len)
		printf("# %zu bytes written instead of %zu\n", outcome->out.len,
		       reference->out.len);
	if (getenv("FAULT_VERBOSE"))
		show("wrote", &outcome->out);
}

static void carry_out(const struct bench *bench, const struct command *command,
		      const struct plan *plan, const struct outcome *reference)
{
	struct fault fault = { .class = plan->class,
			       .at = !plan->each,
			       .lasting = plan->lasting,
			       .error = plan->error };
	bool struck = true, good = true;
	char what[80];

	while (struck) {
		struct outcome outcome =
			bench_run(bench, command->words, fault, preparation(command));

		if (!is_good(bench, command, plan, &outcome, reference)) {
			report(&fault, &outcome, reference);
			good = false;
		}
		struck = outcome.struck && !plan->each;
		outcome_deinit(&outcome);
		fault.at += struck;
	}
	/* None at all: the calls go past the linker. */
	good &= plan->class != FAULT_MEMORY || fault.at > 1;
	snprintf(what, sizeof(what), "%s (%u)", plan->name, plan->each ? 1 : fault.at - 1);
	tell(good, command->words, what);
}

static void check_faults(const struct bench *bench, const struct command *command)
{
	struct outcome reference =
		bench_run(bench, command->words, (struct fault){ 0 }, preparation(command));

	tell(outcome_exited(&reference, good_status(command)) &&
		     is_all(bench, command, &reference, &reference),
	     command->words, "nothing fails");
	for (size_t i = 0; i < COUNT(plans); i++)
		carry_out(bench, command, &plans[i], &reference);
	outcome_deinit(&reference);
}

/* Standard output */

static void take_output(int fd)
{
	if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0)
		err(1, "standard output");
	close(fd);
}

static void fill_disk(void)
{
	take_output(open("/dev/full", O_WRONLY));
}

static void close_output(void)
{
	close(STDOUT_FILENO);
}

static void leave_pipe(void)
{
	int ends[2];

	if (pipe(ends) < 0)
		err(1, "pipe");
	close(ends[0]);
	take_output(ends[1]);
}

static void leave_pipe_quietly(void)
{
	signal(SIGPIPE, SIG_IGN);
	leave_pipe();
}

/* The first write is short, the next one fails. */
static void limit_size(void)
{
	struct rlimit limit = { 60, 60 };

	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) < 0)
		err(1, "setrlimit");
}

static const struct output {
	const char *name;
	void (*prepare)(void);
	int status; /* as waitpid() tells it */
	bool told;
} outputs[] = {
	{ "the disk is full", fill_disk, 1 << 8, true },
	{ "standard output is closed", close_output, 1 << 8, true },
	{ "the file may not grow", limit_size, 1 << 8, true },
	{ "the reader has gone", leave_pipe, SIGPIPE, false },
	{ "the reader has gone, SIGPIPE is ignored", leave_pipe_quietly, 0, false },
};

static void check_outputs(const struct bench *bench, const char *words)
{
	for (size_t i = 0; i < COUNT(outputs); i++) {
		struct outcome outcome =
			bench_run(bench, words, (struct fault){ 0 }, outputs[i].prepare);
		bool said = outputs[i].told ? is_told(&outcome) &&
						      count_lines(vm_buf_str(&outcome.err)) == 1 :
					      outcome.err.len == 0;
		bool good = outcome.status == outputs[i].status && said;

		if (!good) {
			printf("# status %#x\n", (unsigned)outcome.status);
			show("said", &outcome.err);
		}
		tell(good, words, outputs[i].name);
		outcome_deinit(&outcome);
	}
}

/* Which processes there are is not known where /proc cannot be listed: not that there is none of the name. */
static void check_listing(const struct bench *bench)
{
	struct fault fault = { .class = FAULT_LIST, .at = 1, .error = EIO };
	struct outcome fine = bench_run(bench, "--once NAME", (struct fault){ 0 }, NULL);
	struct outcome outcome = bench_run(bench, "--once NAME", fault, NULL);

	tell(outcome_exited(&fine, 0), "--once NAME", "nothing fails");
	tell(outcome_exited(&outcome, 1) && is_told(&outcome), "--once NAME",
	     "the list of processes cannot be read");
	outcome_deinit(&fine);
	outcome_deinit(&outcome);
}

/* What is wrong is told even where the memory ends in the middle of the sentence. */
static void check_sentence(const struct bench *bench)
{
	struct fault fault = { .class = FAULT_MEMORY, .lasting = true };
	bool struck = true, good = true;

	while (struck) {
		struct outcome outcome;

		fault.at++;
		outcome = bench_run(bench, "--once kinds/nobody", fault, NULL);
		struck = outcome.struck;
		good &= outcome_is_orderly(&outcome) && !outcome_exited(&outcome, 0) &&
			is_told(&outcome);
		outcome_deinit(&outcome);
	}
	tell(good && fault.at > 1, "--once kinds/nobody", "no memory any more, and it is told");
}

/* Starts `TARGET plain` under a name of its own. It says `ready PID`, stops, and dies with us. */
static void start_target(const char *path, struct bench *bench)
{
	char line[sizeof("ready ") + sizeof(bench->pid) - 1] = "", link[64];
	int ends[2];
	pid_t pid;

	snprintf(bench->name, sizeof(bench->name), "fault-%d", (int)getpid());
	snprintf(link, sizeof(link), "/tmp/%s", bench->name);
	if (symlink(path, link) < 0 || pipe2(ends, O_CLOEXEC) < 0 || (pid = fork()) < 0)
		err(1, "cannot start %s", path);
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		execl(link, link, "plain", NULL);
		_exit(127);
	}
	close(ends[1]);
	if (read(ends[0], line, sizeof(line) - 1) < 7 || waitpid(pid, NULL, WUNTRACED) != pid)
		errx(1, "%s has not begun", path);
	close(ends[0]);
	unlink(link);
	line[strcspn(line, "\n")] = '\0';
	snprintf(bench->pid, sizeof(bench->pid), "%s", line + strlen("ready "));
}

static void start_changing(struct bench *bench)
{
	struct outcome outcome;

	snprintf(bench->changing, sizeof(bench->changing), "%d", (int)changing_start());
	bench->meanwhile = changing_change;
	outcome = bench_run(bench, "--watch --count 1 CHANGING", (struct fault){ 0 }, NULL);
	/* Some C libraries have other names for the call. */
	bench->can_wait = bench->fault->waited;
	if (!bench->can_wait)
		printf("# passed over: what changes, as waiting goes past the linker here\n");
	outcome_deinit(&outcome);
}

/* @path: of the recording that `vmview WORDS` makes. */
static void keep_recording(const struct bench *bench, const char *words, void (*prepare)(void),
			   const char *path)
{
	struct outcome outcome = bench_run(bench, words, (struct fault){ 0 }, prepare);

	outcome_deinit(&outcome);
	if (rename(bench->new_file, path) < 0)
		err(1, "%s", bench->new_file);
}

static void make_recordings(struct bench *bench)
{
	snprintf(bench->tape, sizeof(bench->tape), "%s.tape", bench->new_file);
	snprintf(bench->story, sizeof(bench->story), "%s.story", bench->new_file);
	keep_recording(bench, RECORD, end_soon, bench->tape);
	if (bench->can_wait)
		keep_recording(bench, RECORD_STORY, NULL, bench->story);
}

static bool has_word(const struct command *command, const char *word)
{
	return strstr(command->words, word);
}

/* By this build, as it may be without recordings. */
static bool can_carry_out(const struct bench *bench, const struct command *command)
{
	if (!bench->can_wait && (has_word(command, "CHANGING") || has_word(command, "STORY")))
		return false;
	return vm_recording_supported() ||
	       (!has_word(command, "TAPE") && !has_word(command, "STORY") &&
		!has_word(command, "--record"));
}

static void check_commands(const struct bench *bench, size_t part, size_t parts)
{
	for (size_t i = part; i < COUNT(commands); i += parts) {
		if (!can_carry_out(bench, &commands[i]))
			continue;
		check_faults(bench, &commands[i]);
		if (!strstr(commands[i].words, "NEW"))
			check_outputs(bench, commands[i].words);
	}
}

int __wrap_main(int argc, char **argv)
{
	char *target = argc == 5 ? realpath(argv[1], NULL) : NULL;
	struct bench bench;

	if (!target || chdir(argv[2]) < 0 || atoi(argv[3]) < 0 || atoi(argv[4]) < 1)
		errx(1, "usage: fault TARGET FIXTURES PART PARTS");
	bench_init(&bench);
	start_target(target, &bench);
	free(target);
	start_changing(&bench);
	if (vm_recording_supported())
		make_recordings(&bench);
	check_listing(&bench);
	check_sentence(&bench);
	check_commands(&bench, (size_t)atoi(argv[3]), (size_t)atoi(argv[4]));
	printf("1..%d\n", tap.count);
	kill((pid_t)atoi(bench.pid), SIGKILL);
	kill((pid_t)atoi(bench.changing), SIGKILL);
	bench_deinit(&bench);
	return tap.failed > 0;
}

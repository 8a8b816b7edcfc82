/*
 * A command line, one word a line, the program's name first: it is understood, or refused with a sentence, and nothing at all
 * is opened or signalled.
 */
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/message.h"
#include "cli/options.h"
#include "cli/status.h"
#include "fuzz.h"
#include "tui/settings.h"

#define WORD_LIMIT 40

/* What the functions below see; the linker brings them the calls of the program (--wrap). */
static struct {
	bool parsing, terminal;
	size_t sentences;
	uint64_t hash;
} seen;

int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
int __real_openat64(int fd, const char *path, int flags, ...);
int __wrap_openat64(int fd, const char *path, int flags, ...);
int __real_kill(pid_t pid, int signal);
int __wrap_kill(pid_t pid, int signal);
int __real_isatty(int fd);
int __wrap_isatty(int fd);

int __wrap_open64(const char *path, int flags, ...)
{
	promise(!seen.parsing);
	return __real_open64(path, flags, 0600);
}

int __wrap_openat64(int fd, const char *path, int flags, ...)
{
	promise(!seen.parsing);
	return __real_openat64(fd, path, flags, 0600);
}

int __wrap_kill(pid_t pid, int signal)
{
	promise(!seen.parsing);
	return __real_kill(pid, signal);
}

int __wrap_isatty(int fd)
{
	return seen.parsing ? seen.terminal : __real_isatty(fd);
}

/* In the place of that of message.c, which makes what it is given safe. */
void vm_say(const char *program, const char *format, ...)
{
	char *sentence = NULL;
	va_list arguments;
	int len;

	promise(program && program[0]);
	va_start(arguments, format);
	len = vasprintf(&sentence, format, arguments);
	va_end(arguments);
	promise(len > 0);
	seen.sentences++;
	seen.hash ^= fuzz_hash(vm_str_from(sentence));
	free(sentence);
}

struct line {
	char *words[WORD_LIMIT + 1];
	int count;
};

static char *copy_word(struct vm_str word)
{
	char *copy = malloc(word.len + 1);

	promise(copy);
	if (word.len)
		memcpy(copy, word.p, word.len);
	copy[word.len] = '\0';
	return copy;
}

static struct line split(struct vm_str text)
{
	struct line line = { 0 };

	do
		line.words[line.count++] = copy_word(fuzz_take_until(&text, '\n'));
	while (text.len && line.count < WORD_LIMIT);
	return line;
}

static void line_deinit(struct line *line)
{
	for (int i = 0; i < line->count; i++)
		free(line->words[i]);
}

/* getopt_long() moves words, but makes up none. */
static bool is_word(const struct line *line, const char *word)
{
	for (int i = 0; i < line->count; i++) {
		if (line->words[i] == word)
			return true;
	}
	return false;
}

static void check_help(const struct vm_options *options)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	promise(out);
	vm_options_help(options, out);
	promise(fclose(out) == 0);
	fuzz_promise_safe((struct vm_str){ text, len });
	free(text);
}

static void check_words(const struct line *line, const struct vm_options *options)
{
	promise(options->target_count >= 0 && options->target_count < line->count + !line->count);
	for (int i = 0; i < options->target_count; i++)
		promise(is_word(line, options->targets[i]));
	promise(!options->command || is_word(line, options->command[0]));
	promise(!options->command || (!options->target_count && !options->from));
	promise(!options->from || !options->target_count);
	promise(!options->output || options->command);
	promise(options->task != VM_TASK_DIFF || options->target_count == 2);
	promise(!options->count || options->task == VM_TASK_WATCH ||
		options->task == VM_TASK_WATCH_SUMS);
	promise((options->rc != VM_RC_READ_FILE && options->rc != VM_RC_CREATE_FILE) ||
		options->rc_path);
}

static void check_options(const struct line *line, const struct vm_options *options)
{
	promise(options->program && options->program[0]);
	if (options->request == VM_REQUEST_HELP)
		check_help(options);
	if (options->request != VM_REQUEST_SHOW)
		return;
	check_words(line, options);
	promise(options->format <= VM_PMAP_CHOSEN && options->colour <= VM_COLOUR_NEVER);
	promise(!options->interval_ns || (options->interval_ns >= TUI_INTERVAL_MIN_NS &&
					  options->interval_ns <= TUI_INTERVAL_MAX_NS));
	promise(!options->as_pmap || options->once);
	promise(options->column_count <= VM_COLUMNS_MAX);
	for (size_t i = 0; i < options->column_count; i++)
		promise(options->columns[i] < VM_COLUMN_COUNT);
}

/* Its status. */
static int parse(struct vm_str text, bool terminal)
{
	struct line line = split(text);
	struct vm_options options;
	int status;

	seen.sentences = 0;
	seen.hash = 0;
	seen.terminal = terminal;
	optind = 0; /* begin anew */
	seen.parsing = true;
	status = vm_options_parse(line.count, line.words, &options);
	seen.parsing = false;
	promise(status == VM_EXIT_OK || status == VM_EXIT_FAILURE || status == VM_EXIT_USAGE);
	if (status == VM_EXIT_OK)
		check_options(&line, &options);
	else
		promise(seen.sentences);
	vm_options_deinit(&options);
	line_deinit(&line);
	return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct vm_str text = fuzz_str(bytes, size < 4096 ? size : 4096);

	for (int terminal = 0; terminal < 2; terminal++) {
		int status = parse(text, terminal);
		uint64_t hash = seen.hash;

		promise(parse(text, terminal) == status && seen.hash == hash);
	}
	return 0;
}

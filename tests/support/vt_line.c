#include "vt_driver.h"

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct vt_command *find_in(const struct vt_command *table, const char *name,
					size_t len)
{
	for (; table->name; table++) {
		if (strlen(table->name) == len && memcmp(table->name, name, len) == 0)
			return table;
	}
	return NULL;
}

static const struct vt_command *find_command(const char *name, size_t len, bool *needs_program)
{
	const struct vt_command *const tables[] = { vt_setup_commands, vt_act_commands,
						    vt_wait_commands, vt_expect_commands };

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		const struct vt_command *found = find_in(tables[i], name, len);

		*needs_program = tables[i] != vt_setup_commands;
		if (found)
			return found;
	}
	return NULL;
}

bool vt_number(const char *word, int *number)
{
	char *end;
	long value = strtol(word, &end, 10);

	if (end == word || *end || value < -1000000 || value > 1000000)
		return false;
	*number = (int)value;
	return true;
}

/* glibc knows names of signals, others do not. */
static const struct {
	const char *name;
	int number;
} signals[] = {
	/* clang-format off */
	{ "HUP", SIGHUP }, { "INT", SIGINT }, { "QUIT", SIGQUIT }, { "ABRT", SIGABRT },
	{ "KILL", SIGKILL }, { "SEGV", SIGSEGV }, { "BUS", SIGBUS }, { "PIPE", SIGPIPE },
	{ "ALRM", SIGALRM }, { "TERM", SIGTERM }, { "USR1", SIGUSR1 }, { "USR2", SIGUSR2 },
	{ "CHLD", SIGCHLD }, { "CONT", SIGCONT }, { "STOP", SIGSTOP }, { "TSTP", SIGTSTP },
	{ "TTIN", SIGTTIN }, { "TTOU", SIGTTOU }, { "WINCH", SIGWINCH },
	/* clang-format on */
};

int vt_signal_number(const char *name)
{
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		if (strcmp(signals[i].name, name) == 0)
			return signals[i].number;
	}
	return 0;
}

const char *vt_signal_name(int number)
{
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		if (signals[i].number == number)
			return signals[i].name;
	}
	return "?";
}

/* "3 text", where -1 is the last row. */
static const char *take_row(struct vt_driver *driver, const char *text, struct vt_args *args)
{
	char *end;
	long row = strtol(text, &end, 10);
	int rows = driver->terminal.vt ? driver->terminal.rows : driver->rows;

	if (end == text || (*end && *end != ' ') || row == 0 || row > rows || row < -rows)
		return NULL;
	args->number = (int)(row > 0 ? row - 1 : rows + row);
	while (*end == ' ')
		end++;
	return end;
}

static enum vt_verdict read_words(struct vt_driver *driver, const struct vt_command *command,
				  const char *rest, struct vt_args *args)
{
	char *wrong = vt_args_split(rest, &args->words);

	if (wrong) {
		vt_wrong(driver, "%s", wrong);
		free(wrong);
		return VT_WRONG;
	}
	if (args->words.count < command->min || args->words.count > command->max)
		return vt_wrong(driver, "%s takes other arguments", command->name);
	return VT_PASS;
}

static enum vt_verdict read_text(struct vt_driver *driver, const struct vt_command *command,
				 const char *rest, struct vt_args *args)
{
	char *unknown;

	if (command->form == VT_ARGS_ROW_TEXT) {
		rest = take_row(driver, rest, args);
		if (!rest)
			return vt_wrong(driver, "%s: there is no such row", command->name);
	}
	if (command->min > 0 && *rest == '\0')
		return vt_wrong(driver, "%s: of what?", command->name);
	args->text = vt_args_expand(rest, &unknown);
	if (args->text)
		return VT_PASS;
	vt_wrong(driver, "there is no variable %s", unknown);
	free(unknown);
	return VT_WRONG;
}

static enum vt_verdict read_args(struct vt_driver *driver, const struct vt_command *command,
				 const char *rest, struct vt_args *args)
{
	switch (command->form) {
	case VT_ARGS_NONE:
		return *rest ? vt_wrong(driver, "%s takes no arguments", command->name) : VT_PASS;
	case VT_ARGS_TEXT:
	case VT_ARGS_ROW_TEXT:
		return read_text(driver, command, rest, args);
	case VT_ARGS_WORDS:
		return read_words(driver, command, rest, args);
	case VT_ARGS_RAW:
		args->text = strdup(rest);
		return args->text ? VT_PASS : vt_wrong(driver, "no memory");
	}
	return VT_WRONG;
}

enum vt_verdict vt_run_line(struct vt_driver *driver, const char *line)
{
	size_t len = strcspn(line, " \t");
	bool needs_program;
	const struct vt_command *command = find_command(line, len, &needs_program);
	struct vt_args args = { 0 };
	enum vt_verdict verdict;

	driver->message[0] = '\0';
	if (!command)
		return vt_wrong(driver, "there is no command %.*s", (int)len, line);
	if (needs_program && !driver->terminal.vt)
		return vt_wrong(driver, "%s: no program was started", command->name);
	line += len;
	while (isspace((unsigned char)*line))
		line++;
	verdict = read_args(driver, command, line, &args);
	if (verdict == VT_PASS)
		verdict = command->run(driver, &args);
	free(args.text);
	vt_words_deinit(&args.words);
	return verdict;
}

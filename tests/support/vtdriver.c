/*
 * Runs a program in a terminal as a script tells, and checks what the terminal shows.
 *
 *   vtdriver [-v] SCRIPT        -v: tell every line before it is run
 *
 * Results are in the Test Anything Protocol. After a failure: the line, what is the matter, the
 * screen and its attributes on standard error. The terminal is libvterm 0.1.4, which answers as an
 * xterm does.
 *
 * One command a line; `#` begins a comment line. $NAME and ${NAME} are environment variables, $$ is
 * a dollar sign. TEXT is the rest of the line (in double quotes where blanks at its ends matter)
 * and stands within one row. WORDS are split and quoted as in a shell. Rows and columns count from
 * 1; a row of -1 is the last one.
 *
 * Nothing waits for a time: `wait` and its like wait until what they name is so, and give up after
 * 60 seconds; `expect` and its like are for what should be there already, and give up after 20, as
 * the rest of a frame may be on its way. `expect-not` too holds once it holds: wait for what came
 * instead first. VTDRIVER_PATIENCE=10 stretches all that, for valgrind.
 *
 * The program starts in an empty folder $TMP, which is removed in the end, and which is its $HOME
 * too. TERM is xterm-256color, LC_ALL is C.UTF-8, what else could matter is unset. $SCRIPTS is the
 * folder of the script.
 *
 * Cases and circumstances
 *
 *   case NAME                  what follows is a result of its own; after a failure the rest of
 *                              the case is left out. Program and helpers live on between cases
 *   size COLS ROWS             of the terminal; once started, resizes it
 *   env NAME=VALUE, env NAME   set or unset a variable
 *   limit SECONDS              give up after that, until the case ends; 0: as usual
 *   need COMMAND...            skip the case where the command fails; before the first case: skip all
 *   fails LINE                 the line must fail
 *
 * The program
 *
 *   start COMMAND...           in a new terminal, as the foreground job of a shell; one that still
 *                              runs is ended
 *   keys TEXT                  type it. Blanks only separate; in <>: F1... Up Down Left Right PgUp
 *                              PgDn Home End Ins Del Enter Tab BS Esc Space lt, with C- S- M- before
 *                              for Ctrl, Shift, Alt: <C-c> <S-Tab>
 *   mouse press|release|click|double-click BUTTON COL ROW
 *                              a double click comes all at once
 *   mouse wheelup|wheeldown|move COL ROW
 *   click TEXT                 with the first button, where TEXT begins
 *   signal NAME                send it TERM, HUP...
 *   continue                   after a stop, as a shell's fg
 *   hangup                     close the terminal
 *   dump [FILE]                show the screen, or write it to a file in $TMP
 *
 * What is waited for
 *
 *   wait TEXT                  the screen shows it
 *   wait-gone TEXT             the screen does not show it
 *   wait-row ROW TEXT          the row shows it
 *   wait-regex REGEX           a row matches, as grep -E does
 *   capture NAME REGEX         the same, and the first group (or all that matched) becomes $NAME
 *   resize-through COLS ROWS WORD...
 *                              to that size by a column and a row at a time, and each time until the
 *                              last row shows one of the words
 *   wait-exit STATUS...        it ends, with one of these, which may be signals (SIGTERM)
 *   wait-stop                  it is stopped
 *   stop-and-continue          the same, leaves the terminal in order meanwhile, and is continued
 *   wait-quiet                 it has not written for a while, and waits. Last resort
 *
 * What is checked
 *
 *   expect TEXT, expect-not TEXT, expect-row ROW TEXT
 *   expect-row-is ROW TEXT     all of the row, but for the blanks at its end
 *   expect-attr COL ROW ATTR...
 *                              the cell has all of: bold dim underline italic blink reverse strike
 *                              colour plain fg=INDEX bg=INDEX fg=#RRGGBB fg=default; no-ATTR is the
 *                              opposite
 *   expect-attr-at WORD ATTR...
 *                              the same, where WORD first begins; in quotes where it has blanks
 *   expect-no-colour           anywhere on the screen
 *   expect-cursor hidden|visible, expect-cursor-at COL ROW
 *   expect-mouse on|off        the program asked for the mouse
 *   expect-main-screen, expect-alternate-screen
 *   expect-termios-restored    the settings of the terminal are as they were before
 *   expect-restored            that, the main screen, cursor, mouse, colour and keys
 *   expect-no-process          nothing that the program started is left, nor itself
 *
 * Other processes
 *
 *   run COMMAND...             to its end, which must be with status 0
 *   wait-run COMMAND...        again and again until it succeeds
 *   spawn NAME COMMAND...      a helper, which says a line `ready` first. $NAME_PID is its PID
 *   tell NAME TEXT             a line to it. It must answer a line that begins with ok; after
 *                              `ok x 1f000 2f000` $AT_x is 1f000 and $AT_x_part is 2f000
 *   kill NAME                  end it
 *   reap NAME                  wait until it ends by itself; until then it is a zombie
 */
#include <ctype.h>
#include <err.h>
#include <glob.h>
#include <libgen.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vt_driver.h"
#include "vt_screen.h"

/* A script while it is run, and the results so far. */
struct script {
	const char *path;
	char *text;
	bool verbose;
	int line;
	char *case_name; /* NULL: none begun */
	bool preamble; /* before the first case: a result only where it fails or is all there is */
	enum vt_verdict verdict;
	char reason[256]; /* for a skip */
	int count, failed;
};

static void say_prefixed(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		fprintf(stderr, "# %.*s\n", (int)len, text);
		text += len + (text[len] == '\n');
	}
}

static void say_file(const char *path)
{
	FILE *file = fopen(path, "re");
	char line[512];

	while (file && fgets(line, sizeof(line), file))
		say_prefixed(line);
	if (file)
		fclose(file);
}

static void say_reports(const struct vt_driver *driver)
{
	char pattern[128];
	glob_t found;

	snprintf(pattern, sizeof(pattern), "%s/" VT_REPORTS ".*", driver->folder);
	if (glob(pattern, 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		say_file(found.gl_pathv[i]);
		unlink(found.gl_pathv[i]);
	}
	globfree(&found);
}

static void report_failure(const struct script *script, const struct vt_driver *driver,
			   const char *line)
{
	char space[128];

	fprintf(stderr, "# %s:%d: %s\n", script->path, script->line, line);
	say_prefixed(driver->message);
	fprintf(stderr, "# %s\n", vt_driver_state(driver, space, sizeof(space)));
	if (driver->terminal.vt)
		vt_screen_dump(&driver->terminal, "# ", stderr);
	say_reports(driver);
	fflush(stderr);
}

static void print_result(struct script *script)
{
	script->count++;
	if (script->verdict == VT_SKIP)
		printf("ok %d - %s # SKIP %s\n", script->count, script->case_name, script->reason);
	else
		printf("%sok %d - %s\n", script->verdict == VT_PASS ? "" : "not ", script->count,
		       script->case_name);
	fflush(stdout);
}

static void end_case(struct script *script)
{
	if (!script->case_name)
		return;
	print_result(script);
	script->failed += script->verdict == VT_FAIL || script->verdict == VT_WRONG;
	free(script->case_name);
	script->case_name = NULL;
}

static void begin_case(struct script *script, struct vt_driver *driver, const char *name)
{
	/* What all cases need is not there: one result tells why. */
	if (script->preamble && script->verdict == VT_SKIP)
		return;
	if (!script->preamble || script->verdict != VT_PASS)
		end_case(script);
	free(script->case_name);
	script->preamble = false;
	driver->limit = 0;
	script->case_name = strdup(name);
	if (!script->case_name)
		err(1, "no memory");
	script->verdict = VT_PASS;
}

static void run_command(struct script *script, struct vt_driver *driver, const char *line)
{
	if (!script->case_name) {
		const char *slash = strrchr(script->path, '/');

		begin_case(script, driver, slash ? slash + 1 : script->path);
		script->preamble = true;
	}
	if (script->verdict != VT_PASS)
		return;
	if (script->verbose)
		fprintf(stderr, "# %d: %s\n", script->line, line);
	script->verdict = vt_run_line(driver, line);
	if (script->verdict == VT_SKIP)
		snprintf(script->reason, sizeof(script->reason), "%.200s", driver->message);
	else if (script->verdict != VT_PASS)
		report_failure(script, driver, line);
}

/* Without the blanks at both ends. */
static char *strip(char *line)
{
	size_t len = strlen(line);

	while (len > 0 && isspace((unsigned char)line[len - 1]))
		line[--len] = '\0';
	while (isspace((unsigned char)*line))
		line++;
	return line;
}

static void run_script(struct script *script, struct vt_driver *driver)
{
	char *rest = script->text;

	while (rest) {
		char *line = strip(strsep(&rest, "\n"));

		script->line++;
		if (strncmp(line, "case ", 5) == 0)
			begin_case(script, driver, strip(line + 5));
		else if (*line && *line != '#')
			run_command(script, driver, line);
	}
	end_case(script);
	printf("1..%d\n", script->count);
}

/* All at once: processes that are started would share the place in a file that is open. */
static void read_script(struct script *script)
{
	FILE *file = fopen(script->path, "re");
	size_t size = 0;

	if (!file || getdelim(&script->text, &size, '\0', file) < 0)
		err(1, "%s", script->path);
	fclose(file);
}

static void publish_folder(const char *script)
{
	char path[PATH_MAX];

	if (!realpath(script, path))
		err(1, "%s", script);
	setenv("SCRIPTS", dirname(path), 1);
}

int main(int argc, char **argv)
{
	struct script script = { .verbose = argc == 3 && strcmp(argv[1], "-v") == 0 };
	struct vt_driver *driver = calloc(1, sizeof(*driver));

	if (!driver)
		err(1, "no memory");
	if (argc != 2 && !script.verbose)
		errx(1, "usage: vtdriver [-v] SCRIPT");
	script.path = argv[argc - 1];
	read_script(&script);
	/* A helper that has ended is no reason to end as well. */
	signal(SIGPIPE, SIG_IGN);
	/* For what a character is to a regular expression. */
	setlocale(LC_CTYPE, "C.UTF-8");
	publish_folder(script.path);
	vt_driver_init(driver);
	run_script(&script, driver);
	vt_driver_deinit(driver);
	free(driver);
	free(script.text);
	return script.failed > 0;
}

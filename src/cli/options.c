#include "options.h"

#include <ctype.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "message.h"
#include "tui/settings.h"
#include "vmview/safe.h"
#include "vmview/scan.h"

/* Long options without a letter of their own. */
enum {
	OPTION_ONCE = 256,
	OPTION_FROM,
	OPTION_COLOR,
	OPTION_INTERVAL,
	OPTION_OUTPUT,
	OPTION_NO_MOUSE,
	OPTION_ASCII,
	OPTION_FOLLOW_DEMO
};

enum { FOR_VMVIEW = 1, FOR_BOTH = 3 };

struct option_info {
	int code;             /* the letter, or OPTION_ */
	const char *name;     /* long, or NULL */
	int has_argument;     /* as getopt_long() wants it */
	const char *argument; /* as the help shows it, or NULL */
	const char *help;
	int shown_in; /* whose help */
};

static const struct option_info table[] = {
	{ OPTION_ONCE, "once", no_argument, NULL, "print the mappings as text and exit",
	  FOR_VMVIEW },
	{ 'x', "extended", no_argument, NULL, "add RSS and dirty memory", FOR_BOTH },
	{ 'X', NULL, no_argument, NULL, "add most of what smaps tells", FOR_BOTH },
	{ 'X', NULL, no_argument, "X", "add all of what smaps tells", FOR_BOTH },
	{ 'd', "device", no_argument, NULL, "add offset and device", FOR_BOTH },
	{ 'c', "read-rc", no_argument, NULL, "the columns that the rc file names", FOR_BOTH },
	{ 'C', "read-rc-from", required_argument, "FILE", "the columns that FILE names", FOR_BOTH },
	{ 'n', "create-rc", no_argument, NULL, "create an rc file and exit", FOR_BOTH },
	{ 'N', "create-rc-to", required_argument, "FILE", "create FILE as an rc file and exit",
	  FOR_BOTH },
	{ 'q', "quiet", no_argument, NULL, "no column titles, no totals", FOR_BOTH },
	{ 'p', "show-path", no_argument, NULL, "whole paths instead of file names", FOR_BOTH },
	{ 'k', "use-kernel-name", no_argument, NULL, "the kernel's names: [heap], [vdso]",
	  FOR_BOTH },
	{ 'A', "range", required_argument, "LOW[,HIGH]", "only what touches these addresses",
	  FOR_BOTH },
	{ OPTION_FROM, "from", required_argument, "PATH",
	  "read a saved capture; - is standard input", FOR_BOTH },
	{ OPTION_COLOR, "color", optional_argument, "WHEN", "colours: auto, always or never",
	  FOR_BOTH },
	{ OPTION_INTERVAL, "interval", required_argument, "SECS",
	  "live view: seconds between two looks (default 1)", FOR_VMVIEW },
	{ OPTION_OUTPUT, "output", required_argument, "FILE",
	  "where the output of a started COMMAND goes", FOR_VMVIEW },
	{ OPTION_NO_MOUSE, "no-mouse", no_argument, NULL, "live view: leave the mouse alone",
	  FOR_VMVIEW },
	{ OPTION_ASCII, "ascii", no_argument, NULL, "live view: ASCII characters only",
	  FOR_VMVIEW },
	{ OPTION_FOLLOW_DEMO, "follow-demo", required_argument, "FILE",
	  "live view: select what vmview-demo shows", FOR_VMVIEW },
	{ 'r', NULL, no_argument, NULL, "ignored, for SunOS scripts", FOR_BOTH },
	{ 'h', "help", no_argument, NULL, "show this help and exit", FOR_BOTH },
	{ 'V', "version", no_argument, NULL, "show the version and exit", FOR_BOTH },
};

#define TABLE_COUNT (sizeof(table) / sizeof(table[0]))

static void help_option(const struct option_info *info, FILE *out)
{
	struct vm_buf left = { 0 };
	bool doubled = info->code == 'X' && info->argument;

	vm_buf_put_text(&left, info->code < 256 ? " -" : "    ");
	if (info->code < 256)
		vm_buf_put_char(&left, (char)info->code);
	if (doubled)
		vm_buf_put_text(&left, info->argument);
	if (info->name) {
		vm_buf_put_text(&left, info->code < 256 ? ", --" : " --");
		vm_buf_put_text(&left, info->name);
	}
	if (info->argument && !doubled) {
		vm_buf_put_text(&left, info->has_argument == optional_argument ? "[=" : "=");
		vm_buf_put_text(&left, info->argument);
		vm_buf_put_text(&left, info->has_argument == optional_argument ? "]" : "");
	}
	fprintf(out, "%-30.*s %s\n", (int)left.len, left.p ? left.p : "", info->help);
	vm_buf_deinit(&left);
}

static void help_usage(const struct vm_options *options, FILE *out)
{
	struct vm_buf name = { 0 };

	/* Whoever links the program may call it anything. */
	vm_safe_put(&name, vm_str_from(options->program));
	vm_buf_put_char(&name, '\0');
	if (!name.p)
		return;
	if (options->as_pmap)
		fprintf(out, "\nUsage:\n %s [options] PID [PID ...]\n", name.p);
	else
		fprintf(out,
			"\nUsage:\n %s [options] [PID|NAME]...\n %s [options] --from PATH\n"
			" %s [options] -- COMMAND [ARGUMENT]...\n\n"
			"See how the memory of a process is laid out: live on a terminal, as text with\n"
			"--once, with an option that chooses a format, or into a pipe.\n",
			name.p, name.p, name.p);
	vm_buf_deinit(&name);
}

void vm_options_help(const struct vm_options *options, FILE *out)
{
	help_usage(options, out);
	fprintf(out, "\nOptions:\n");
	for (size_t i = 0; i < TABLE_COUNT; i++) {
		if (table[i].shown_in == FOR_BOTH || !options->as_pmap)
			help_option(&table[i], out);
	}
	fprintf(out, "\nThe manual is vmview(1).\n");
}

/* getopt_long()'s view of the table. */
static void fill_getopt(char letters[2 * TABLE_COUNT + 2], struct option longs[TABLE_COUNT + 1])
{
	size_t n = 0;

	*letters++ = ':'; /* tell a missing argument from an unknown option */
	for (size_t i = 0; i < TABLE_COUNT; i++) {
		if (table[i].code < 256) {
			*letters++ = (char)table[i].code;
			if (table[i].has_argument == required_argument)
				*letters++ = ':';
		}
		if (table[i].name)
			longs[n++] = (struct option){ table[i].name, table[i].has_argument, NULL,
						      table[i].code };
	}
	*letters = '\0';
	longs[n] = (struct option){ 0 };
}

static bool is_hex(struct vm_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!isxdigit((unsigned char)text.p[i]))
			return false;
	}
	return text.len > 0;
}

/* One end of a range, in hexadecimal. Nothing at all leaves @value; too much is the highest address. */
static bool parse_address(struct vm_str text, uint64_t *value)
{
	bool negative;

	if (text.len == 0)
		return true;
	/* As strtoul(3) has it, which pmap asks: blanks, and a sign. */
	while (text.len && isspace((unsigned char)text.p[0]))
		text = vm_str_skip(text, 1);
	negative = vm_scan_char(&text, '-');
	if (!negative)
		vm_scan_char(&text, '+');
	if (text.len > 2 && text.p[0] == '0' && (text.p[1] | 32) == 'x')
		text = vm_str_skip(text, 2);
	if (!is_hex(text))
		return false;
	if (!vm_scan_hex(&text, value))
		*value = UINT64_MAX;
	else if (negative)
		*value = 0 - *value;
	return true;
}

/* LOW alone is the mapping that holds it; `LOW,` is everything from there on. */
static bool parse_range(const char *argument, struct vm_options *options)
{
	struct vm_str text = vm_str_from(argument);
	size_t comma = vm_str_find(text, ',');
	struct vm_str low = { text.p, comma };
	struct vm_str high = comma < text.len ? vm_str_skip(text, comma + 1) : low;

	if (parse_address(low, &options->low) && parse_address(high, &options->high))
		return true;
	vm_say(options->program,
	       "'%s' is not a range of addresses: it is LOW[,HIGH] in hexadecimal", argument);
	return false;
}

static bool parse_colour(const char *argument, struct vm_options *options)
{
	static const struct {
		const char *word;
		enum vm_colour_when when;
	} words[] = {
		{ "auto", VM_COLOUR_AUTO },
		{ "always", VM_COLOUR_ALWAYS },
		{ "never", VM_COLOUR_NEVER },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(argument ? argument : "always", words[i].word) == 0) {
			options->colour = words[i].when;
			return true;
		}
	}
	vm_say(options->program, "'%s' is not auto, always or never", argument);
	return false;
}

static bool parse_interval(const char *argument, struct vm_options *options)
{
	if (tui_interval_parse(vm_str_from(argument), &options->interval_ns))
		return true;
	vm_say(options->program, "'%s' is not a number of seconds from 0.05 to 3600", argument);
	return false;
}

static bool say_usage(const struct vm_options *options, const char *problem)
{
	vm_say(options->program, "%s; `%s --help` shows what there is", problem, options->program);
	return false;
}

/* Which of the options that exclude each other were given. */
struct given {
	bool rc_read, rc_read_from, rc_create, rc_create_to, device, extended;
	int full;
};

static void take_format(int code, struct given *given)
{
	given->extended |= code == 'x';
	given->full += code == 'X';
	given->device |= code == 'd';
	given->rc_read |= code == 'c';
	given->rc_read_from |= code == 'C';
	given->rc_create |= code == 'n';
	given->rc_create_to |= code == 'N';
}

static bool take_option(int code, struct vm_options *options, struct given *given)
{
	take_format(code, given);
	options->text_only |= code < 256;
	switch (code) {
	case OPTION_ONCE:
		options->once = true;
		return true;
	case OPTION_FROM:
		if (options->from)
			return say_usage(options, "--from reads one capture, not several");
		options->from = optarg;
		return true;
	case OPTION_COLOR:
		return parse_colour(optarg, options);
	case OPTION_INTERVAL:
		return parse_interval(optarg, options);
	case OPTION_OUTPUT:
		options->output = optarg;
		return true;
	case OPTION_NO_MOUSE:
		options->no_mouse = true;
		return true;
	case OPTION_ASCII:
		options->ascii = true;
		return true;
	case OPTION_FOLLOW_DEMO:
		options->follow_demo = optarg;
		return true;
	case 'A':
		return parse_range(optarg, options);
	case 'C':
	case 'N':
		options->rc_path = optarg;
		return true;
	case 'q':
		options->quiet = true;
		return true;
	case 'p':
		options->show_path = true;
		return true;
	case 'k':
		options->kernel_names = true;
		return true;
	case 'r':
		vm_say(options->program, "-r is ignored: it means something on SunOS only");
		return true;
	default:
		return true;
	}
}

static enum vm_pmap_format format_of(const struct given *given)
{
	if (given->full)
		return given->full > 1 ? VM_PMAP_ALL : VM_PMAP_FULL;
	if (given->rc_read || given->rc_read_from)
		return VM_PMAP_CHOSEN;
	if (given->device)
		return VM_PMAP_DEVICE;
	return given->extended ? VM_PMAP_EXTENDED : VM_PMAP_DEFAULT;
}

static enum vm_rc_use rc_of(const struct given *given)
{
	if (given->rc_create_to)
		return VM_RC_CREATE_FILE;
	if (given->rc_create)
		return VM_RC_CREATE_DEFAULT;
	if (given->rc_read_from)
		return VM_RC_READ_FILE;
	return given->rc_read ? VM_RC_READ_DEFAULT : VM_RC_NONE;
}

static bool check(const struct vm_options *options, const struct given *given)
{
	int formats = given->rc_read + given->rc_read_from + given->rc_create +
		      given->rc_create_to + given->device + given->extended + (given->full > 0);
	bool creates = given->rc_create || given->rc_create_to;

	if (formats > 1)
		return say_usage(options, "-c, -C, -d, -n, -N, -x and -X exclude each other");
	if (creates && (options->quiet || options->show_path))
		return say_usage(options, "-p and -q mean nothing with -n and -N");
	if (creates && (options->target_count || options->from))
		return say_usage(options, "-n and -N take no process");
	if (options->from && options->target_count)
		return say_usage(options, "--from takes no process: it reads what was saved");
	if (options->command && (options->once || options->text_only || options->from))
		return say_usage(options,
				 "a COMMAND is watched live: this goes without other formats");
	if (options->command && !isatty(STDOUT_FILENO))
		return say_usage(options, "a COMMAND is watched live, which needs a terminal");
	if (options->output && !options->command)
		return say_usage(options, "--output wants a COMMAND behind --");
	/* On a terminal the live view asks. */
	if (!creates && !options->from && !options->target_count && !options->command &&
	    (options->once || options->text_only || !isatty(STDOUT_FILENO)))
		return say_usage(options, options->as_pmap ? "which process? Give its PID" :
							     "which process? Give its PID or name");
	return true;
}

static void say_unknown(const struct vm_options *options, char **argv)
{
	const char *word = argv[optind - 1];

	if (optopt && strncmp(word, "--", 2) == 0 && strchr(word, '='))
		vm_say(options->program,
		       "'%s': this option takes no argument; `%s --help` shows what there is", word,
		       options->program);
	else if (optopt >= '0' && optopt <= '9')
		vm_say(options->program,
		       "there is no option -%c, and a PID is a number from 1 to 2147483647",
		       optopt);
	else if (optopt && optopt < 256)
		vm_say(options->program, "there is no option -%c; `%s --help` shows what there is",
		       optopt, options->program);
	else
		vm_say(options->program,
		       "'%s' is no option, or fits several; `%s --help` shows what there is", word,
		       options->program);
}

static bool next_option(int argc, char **argv, struct vm_options *options, struct given *given,
			bool *more)
{
	char letters[2 * TABLE_COUNT + 2];
	struct option longs[TABLE_COUNT + 1];
	int code;

	fill_getopt(letters, longs);
	code = getopt_long(argc, argv, letters, longs, NULL);
	*more = code != -1 && code != 'h' && code != 'V';
	switch (code) {
	case -1:
		return true;
	case 'h':
		options->request = VM_REQUEST_HELP;
		return true;
	case 'V':
		options->request = VM_REQUEST_VERSION;
		return true;
	case '?':
		say_unknown(options, argv);
		return false;
	case ':':
		vm_say(options->program, "'%s' wants an argument; `%s --help` shows which",
		       argv[optind - 1], options->program);
		return false;
	default:
		return take_option(code, options, given);
	}
}

static const char *program_of(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	if (slash && slash[1])
		return slash + 1;
	return path && path[0] ? path : "vmview";
}

/* How many words stand behind `--`, or -1 where there is none; asked before getopt_long() moves them. */
static int count_command(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--") == 0)
			return argc - i - 1;
	}
	return -1;
}

/* Behind `--` stands a command, unless we are pmap, where it only ends the options. */
static bool take_words(int argc, char **argv, int command_words, struct vm_options *options)
{
	int words = argc - optind;

	if (options->as_pmap || command_words <= 0) {
		options->targets = argv + optind;
		options->target_count = words;
		return true;
	}
	if (words > command_words)
		return say_usage(options, "either a process or, behind --, a COMMAND to watch");
	options->command = argv + optind;
	return true;
}

bool vm_options_parse(int argc, char **argv, struct vm_options *options)
{
	int command_words = count_command(argc, argv);
	struct given given = { 0 };
	bool more = true;

	*options = (struct vm_options){ .program = program_of(argv[0]), .high = UINT64_MAX };
	options->as_pmap = strcmp(options->program, "pmap") == 0;
	options->once = options->as_pmap;
	opterr = 0;
	while (more) {
		if (!next_option(argc, argv, options, &given, &more))
			return false;
		if (options->request != VM_REQUEST_SHOW)
			return true;
	}
	if (!take_words(argc, argv, command_words, options))
		return false;
	options->format = format_of(&given);
	options->rc = rc_of(&given);
	return check(options, &given);
}

#include "option_table.h"

#include <assert.h>
#include <string.h>

#include "vmview/buf.h"
#include "vmview/safe.h"

/* In the order of the help. */
enum section { PMAP, COLUMNS, SUMS, SELECTION, CHANGES, SOURCE, LIVE, GENERAL, SECTION_COUNT };

static const char *const section_titles[] = {
	[PMAP] = "Options",
	[COLUMNS] = "Columns and formats of text",
	[SUMS] = "Sums instead of mappings",
	[SELECTION] = "What is shown of a process",
	[CHANGES] = "What changes",
	[SOURCE] = "Where it comes from",
	[LIVE] = "Live view",
	[GENERAL] = "In general",
};
static_assert(sizeof(section_titles) / sizeof(section_titles[0]) == SECTION_COUNT, "name them all");

struct option_info {
	enum section section;
	int code;             /* the letter, or OPTION_ */
	const char *name;     /* long, or NULL */
	int has_argument;     /* as getopt_long() wants it */
	const char *argument; /* as the help shows it, or NULL */
	const char *help;
	bool of_pmap; /* shown when called pmap too */
};

/* clang-format off */
static const struct option_info table[] = {
	{ PMAP, OPTION_ONCE, "once", no_argument, NULL, "print the mappings as text and exit", false },
	{ PMAP, 'x', "extended", no_argument, NULL, "add RSS and dirty memory", true },
	{ PMAP, 'X', NULL, no_argument, NULL, "add most of what smaps tells", true },
	{ PMAP, 'X', NULL, no_argument, "X", "add all of what smaps tells", true },
	{ PMAP, 'd', "device", no_argument, NULL, "add offset and device", true },
	{ PMAP, 'c', "read-rc", no_argument, NULL, "the columns that the rc file names", true },
	{ PMAP, 'C', "read-rc-from", required_argument, "FILE", "the columns that FILE names", true },
	{ PMAP, 'n', "create-rc", no_argument, NULL, "create an rc file and exit", true },
	{ PMAP, 'N', "create-rc-to", required_argument, "FILE", "create FILE as an rc file and exit", true },
	{ PMAP, 'q', "quiet", no_argument, NULL, "no column titles, no totals", true },
	{ PMAP, 'p', "show-path", no_argument, NULL, "whole paths instead of file names", true },
	{ PMAP, 'k', "use-kernel-name", no_argument, NULL, "the kernel's names: [heap], [vdso]", true },
	{ PMAP, 'A', "range", required_argument, "LOW[,HIGH]", "only what touches these addresses", true },
	{ PMAP, 'r', NULL, no_argument, NULL, "ignored, for SunOS scripts", true },

	{ COLUMNS, 'o', "columns", required_argument, "LIST", "these columns; +NAME adds to the usual ones", false },
	{ COLUMNS, OPTION_LIST_COLUMNS, "list-columns", no_argument, NULL, "explain the columns and exit", false },
	{ COLUMNS, OPTION_NO_HEADINGS, "no-headings", no_argument, NULL, "no titles above the columns", false },
	{ COLUMNS, 'H', "human", no_argument, NULL, "sizes as 4K, 1.2M, 3G", false },
	{ COLUMNS, OPTION_BYTES, "bytes", no_argument, NULL, "sizes in bytes instead of kB", false },
	{ COLUMNS, OPTION_CSV, "csv", no_argument, NULL, "comma-separated values", false },
	{ COLUMNS, 'J', "json", no_argument, NULL, "one JSON document", false },
	{ COLUMNS, OPTION_NDJSON, "ndjson", no_argument, NULL, "a JSON object a mapping, each on a line", false },

	{ SUMS, OPTION_SUMMARY, "summary", no_argument, NULL, "sums by kind, and what limits the process", false },
	{ SUMS, OPTION_GROUP, "group", required_argument, "KEY", "sums by kind, file or perms, of all processes named", false },
	{ SUMS, OPTION_OPENMETRICS, "openmetrics", no_argument, NULL, "metrics, as Prometheus and its node exporter read them", false },

	{ SELECTION, OPTION_KIND, "kind", required_argument, "LIST", "these kinds: heap,stack,anon,...", false },
	{ SELECTION, OPTION_BACKING, "backing", required_argument, "LIST", "file, anonymous, special", false },
	{ SELECTION, OPTION_SHARING, "sharing", required_argument, "LIST", "shared, private", false },
	{ SELECTION, OPTION_PERMS, "perms", required_argument, "PERMS", "with these permissions: w, wx, rw-p", false },
	{ SELECTION, OPTION_MATCH, "match", required_argument, "REGEX", "whose name matches", false },
	{ SELECTION, OPTION_MIN_RSS, "min-rss", required_argument, "SIZE", "with so much in memory: 4096, 64k, 1.5M", false },
	{ SELECTION, OPTION_FILTER, "filter", required_argument, "EXPR", "as the live view filters: 'kind:anon rss>1M'", false },
	{ SELECTION, OPTION_AT, "at", required_argument, "ADDRESS", "the one that holds this address", false },
	{ SELECTION, OPTION_AROUND, "around", required_argument, "N", "of that address, and N on either side", false },
	{ SELECTION, OPTION_SORT, "sort", required_argument, "COLUMN", "sizes largest first, the rest ascending", false },
	{ SELECTION, OPTION_REVERSE, "reverse", no_argument, NULL, "the other way round", false },

	{ CHANGES, OPTION_WATCH, "watch", no_argument, NULL, "a line for each change, until the process ends", false },
	{ CHANGES, OPTION_COUNT, "count", required_argument, "N", "of these: end after N intervals", false },
	{ CHANGES, OPTION_DIFF, "diff", no_argument, NULL, "what differs between two: PIDs, names or captures", false },
	{ CHANGES, OPTION_BY, "by", required_argument, "WHAT", "pair them by address, or by name", false },

	{ SOURCE, OPTION_FROM, "from", required_argument, "PATH", "read a saved capture; - is standard input", true },
	{ SOURCE, OPTION_FRAME, "frame", required_argument, "N|TIME", "of a recording this frame; -1 is the last", false },
	{ SOURCE, OPTION_RECORD, "record", required_argument, "FILE", "record the process into FILE", false },
	{ SOURCE, OPTION_FOR, "for", required_argument, "DURATION", "record so long: 30, 5m, 2h", false },

	{ LIVE, OPTION_INTERVAL, "interval", required_argument, "SECS", "seconds between two looks (default 1)", false },
	{ LIVE, OPTION_OUTPUT, "output", required_argument, "FILE", "where the output of a started COMMAND goes", false },
	{ LIVE, OPTION_NO_MOUSE, "no-mouse", no_argument, NULL, "leave the mouse alone", false },
	{ LIVE, OPTION_ASCII, "ascii", no_argument, NULL, "ASCII characters only", false },
	{ LIVE, OPTION_FOLLOW_DEMO, "follow-demo", required_argument, "FILE", "select what vmview-demo shows", false },

	{ GENERAL, OPTION_COLOR, "color", optional_argument, "WHEN", "colours: auto, always or never", true },
	{ GENERAL, 'h', "help", no_argument, NULL, "show this help and exit", true },
	{ GENERAL, 'V', "version", no_argument, NULL, "show the version and exit", true },
};
/* clang-format on */

#define TABLE_COUNT (sizeof(table) / sizeof(table[0]))
static_assert(TABLE_COUNT <= VM_OPTIONS_MAX, "make more room for getopt_long()");

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

/* pmap has too few options to need titles. */
static void help_section(const struct vm_options *options, enum section section, FILE *out)
{
	if (!options->as_pmap || section == PMAP)
		fprintf(out, "\n%s:\n", section_titles[section]);
	for (size_t i = 0; i < TABLE_COUNT; i++) {
		if (table[i].section == section && (table[i].of_pmap || !options->as_pmap))
			help_option(&table[i], out);
	}
}

void vm_options_help(const struct vm_options *options, FILE *out)
{
	help_usage(options, out);
	for (enum section section = 0; section < SECTION_COUNT; section++)
		help_section(options, section, out);
	fprintf(out, "\nThe manual is vmview(1).\n");
}

void vm_option_table_fill(bool as_pmap, struct vm_getopt_table *result)
{
	char *letters = result->letters;
	size_t n = 0;

	*letters++ = ':'; /* tell a missing argument from an unknown option */
	for (size_t i = 0; i < TABLE_COUNT; i++) {
		if (as_pmap && !table[i].of_pmap)
			continue;
		if (table[i].code < 256) {
			*letters++ = (char)table[i].code;
			if (table[i].has_argument == required_argument)
				*letters++ = ':';
		}
		if (table[i].name)
			result->longs[n++] = (struct option){ table[i].name, table[i].has_argument,
							      NULL, table[i].code };
	}
	*letters = '\0';
	result->longs[n] = (struct option){ 0 };
}

static enum section section_of(int code)
{
	for (size_t i = 0; i < TABLE_COUNT; i++) {
		if (table[i].code == code)
			return table[i].section;
	}
	return SECTION_COUNT;
}

static bool is_of_pmap(int code)
{
	for (size_t i = 0; i < TABLE_COUNT; i++) {
		if (table[i].code == code)
			return table[i].of_pmap;
	}
	return true;
}

bool vm_option_is_own(int code)
{
	return !is_of_pmap(code) && code != OPTION_ONCE;
}

bool vm_option_asks_text(int code)
{
	switch (section_of(code)) {
	case PMAP:
		return code != OPTION_ONCE;
	case COLUMNS:
	case SUMS:
	case SELECTION:
	case CHANGES:
		return true;
	case SOURCE:
		return code == OPTION_RECORD || code == OPTION_FOR;
	case LIVE:
	case GENERAL:
	case SECTION_COUNT:
		break;
	}
	return false;
}

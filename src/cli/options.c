#include "options.h"

#include <string.h>
#include <unistd.h>

#include "message.h"
#include "option_table.h"
#include "option_value.h"
#include "status.h"

static bool say_usage(const struct vm_options *options, const char *problem)
{
	vm_say(options->program, "%s; `%s --help` shows what there is", problem, options->program);
	return false;
}

/* Which of the options that exclude each other were given. */
struct given {
	bool rc_read, rc_read_from, rc_create, rc_create_to, device, extended;
	bool range, table, csv, json, ndjson, no_headings, human, bytes, columns;
	bool summary, group, metrics, watch, diff, around, interval;
	int full;
	const char *sort; /* --sort; what it means depends on what is sorted */
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
	given->range |= code == 'A';
}

static bool take_selection(int code, struct vm_options *options, struct given *given)
{
	options->selects = true;
	switch (code) {
	case OPTION_KIND:
		return vm_option_term("kind", "kind", optarg, options);
	case OPTION_BACKING:
		return vm_option_term("backing", "backing", optarg, options);
	case OPTION_SHARING:
		return vm_option_term("sharing", "sharing", optarg, options);
	case OPTION_PERMS:
		return vm_option_term("perms", "perm", optarg, options);
	case OPTION_MATCH:
		return vm_option_term("match", "match", optarg, options);
	case OPTION_MIN_RSS:
		return vm_option_min_rss(optarg, options);
	case OPTION_FILTER:
		return vm_option_filter(optarg, options);
	case OPTION_AT:
		return vm_option_at(optarg, options);
	case OPTION_AROUND:
		return vm_option_number("around", optarg, options, &options->selection.neighbours);
	case OPTION_SORT:
		given->sort = optarg;
		return true;
	default:
		options->selection.reverse = true;
		return true;
	}
}

static void take_form(int code, struct given *given)
{
	given->table |=
		code == 'o' || code == OPTION_NO_HEADINGS || code == 'H' || code == OPTION_BYTES;
	given->columns |= code == 'o';
	given->csv |= code == OPTION_CSV;
	given->json |= code == 'J';
	given->ndjson |= code == OPTION_NDJSON;
	given->no_headings |= code == OPTION_NO_HEADINGS;
	given->summary |= code == OPTION_SUMMARY;
	given->group |= code == OPTION_GROUP;
	given->metrics |= code == OPTION_OPENMETRICS;
	given->watch |= code == OPTION_WATCH;
	given->around |= code == OPTION_AROUND;
	given->interval |= code == OPTION_INTERVAL;
	given->diff |= code == OPTION_DIFF;
	given->human |= code == 'H';
	given->bytes |= code == OPTION_BYTES;
}

static bool take_pmap(int code, struct vm_options *options)
{
	switch (code) {
	case 'A':
		return vm_option_range(optarg, options);
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

static bool take_source(int code, struct vm_options *options)
{
	switch (code) {
	case OPTION_FROM:
		if (options->from)
			return say_usage(options, "--from reads one capture, not several");
		options->from = optarg;
		return true;
	case OPTION_FRAME:
		return vm_option_frame(optarg, options);
	case OPTION_RECORD:
		if (options->record)
			return say_usage(options, "--record writes one file, not several");
		options->record = optarg;
		return true;
	case OPTION_FOR:
		return vm_option_duration(optarg, options);
	default:
		return take_pmap(code, options);
	}
}

static bool take_live(int code, struct vm_options *options)
{
	switch (code) {
	case OPTION_ONCE:
		options->once = true;
		return true;
	case OPTION_COLOR:
		return vm_option_colour(optarg, options);
	case OPTION_INTERVAL:
		return vm_option_interval(optarg, options);
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
	default:
		return take_source(code, options);
	}
}

static bool take_option(int code, struct vm_options *options, struct given *given)
{
	take_format(code, given);
	take_form(code, given);
	options->text_only |= vm_option_asks_text(code);
	options->own |= vm_option_is_own(code);
	switch (code) {
	case 'o':
		return vm_option_columns(optarg, options);
	case 'H':
		options->units = VM_SIZE_HUMAN;
		return true;
	case OPTION_BYTES:
		options->units = VM_SIZE_BYTES;
		return true;
	case OPTION_NO_HEADINGS:
		options->no_headings = true;
		return true;
	case OPTION_GROUP:
		return vm_option_group(optarg, options);
	case OPTION_KIND:
	case OPTION_BACKING:
	case OPTION_SHARING:
	case OPTION_PERMS:
	case OPTION_MATCH:
	case OPTION_MIN_RSS:
	case OPTION_FILTER:
	case OPTION_AT:
	case OPTION_AROUND:
	case OPTION_SORT:
	case OPTION_REVERSE:
		return take_selection(code, options, given);
	case OPTION_COUNT:
		return vm_option_count(optarg, options);
	case OPTION_BY:
		return vm_option_by(optarg, options);
	default:
		return take_live(code, options);
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

static bool chooses_pmap(const struct vm_options *options, const struct given *given)
{
	return options->format != VM_PMAP_DEFAULT || options->rc != VM_RC_NONE || options->quiet ||
	       options->show_path || options->kernel_names || given->range;
}

static bool check_pmap(const struct vm_options *options, const struct given *given)
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
	if (creates && options->own)
		return say_usage(options, "-n and -N go without other options");
	if (options->form != VM_FORM_PMAP && chooses_pmap(options, given))
		return say_usage(options,
				 "-A, -c, -C, -d, -k, -p, -q, -x and -X are for pmap's formats");
	return true;
}

static bool check_own(const struct vm_options *options, const struct given *given)
{
	bool json = given->json || given->ndjson;

	if (given->csv + given->json + given->ndjson > 1)
		return say_usage(options, "--csv, --json and --ndjson exclude each other");
	if (given->csv && (given->human || given->bytes))
		return say_usage(options, "--csv has bytes: it goes without -H and --bytes");
	if (json && (given->human || given->bytes || given->no_headings))
		return say_usage(options,
				 "JSON has bytes and no headings: it goes without -H, --bytes "
				 "and --no-headings");
	if (given->human && given->bytes)
		return say_usage(options, "-H and --bytes exclude each other");
	if (given->around && !options->selection.has_at)
		return say_usage(options, "--around goes with --at");
	return true;
}

static bool check_sums(const struct vm_options *options, const struct given *given)
{
	if (given->summary + given->group + given->metrics > 1)
		return say_usage(options,
				 "--group, --openmetrics and --summary exclude each other");
	if (vm_task_is_sums(options->task) && given->ndjson)
		return say_usage(options, "--ndjson is for lists of mappings: sums are --json");
	if (vm_task_is_sums(options->task) && given->columns)
		return say_usage(options, "-o chooses columns of mappings: sums have their own");
	if (given->metrics && (given->table || given->csv || given->json))
		return say_usage(options,
				 "--openmetrics is a format of its own: it goes without others");
	if (given->metrics && options->selects)
		return say_usage(options,
				 "--openmetrics tells of whole processes: nothing is selected");
	if (options->task == VM_TASK_SUMMARY && options->no_headings && !given->csv)
		return say_usage(options,
				 "--summary has headings: for programs there are --csv and --json");
	return true;
}

static bool check_recordings(const struct vm_options *options, const struct given *given)
{
	bool prints = given->table || given->csv || given->json || given->ndjson ||
		      given->summary || given->group || given->metrics || given->watch ||
		      given->diff || options->selects || options->once ||
		      chooses_pmap(options, given);

	if (options->frame && !options->from)
		return say_usage(options, "--frame goes with --from");
	if (options->frame && given->watch)
		return say_usage(options, "--watch tells of all frames: it goes without --frame");
	if (options->duration_ns && !options->record)
		return say_usage(options, "--for goes with --record");
	if (!options->record)
		return true;
	if (prints || options->from || options->command)
		return say_usage(options, "--record prints nothing: it goes with a process, "
					  "--interval and --for alone");
	if (strcmp(options->record, "-") == 0)
		return say_usage(
			options,
			"--record writes a file, not standard output; a file of that name is ./-");
	if (options->target_count != 1)
		return say_usage(options, "--record wants one process");
	return true;
}

static bool check_changes(const struct vm_options *options, const struct given *given)
{
	if (given->watch && given->diff)
		return say_usage(options, "--watch and --diff exclude each other");
	if (options->count && !given->watch)
		return say_usage(options, "--count goes with --watch");
	if (options->has_pairing && !given->diff)
		return say_usage(options, "--by goes with --diff");
	if ((given->watch || given->diff) && given->csv)
		return say_usage(options, "--csv is for mappings: changes are text or JSON");
	if (given->watch && (given->columns || given->sort || options->selection.reverse))
		return say_usage(options, "--watch has its own columns, in the order of time: it "
					  "goes without -o, --sort and --reverse");
	if (given->watch && options->once)
		return say_usage(options, "--once and --watch exclude each other");
	if ((given->watch && (given->group || given->metrics)) ||
	    (given->diff && (given->summary || given->group || given->metrics)))
		return say_usage(options, "--watch goes with --summary, but neither it nor --diff "
					  "with other sums");
	if (given->diff && (options->target_count != 2 || options->from))
		return say_usage(options, "--diff compares two: PIDs, names or captures");
	return true;
}

static bool looks_once(const struct vm_options *options, const struct given *given)
{
	return options->once ||
	       (options->text_only && !given->watch && options->task != VM_TASK_RECORD);
}

static bool check_live(const struct vm_options *options, const struct given *given)
{
	if (given->interval && options->from)
		return say_usage(options,
				 "--interval is for processes: what was saved has times of "
				 "its own");
	if (given->interval && looks_once(options, given))
		return say_usage(options, "--interval is for the live view, --watch and --record: "
					  "this looks once");
	if (options->follow_demo &&
	    (options->once || options->text_only || options->target_count != 1))
		return say_usage(options,
				 "--follow-demo is for the live view, and wants the demo's PID");
	return true;
}

static bool check(const struct vm_options *options, const struct given *given)
{
	bool creates = given->rc_create || given->rc_create_to;

	if (!check_pmap(options, given) || !check_own(options, given) ||
	    !check_sums(options, given) || !check_recordings(options, given) ||
	    !check_changes(options, given) || !check_live(options, given))
		return false;
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

static bool say_wants_argument(struct vm_options *options, int code, const char *word)
{
	options->own |= vm_option_is_own(code);
	vm_say(options->program, "'%s' wants an argument; `%s --help` shows which", word,
	       options->program);
	return false;
}

/* An option's argument that was forgotten: what stands behind `--` would be taken for a command. */
static bool is_end_of_options(const struct vm_options *options, char **argv)
{
	return !options->as_pmap && optarg && optarg == argv[optind - 1] &&
	       strcmp(optarg, "--") == 0;
}

static bool next_option(int argc, char **argv, struct vm_options *options, struct given *given,
			bool *more)
{
	struct vm_getopt_table table;
	int code;

	vm_option_table_fill(options->as_pmap, &table);
	code = getopt_long(argc, argv, table.letters, table.longs, NULL);
	*more = code != -1 && code != 'h' && code != 'V' && code != OPTION_LIST_COLUMNS;
	switch (code) {
	case -1:
		return true;
	case 'h':
		options->request = VM_REQUEST_HELP;
		return true;
	case 'V':
		options->request = VM_REQUEST_VERSION;
		return true;
	case OPTION_LIST_COLUMNS:
		options->request = VM_REQUEST_LIST_COLUMNS;
		return true;
	case '?':
		options->own |= vm_option_is_own(optopt);
		say_unknown(options, argv);
		return false;
	case ':':
		return say_wants_argument(options, optopt, argv[optind - 1]);
	default:
		if (is_end_of_options(options, argv))
			return say_wants_argument(options, code, argv[optind - 2]);
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

static enum vm_task task_of(const struct given *given)
{
	if (given->diff)
		return VM_TASK_DIFF;
	if (given->watch)
		return given->summary ? VM_TASK_WATCH_SUMS : VM_TASK_WATCH;
	if (given->summary)
		return VM_TASK_SUMMARY;
	if (given->group)
		return VM_TASK_GROUP;
	return given->metrics ? VM_TASK_METRICS : VM_TASK_LIST;
}

static enum vm_form form_of(const struct given *given)
{
	if (given->csv)
		return VM_FORM_CSV;
	if (given->json || given->ndjson)
		return given->json ? VM_FORM_JSON : VM_FORM_NDJSON;
	return given->table || task_of(given) != VM_TASK_LIST ? VM_FORM_TABLE : VM_FORM_PMAP;
}

static bool parse(int argc, char **argv, struct vm_options *options)
{
	int command_words = count_command(argc, argv);
	struct given given = { 0 };
	bool more = true;

	while (more) {
		if (!next_option(argc, argv, options, &given, &more))
			return false;
		if (options->request != VM_REQUEST_SHOW)
			return true;
	}
	if (!take_words(argc, argv, command_words, options))
		return false;
	options->format = format_of(&given);
	options->task = options->record ? VM_TASK_RECORD : task_of(&given);
	options->form = form_of(&given);
	options->rc = rc_of(&given);
	options->sorts = given.sort;
	options->has_columns = given.columns;
	if (options->form != VM_FORM_JSON && options->form != VM_FORM_NDJSON)
		vm_option_usual_columns(options);
	if (given.sort && !vm_option_sort(given.sort, options))
		return false;
	return check(options, &given);
}

/* What is wrong with options that pmap has too ends as it does. */
int vm_options_parse(int argc, char **argv, struct vm_options *options)
{
	*options = (struct vm_options){ .program = program_of(argv[0]),
					.high = UINT64_MAX,
					.units = VM_SIZE_KIB,
					.tally_sort = VM_TALLY_RSS };
	options->as_pmap = strcmp(options->program, "pmap") == 0;
	options->once = options->as_pmap;
	opterr = 0;
	if (parse(argc, argv, options))
		return VM_EXIT_OK;
	return options->own ? VM_EXIT_USAGE : VM_EXIT_FAILURE;
}

void vm_options_deinit(struct vm_options *options)
{
	vm_selection_deinit(&options->selection);
}

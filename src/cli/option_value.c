#include "option_value.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "frame_spec.h"
#include "message.h"
#include "tui/settings.h"
#include "vmview/safe.h"
#include "vmview/scan.h"
#include "vmview/size.h"

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
bool vm_option_range(const char *argument, struct vm_options *options)
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

bool vm_option_colour(const char *argument, struct vm_options *options)
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

bool vm_option_interval(const char *argument, struct vm_options *options)
{
	if (tui_interval_parse(vm_str_from(argument), &options->interval_ns))
		return true;
	vm_say(options->program, "'%s' is not a number of seconds from 0.05 to 3600", argument);
	return false;
}

bool vm_option_frame(const char *argument, struct vm_options *options)
{
	struct vm_frame_spec spec;

	options->frame = argument;
	if (vm_frame_spec_parse(argument, &spec))
		return true;
	vm_say(options->program, "'%s' is no frame: that is " VM_FRAME_SPECS, argument);
	return false;
}

/* Seconds, or what stands behind the number: s, m, h, d. */
bool vm_option_duration(const char *argument, struct vm_options *options)
{
	static const char units[] = "smhd";
	static const uint64_t seconds[] = { 1, 60, 3600, 86400 };
	struct vm_str text = vm_str_from(argument);
	uint64_t number = 0, unit = 1;
	const char *letter;
	bool good = vm_scan_dec(&text, &number);

	if (good && text.len == 1 && (letter = memchr(units, text.p[0], 4))) {
		unit = seconds[letter - units];
		text.len = 0;
	}
	if (good && !text.len && number && number <= 36600 * UINT64_C(86400) / unit) {
		options->duration_ns = number * unit * 1000000000;
		return true;
	}
	vm_say(options->program, "'%s' is not a duration: it is written 30, 90s, 5m, 2h or 1d",
	       argument);
	return false;
}

/* The sentence about a wrong word is in @error. */
static bool say_error(const struct vm_options *options, struct vm_buf *error)
{
	vm_buf_put_char(error, '\0');
	vm_say(options->program, "%s", error->failed ? "out of memory" : error->p);
	vm_buf_deinit(error);
	return false;
}

bool vm_option_filter(const char *argument, struct vm_options *options)
{
	struct vm_buf error = { 0 };
	int r = vm_filter_add(&options->selection.filter, vm_str_from(argument), &error);

	error.failed |= r == -ENOMEM;
	if (r < 0)
		return say_error(options, &error);
	vm_buf_deinit(&error);
	return true;
}

bool vm_option_term(const char *name, const char *key, const char *argument,
		    struct vm_options *options)
{
	struct vm_buf error = { 0 }, whole = { 0 };
	int r = vm_filter_add_value(&options->selection.filter, key, vm_str_from(argument), &error);

	if (r < 0) {
		vm_buf_put_text(&whole, "--");
		vm_buf_put_text(&whole, name);
		vm_buf_put_text(&whole, ": ");
		vm_buf_put_str(&whole, vm_buf_str(&error));
		whole.failed |= error.failed || r == -ENOMEM;
		say_error(options, &whole);
	}
	vm_buf_deinit(&error);
	return r == 0;
}

bool vm_option_min_rss(const char *argument, struct vm_options *options)
{
	struct vm_buf expression = { 0 };
	uint64_t size;
	bool good;

	if (!vm_size_parse(vm_str_from(argument), &size)) {
		vm_say(options->program, "'%s' is not a size: it is written 4096, 64k, 1.5M or 2G",
		       argument);
		return false;
	}
	vm_buf_put_text(&expression, "rss>=");
	vm_buf_put_dec(&expression, size, 0, ' ');
	vm_buf_put_char(&expression, '\0');
	good = !expression.failed && vm_option_filter(expression.p, options);
	vm_buf_deinit(&expression);
	return good;
}

bool vm_option_at(const char *argument, struct vm_options *options)
{
	struct vm_str text = vm_str_from(argument);

	if (vm_str_starts(text, VM_STR("0x")) || vm_str_starts(text, VM_STR("0X")))
		text = vm_str_skip(text, 2);
	options->selection.has_at = true;
	if (vm_scan_hex(&text, &options->selection.at) && !text.len)
		return true;
	vm_say(options->program,
	       "'%s' is not an address: it has up to 16 hexadecimal digits, as in 7f12a000",
	       argument);
	return false;
}

bool vm_option_number(const char *name, const char *argument, struct vm_options *options,
		      uint64_t *number)
{
	struct vm_str text = vm_str_from(argument);

	if (vm_scan_dec(&text, number) && !text.len)
		return true;
	vm_say(options->program, "--%s: '%s' is not a number", name, argument);
	return false;
}

bool vm_option_count(const char *argument, struct vm_options *options)
{
	if (!vm_option_number("count", argument, options, &options->count))
		return false;
	if (!options->count)
		vm_say(options->program, "--count: there is nothing to be seen in 0 intervals");
	return options->count;
}

bool vm_option_by(const char *argument, struct vm_options *options)
{
	options->has_pairing = true;
	for (enum vm_pairing pairing = 0; pairing <= VM_PAIRING_NAME; pairing++) {
		options->pairing = pairing;
		if (strcmp(argument, vm_pairing_name(pairing)) == 0)
			return true;
	}
	vm_say(options->program, "--by: '%s' is neither address nor name", argument);
	return false;
}

static void put_column_names(struct vm_buf *text)
{
	for (enum vm_column column = 0; column < VM_COLUMN_COUNT; column++) {
		if (!vm_column_is_listed(column))
			continue;
		if (column)
			vm_buf_put_text(text, ", ");
		vm_buf_put_text(text, vm_column_info(column).name);
	}
}

static bool refuse_column(const struct vm_options *options, struct vm_str word)
{
	struct vm_buf error = { 0 };

	vm_buf_put_char(&error, '\'');
	vm_safe_put(&error, word);
	vm_buf_put_text(&error, "' is no column; there are ");
	put_column_names(&error);
	vm_buf_put_text(&error, "; --list-columns explains them");
	return say_error(options, &error);
}

bool vm_option_group(const char *argument, struct vm_options *options)
{
	static const struct {
		const char *word;
		enum vm_group_key key;
	} words[] = {
		{ "kind", VM_GROUP_KIND },
		{ "file", VM_GROUP_FILE },
		{ "perms", VM_GROUP_PERMS },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(argument, words[i].word) == 0) {
			options->group = words[i].key;
			return true;
		}
	}
	vm_say(options->program, "'%s' is nothing to group by; there are kind, file and perms",
	       argument);
	return false;
}

static bool sort_sums(const char *argument, struct vm_options *options)
{
	struct vm_buf error = { 0 };

	options->tally_sort = vm_tally_column_find(vm_str_from(argument));
	if (options->tally_sort < VM_TALLY_COLUMN_COUNT)
		return true;
	vm_buf_put_char(&error, '\'');
	vm_safe_put(&error, vm_str_from(argument));
	vm_buf_put_text(&error, "' is no column of sums; there are ");
	for (enum vm_tally_column column = 0; column < VM_TALLY_COLUMN_COUNT; column++) {
		vm_buf_put_text(&error, column ? ", " : "");
		vm_buf_put_text(&error, vm_tally_column_name(column));
	}
	return say_error(options, &error);
}

bool vm_option_sort(const char *argument, struct vm_options *options)
{
	if (vm_task_is_sums(options->task))
		return sort_sums(argument, options);
	options->selection.sort = vm_column_find(vm_str_from(argument));
	return options->selection.sort < VM_COLUMN_COUNT ||
	       refuse_column(options, vm_str_from(argument));
}

static bool add_column(struct vm_options *options, enum vm_column column)
{
	if (options->column_count == VM_COLUMNS_MAX) {
		vm_say(options->program, "there are more than %d columns in the list",
		       VM_COLUMNS_MAX);
		return false;
	}
	options->columns[options->column_count++] = column;
	return true;
}

static bool add_all(struct vm_options *options)
{
	for (enum vm_column column = 0; column < VM_COLUMN_COUNT; column++) {
		if (vm_column_is_listed(column) && !add_column(options, column))
			return false;
	}
	return true;
}

/* What answers the questions that pmap's default leaves open: how much is in memory, whose, and what it is. */
static void set_usual_columns(struct vm_options *options)
{
	static const enum vm_column usual[] = {
		VM_COLUMN_ADDRESS, VM_COLUMN_SIZE,    VM_COLUMN_RSS,  VM_COLUMN_PSS,
		VM_COLUMN_USS,     VM_COLUMN_DIRTY,   VM_COLUMN_SWAP, VM_COLUMN_PERMS,
		VM_COLUMN_KIND,    VM_COLUMN_MAPPING,
	};

	memcpy(options->columns, usual, sizeof(usual));
	options->column_count = sizeof(usual) / sizeof(usual[0]);
}

/* The name is long: it stays the last column, where it needs no room. */
static bool add_to_usual(struct vm_options *options, enum vm_column column)
{
	size_t last = options->column_count;

	if (!add_column(options, column))
		return false;
	if (options->columns[last - 1] == VM_COLUMN_MAPPING) {
		options->columns[last - 1] = column;
		options->columns[last] = VM_COLUMN_MAPPING;
	}
	return true;
}

static bool take_column(struct vm_options *options, struct vm_str word, bool to_usual)
{
	enum vm_column column;

	if (vm_str_equal(word, VM_STR("all")))
		return add_all(options);
	column = vm_column_find(word);
	if (column == VM_COLUMN_COUNT)
		return refuse_column(options, word);
	return to_usual ? add_to_usual(options, column) : add_column(options, column);
}

void vm_option_usual_columns(struct vm_options *options)
{
	if (!options->column_count)
		set_usual_columns(options);
}

/* `a,b` is a list; `+a,b` adds to the usual columns, `+` alone is these. */
bool vm_option_columns(const char *argument, struct vm_options *options)
{
	struct vm_str rest = vm_str_from(argument);
	bool to_usual = vm_scan_char(&rest, '+'), more = true;

	options->column_count = 0;
	if (to_usual)
		set_usual_columns(options);
	if (to_usual && !rest.len)
		return true;
	while (more) {
		struct vm_str word = { rest.p, vm_str_find(rest, ',') };

		more = word.len < rest.len;
		rest = vm_str_skip(rest, word.len + 1);
		if (to_usual)
			vm_scan_char(&word, '+');
		if (!take_column(options, word, to_usual))
			return false;
	}
	return true;
}

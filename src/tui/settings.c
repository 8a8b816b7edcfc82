#include "settings.h"

#include "vmview/safe.h"
#include "vmview/scan.h"

struct tui_settings tui_settings_default(void)
{
	return (struct tui_settings){
		.interval_ns = 1000000000,
		.theme = TUI_THEME_DEFAULT,
		.units = VM_SIZE_HUMAN,
		.sort = VM_SORT_ADDRESS,
		.columns = TUI_COLUMNS_DEFAULT,
	};
}

static struct vm_str trim(struct vm_str s)
{
	vm_scan_blanks(&s);
	while (s.len && (s.p[s.len - 1] == ' ' || s.p[s.len - 1] == '\t' || s.p[s.len - 1] == '\r'))
		s.len--;
	return s;
}

bool tui_interval_parse(struct vm_str text, uint64_t *interval_ns)
{
	uint64_t whole, ns = 0, digit = 100000000;

	if (!vm_scan_dec(&text, &whole) || whole > TUI_INTERVAL_MAX_NS / 1000000000)
		return false;
	if (vm_scan_char(&text, '.')) {
		for (; text.len && text.p[0] >= '0' && text.p[0] <= '9'; digit /= 10) {
			ns += digit * (uint64_t)(text.p[0] - '0');
			text = vm_str_skip(text, 1);
		}
	}
	ns += whole * 1000000000;
	if (text.len || ns < TUI_INTERVAL_MIN_NS || ns > TUI_INTERVAL_MAX_NS)
		return false;
	*interval_ns = ns;
	return true;
}

static bool parse_interval(struct vm_str text, struct tui_settings *settings)
{
	return tui_interval_parse(text, &settings->interval_ns);
}

static bool parse_theme(struct vm_str text, struct tui_settings *settings)
{
	enum tui_theme theme = tui_theme_find(text);

	if (theme == TUI_THEME_COUNT)
		return false;
	settings->theme = theme;
	return true;
}

static bool parse_units(struct vm_str text, struct tui_settings *settings)
{
	bool human = vm_str_equal(text, VM_STR("human"));

	if (!human && !vm_str_equal(text, VM_STR("kib")))
		return false;
	settings->units = human ? VM_SIZE_HUMAN : VM_SIZE_KIB;
	return true;
}

/* A key, with a - before it for the other way round. */
static bool parse_sort(struct vm_str text, struct tui_settings *settings)
{
	bool reverse = vm_scan_char(&text, '-');

	for (enum vm_sort_key key = 0; key < VM_SORT_COUNT; key++) {
		if (vm_str_equal(text, vm_str_from(vm_sort_name(key)))) {
			settings->sort = key;
			settings->reverse = reverse;
			return true;
		}
	}
	return false;
}

static uint32_t find_column(struct vm_str name)
{
	for (enum tui_column_id id = 0; id < TUI_COLUMN_COUNT; id++) {
		if (vm_str_equal(name, vm_str_from(tui_column(id)->name)))
			return 1u << id;
	}
	return 0;
}

static bool parse_columns(struct vm_str text, struct tui_settings *settings)
{
	uint32_t columns = 0;

	while (text.len) {
		size_t comma = vm_str_find(text, ',');
		uint32_t column = find_column(trim((struct vm_str){ text.p, comma }));

		if (!column)
			return false;
		columns |= column;
		text = vm_str_skip(text, comma + 1);
	}
	if (!columns)
		return false;
	settings->columns = columns;
	return true;
}

static const struct {
	const char *key;
	bool (*parse)(struct vm_str text, struct tui_settings *settings);
	const char *wanted;
} keys[] = {
	{ "interval", parse_interval, "interval is a number of seconds from 0.05 to 3600" },
	{ "theme", parse_theme, "theme is default, light, high-contrast or mono" },
	{ "units", parse_units, "units is human or kib" },
	{ "sort", parse_sort, "sort is the name of a column that can be sorted by" },
	{ "columns", parse_columns, "columns is a list of columns with commas between them" },
};

/* What is wrong with the line, or NULL. */
static const char *parse_line(struct tui_settings *settings, struct vm_str line)
{
	size_t equals = vm_str_find(line, '=');
	struct vm_str key = trim((struct vm_str){ line.p, equals });
	struct vm_str value = trim(vm_str_skip(line, equals + 1));

	if (equals == line.len)
		return "it is not of the form KEY = VALUE";
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (vm_str_equal(key, vm_str_from(keys[i].key)))
			return keys[i].parse(value, settings) ? NULL : keys[i].wanted;
	}
	return "there is no such setting";
}

void tui_settings_parse(struct tui_settings *settings, struct vm_str text,
			tui_settings_warn_fn warn, void *user)
{
	for (size_t number = 1; text.len; number++) {
		size_t end = vm_str_find(text, '\n');
		struct vm_str line = trim((struct vm_str){ text.p, end });

		if (line.len && line.p[0] != '#') {
			const char *wrong = parse_line(settings, line);

			if (wrong)
				warn(number, wrong, user);
		}
		text = vm_str_skip(text, end + 1);
	}
}

static void write_interval(const struct tui_settings *settings, struct vm_buf *text)
{
	uint64_t rest = settings->interval_ns % 1000000000;

	vm_buf_put_dec(text, settings->interval_ns / 1000000000, 0, ' ');
	if (rest)
		vm_buf_put_char(text, '.');
	for (uint64_t digit = 100000000; rest; rest %= digit, digit /= 10)
		vm_buf_put_dec(text, rest / digit, 0, ' ');
}

static void write_columns(const struct tui_settings *settings, struct vm_buf *text)
{
	const char *separator = "";

	for (enum tui_column_id id = 0; id < TUI_COLUMN_COUNT; id++) {
		if (settings->columns >> id & 1) {
			vm_buf_put_text(text, separator);
			vm_buf_put_text(text, tui_column(id)->name);
			separator = ",";
		}
	}
}

void tui_settings_write(const struct tui_settings *settings, struct vm_buf *text)
{
	vm_buf_put_text(text, "# Settings of vmview's live view. It writes this file when it ends\n"
			      "# and one of them was changed; see vmview(1).\n\n"
			      "# Seconds between two looks at the process.\ninterval = ");
	write_interval(settings, text);
	vm_buf_put_text(text, "\n\n# default, light, high-contrast or mono.\ntheme = ");
	vm_buf_put_text(text, tui_theme_name(settings->theme));
	vm_buf_put_text(text, "\n\n# Sizes for people, or in kB: human or kib.\nunits = ");
	vm_buf_put_text(text, settings->units == VM_SIZE_HUMAN ? "human" : "kib");
	vm_buf_put_text(text,
			"\n\n# Column to sort by; a - before it turns the order round.\nsort = ");
	vm_buf_put_text(text, settings->reverse ? "-" : "");
	vm_buf_put_text(text, vm_sort_name(settings->sort));
	vm_buf_put_text(text,
			"\n\n# Columns that are shown, where there is room for them.\ncolumns = ");
	write_columns(settings, text);
	vm_buf_put_char(text, '\n');
}

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
	uint64_t whole = 0, ns = 0, digit = 100000000;

	/* .5 has none. */
	vm_scan_dec(&text, &whole);
	if (whole > TUI_INTERVAL_MAX_NS / 1000000000)
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
		if (vm_str_equal(name, vm_str_from(tui_column_name(id))))
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

static void write_interval(const struct tui_settings *settings, struct vm_buf *text)
{
	uint64_t rest = settings->interval_ns % 1000000000;

	vm_buf_put_dec(text, settings->interval_ns / 1000000000, 0, ' ');
	if (rest)
		vm_buf_put_char(text, '.');
	for (uint64_t digit = 100000000; rest; rest %= digit, digit /= 10)
		vm_buf_put_dec(text, rest / digit, 0, ' ');
}

static void write_theme(const struct tui_settings *settings, struct vm_buf *text)
{
	vm_buf_put_text(text, tui_theme_name(settings->theme));
}

static void write_units(const struct tui_settings *settings, struct vm_buf *text)
{
	vm_buf_put_text(text, settings->units == VM_SIZE_HUMAN ? "human" : "kib");
}

static void write_sort(const struct tui_settings *settings, struct vm_buf *text)
{
	vm_buf_put_text(text, settings->reverse ? "-" : "");
	vm_buf_put_text(text, vm_sort_name(settings->sort));
}

static void write_columns(const struct tui_settings *settings, struct vm_buf *text)
{
	const char *separator = "";

	for (enum tui_column_id id = 0; id < TUI_COLUMN_COUNT; id++) {
		if (settings->columns >> id & 1) {
			vm_buf_put_text(text, separator);
			vm_buf_put_text(text, tui_column_name(id));
			separator = ",";
		}
	}
}

static const struct key {
	const char *name;
	bool (*parse)(struct vm_str text, struct tui_settings *settings);
	void (*write)(const struct tui_settings *settings, struct vm_buf *text);
	const char *wanted;  /* for who wrote something else */
	const char *comment; /* for the file */
} keys[] = {
	{ "interval", parse_interval, write_interval,
	  "interval is a number of seconds from 0.05 to 3600",
	  "Seconds between two looks at the process." },
	{ "theme", parse_theme, write_theme, "theme is default, light, high-contrast or mono",
	  "default, light, high-contrast or mono." },
	{ "units", parse_units, write_units, "units is human or kib",
	  "Sizes for people, or in kB: human or kib." },
	{ "sort", parse_sort, write_sort, "sort is the name of a column that can be sorted by",
	  "Column to sort by; a - before it turns the order round." },
	{ "columns", parse_columns, write_columns,
	  "columns is a list of columns with commas between them",
	  "Columns that are shown, where there is room for them." },
};

#define KEY_COUNT (sizeof(keys) / sizeof(keys[0]))

/* A line of the form KEY = VALUE. */
struct line {
	const struct key *key; /* NULL: there is no such setting */
	struct vm_str value;
};

/* What is wrong with the line's form, or NULL. */
static const char *split_line(struct vm_str text, struct line *line)
{
	size_t equals = vm_str_find(text, '=');
	struct vm_str name = trim((struct vm_str){ text.p, equals });

	line->key = NULL;
	if (equals == text.len)
		return "it is not of the form KEY = VALUE";
	line->value = trim(vm_str_skip(text, equals + 1));
	for (size_t i = 0; i < KEY_COUNT && !line->key; i++)
		line->key = vm_str_equal(name, vm_str_from(keys[i].name)) ? &keys[i] : NULL;
	return line->key ? NULL : "there is no such setting";
}

/* What is wrong with the line, or NULL; then @line says what it sets. */
static const char *parse_line(struct tui_settings *settings, struct vm_str text, struct line *line)
{
	const char *wrong = split_line(text, line);

	if (wrong)
		return wrong;
	return line->key->parse(line->value, settings) ? NULL : line->key->wanted;
}

/* The next line of @text without its newline. False at the end. */
static bool next_line(struct vm_str *text, struct vm_str *line)
{
	size_t end = vm_str_find(*text, '\n');

	if (!text->len)
		return false;
	*line = (struct vm_str){ text->p, end };
	*text = vm_str_skip(*text, end + 1);
	return true;
}

static bool is_setting(struct vm_str line)
{
	line = trim(line);
	return line.len && line.p[0] != '#';
}

void tui_settings_parse(struct tui_settings *settings, struct vm_str text,
			tui_settings_warn_fn warn, void *user)
{
	struct vm_str text_line;
	struct line line;

	for (size_t number = 1; next_line(&text, &text_line); number++) {
		const char *wrong =
			is_setting(text_line) ? parse_line(settings, text_line, &line) : NULL;

		if (wrong)
			warn(number, wrong, user);
	}
}

static void write_key(const struct key *key, const struct tui_settings *settings,
		      struct vm_buf *text)
{
	vm_buf_put_text(text, "\n# ");
	vm_buf_put_text(text, key->comment);
	vm_buf_put_char(text, '\n');
	vm_buf_put_text(text, key->name);
	vm_buf_put_text(text, " = ");
	key->write(settings, text);
	vm_buf_put_char(text, '\n');
}

void tui_settings_write(const struct tui_settings *settings, struct vm_buf *text)
{
	vm_buf_put_text(text,
			"# Settings of vmview's live view. When it ends it writes here what was\n"
			"# changed in it; see vmview(1).\n");
	for (size_t i = 0; i < KEY_COUNT; i++)
		write_key(&keys[i], settings, text);
}

/* Whether two settings say different things in a file. */
static bool differ(const struct key *key, const struct tui_settings *a,
		   const struct tui_settings *b)
{
	struct vm_buf x = { 0 }, y = { 0 };
	bool different;

	key->write(a, &x);
	key->write(b, &y);
	different = !vm_str_equal(vm_buf_str(&x), vm_buf_str(&y));
	vm_buf_deinit(&x);
	vm_buf_deinit(&y);
	return different;
}

bool tui_settings_equal(const struct tui_settings *a, const struct tui_settings *b)
{
	for (size_t i = 0; i < KEY_COUNT; i++) {
		if (differ(&keys[i], a, b))
			return false;
	}
	return true;
}

/* The value in @text that counts: that of the last line which is right. Without bytes where there is none. */
static struct vm_str find_value(const struct key *key, struct vm_str text)
{
	struct tui_settings unused = tui_settings_default();
	struct vm_str value = { 0 }, text_line;
	struct line line;

	while (next_line(&text, &text_line)) {
		if (is_setting(text_line) && !parse_line(&unused, text_line, &line) &&
		    line.key == key)
			value = line.value;
	}
	return value;
}

static void set_value(const struct key *key, const struct tui_settings *settings,
		      struct vm_buf *text)
{
	struct vm_str old = find_value(key, vm_buf_str(text));
	struct vm_buf fresh = { 0 };

	if (!old.len) {
		if (text->len && text->p[text->len - 1] != '\n')
			vm_buf_put_char(text, '\n');
		write_key(key, settings, text);
		return;
	}
	vm_buf_put(&fresh, text->p, (size_t)(old.p - text->p));
	key->write(settings, &fresh);
	vm_buf_put(&fresh, old.p + old.len, (size_t)(text->p + text->len - old.p) - old.len);
	fresh.failed |= text->failed;
	vm_buf_deinit(text);
	*text = fresh;
}

void tui_settings_update(const struct tui_settings *before, const struct tui_settings *after,
			 struct vm_buf *text)
{
	for (size_t i = 0; i < KEY_COUNT; i++) {
		if (differ(&keys[i], before, after))
			set_value(&keys[i], after, text);
	}
}

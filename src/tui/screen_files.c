/*
 * Mappings grouped by file, kind or permissions: one row a group, which can be opened.
 */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "files.h"
#include "table.h"
#include "vmview/kind.h"
#include "vmview/safe.h"

static const char *const key_titles[] = {
	[VM_GROUP_FILE] = "FILE",
	[VM_GROUP_KIND] = "KIND",
	[VM_GROUP_PERMS] = "PERMISSIONS",
};

void tui_files_deinit(struct tui_files *files)
{
	vm_groups_deinit(&files->groups);
	free(files->rows);
	for (size_t i = 0; i < files->open_count; i++)
		free(files->open[i]);
	free(files->open);
	vm_buf_deinit(&files->selected_group);
	*files = (struct tui_files){ 0 };
}

/* Groups are known by name: they come and go with every refresh. */
static size_t find_open(const struct tui_files *files, struct vm_str name)
{
	size_t i = 0;

	while (i < files->open_count && !vm_str_equal(vm_str_from(files->open[i]), name))
		i++;
	return i;
}

static void close_group(struct tui_files *files, size_t at)
{
	free(files->open[at]);
	files->open[at] = files->open[--files->open_count];
}

static void open_group(struct tui_files *files, struct vm_str name)
{
	char *copy;

	if (files->open_count == files->open_cap) {
		size_t cap = files->open_cap ? files->open_cap * 2 : 8;
		char **open = reallocarray(files->open, cap, sizeof(*open));

		if (!open)
			return;
		files->open = open;
		files->open_cap = cap;
	}
	copy = tui_copy_text(name);
	if (copy)
		files->open[files->open_count++] = copy;
}

static bool add_row(struct tui_files *files, struct tui_file_row row)
{
	if (files->count == files->cap) {
		size_t cap = files->cap ? files->cap * 2 : 64;
		struct tui_file_row *rows = reallocarray(files->rows, cap, sizeof(*rows));

		if (!rows)
			return false;
		files->rows = rows;
		files->cap = cap;
	}
	files->rows[files->count++] = row;
	return true;
}

static void make_rows(struct tui_app *app)
{
	struct tui_files *files = &app->files;

	files->count = 0;
	for (size_t i = 0; i < files->groups.count; i++) {
		const struct vm_group *group = &files->groups.items[i];

		if (!add_row(files, (struct tui_file_row){ group, NULL }))
			return;
		if (find_open(files, group->name) == files->open_count)
			continue;
		for (size_t j = 0; j < group->count; j++) {
			uint32_t index = files->groups.rows[group->first + j];

			add_row(files,
				(struct tui_file_row){ group, &app->data.now.mappings[index] });
		}
	}
}

/* The selected row is the user's choice. Rows and names go with the reading that they are of. */
static void choose(struct tui_files *files)
{
	const struct tui_file_row *row;

	if (files->scroll.selected >= files->count)
		return;
	row = &files->rows[files->scroll.selected];
	files->has_selection = true;
	vm_buf_clear(&files->selected_group);
	vm_buf_put_str(&files->selected_group, row->group->name);
	files->selected_start = row->mapping ? row->mapping->start : 0;
}

/* The row of what was chosen, or of its group where that has no such mapping any more; else files->count. */
static size_t find_chosen(const struct tui_files *files)
{
	struct vm_str name = vm_buf_str(&files->selected_group);
	size_t found = files->count;

	for (size_t i = 0; i < files->count; i++) {
		const struct tui_file_row *row = &files->rows[i];

		if (!vm_str_equal(row->group->name, name))
			continue;
		if (!row->mapping)
			found = i;
		else if (row->mapping->start == files->selected_start)
			return i;
	}
	return found;
}

/* The selection follows its group or mapping and keeps its place on the screen. */
static void restore_selection(struct tui_files *files)
{
	size_t offset = files->scroll.selected - files->scroll.top;
	size_t row = files->has_selection ? find_chosen(files) : 0;

	files->scroll.rows = files->count;
	if (row < files->count && row != files->scroll.selected) {
		files->scroll.selected = row;
		files->scroll.top = row > offset ? row - offset : 0;
	}
	tui_scroll_fit(&files->scroll);
}

static void make_groups(struct tui_app *app)
{
	struct tui_files *files = &app->files;

	files->stale = false;
	vm_groups_deinit(&files->groups);
	if (vm_groups_make(&app->data.now, &app->filter, files->key, &files->groups) < 0)
		tui_app_say(app, true, "out of memory: the groups cannot be shown");
	make_rows(app);
	restore_selection(files);
}

/* Grouping many mappings takes a while, which nobody shall wait for who looks at something else. */
static void renew(struct tui_app *app)
{
	struct tui_files *files = &app->files;

	if (app->screen == TUI_SCREEN_FILES) {
		make_groups(app);
		return;
	}
	vm_groups_deinit(&files->groups);
	files->count = 0;
	files->stale = true;
}

static void come_back(struct tui_app *app)
{
	if (app->files.stale)
		make_groups(app);
}

static const struct {
	const char *title;
	enum vm_measure measure;
} columns[] = {
	{ "SIZE", VM_MEASURE_SIZE }, { "RSS", VM_MEASURE_RSS },     { "PSS", VM_MEASURE_PSS },
	{ "USS", VM_MEASURE_USS },   { "DIRTY", VM_MEASURE_DIRTY }, { "SWAP", VM_MEASURE_SWAP },
};

#define COLUMN_COUNT (sizeof(columns) / sizeof(columns[0]))
#define MARK_WIDTH 4 /* `[+] ` */

static int longest_name(const struct tui_files *files)
{
	size_t longest = strlen(" 7f0000000000 rw-p a");

	for (size_t i = 0; i < files->groups.count; i++) {
		if (files->groups.items[i].name.len > longest)
			longest = files->groups.items[i].name.len;
	}
	return MARK_WIDTH + (longest < 1000 ? (int)longest : 1000);
}

/* Numbers stand near to what they are of. */
static struct tui_table fit(const struct tui_app *app, int width)
{
	return tui_table_fit(width, app->settings.units, COLUMN_COUNT, MARK_WIDTH + 16,
			     longest_name(&app->files));
}

static void put_number(const struct tui_app *app, const struct tui_file_row *row, size_t column,
		       struct vm_buf *text)
{
	enum vm_measure measure = columns[column].measure;
	bool has = row->mapping ? vm_measure_has(row->mapping, measure) :
				  row->group->reported >> measure & 1;

	if (has)
		vm_size_put(text,
			    row->mapping ? vm_measure_of(row->mapping, measure) :
					   row->group->measures[measure],
			    app->settings.units);
	else
		vm_buf_put_text(text, app->data.error ? "n/a" : app->data.has_usage ? "-" : "");
}

static struct tui_style row_style(const struct tui_file_row *row)
{
	struct tui_style style;

	if (row->mapping)
		return tui_style_of(row->mapping);
	style = tui_style_of_backing(row->group->backing);
	style.attr |= TUI_BOLD;
	return style;
}

static void put_name(const struct tui_file_row *row, bool open, struct vm_buf *text)
{
	if (row->mapping) {
		vm_buf_put_text(text, "     ");
		vm_buf_put_hex(text, row->mapping->start, 12, ' ');
		vm_buf_put_char(text, ' ');
		vm_buf_put(text, row->mapping->perms, sizeof(row->mapping->perms));
		vm_buf_put_char(text, ' ');
		vm_buf_put_char(text, vm_kind_info(row->mapping->kind)->letter);
		return;
	}
	vm_buf_put_text(text, row->group->count < 2 ? "    " : open ? "[-] " : "[+] ");
	vm_safe_put(text, row->group->name);
}

/* @line is the row of the screen. */
static void draw_numbers(struct tui_app *app, const struct tui_table *table,
			 const struct tui_file_row *row, int line, int col, struct tui_style style)
{
	struct vm_buf text = { 0 };

	style.attr &= (uint8_t)~TUI_REVERSE;
	if (!row->mapping)
		vm_buf_put_dec(&text, row->group->count, 0, ' ');
	col += table->count;
	tui_put_right(&app->canvas, line, col, table->count, style, vm_buf_str(&text));
	for (size_t i = table->first; i < table->end; i++) {
		col += 1 + table->number;
		vm_buf_clear(&text);
		put_number(app, row, i, &text);
		tui_put_right(&app->canvas, line, col, table->number, style, vm_buf_str(&text));
	}
	vm_buf_deinit(&text);
}

/* What stands before a name is as wide for all. */
static void draw_name(struct tui_app *app, int line, int col, int width, struct tui_style style,
		      struct vm_str text)
{
	struct vm_str mark = { text.p, text.len < MARK_WIDTH ? text.len : MARK_WIDTH };

	tui_put(&app->canvas, line, col, width, style, mark);
	tui_put_middle(&app->canvas, line, col + MARK_WIDTH, width - MARK_WIDTH, style,
		       vm_str_skip(text, MARK_WIDTH));
}

static void draw_row(struct tui_app *app, const struct tui_table *table, size_t index, int line,
		     struct tui_area area)
{
	const struct tui_file_row *row = &app->files.rows[index];
	bool open = find_open(&app->files, row->group->name) < app->files.open_count;
	struct tui_style style = row_style(row);
	struct vm_buf text = { 0 };
	int col = area.col + 2;

	put_name(row, open, &text);
	draw_name(app, line, col, table->name, style, vm_buf_str(&text));
	draw_numbers(app, table, row, line, col + table->name, style);
	if (index == app->files.scroll.selected) {
		tui_put_text(&app->canvas, line, area.col, 1,
			     (struct tui_style){ TUI_HUE_PLAIN, TUI_BOLD }, ">");
		tui_add_attr(&app->canvas, line, area.col, area.width, TUI_REVERSE | TUI_BOLD);
	}
	tui_add_hit(&app->canvas, line, area.col, area.width, TUI_SELECT, index);
	vm_buf_deinit(&text);
}

static void draw_titles(struct tui_app *app, const struct tui_table *table, struct tui_area area)
{
	struct tui_style style = { TUI_HUE_BAR, 0 };
	int col = area.col + 2 + table->name + table->count;

	tui_fill(&app->canvas, area.row, area.col, area.width, style, ' ', ' ');
	tui_put_text(&app->canvas, area.row, area.col + 2 + MARK_WIDTH, table->name - MARK_WIDTH,
		     style, key_titles[app->files.key]);
	tui_put_right(&app->canvas, area.row, col, table->count, style, VM_STR("MAPS"));
	for (size_t i = table->first; i < table->end; i++) {
		col += 1 + table->number;
		tui_put_right(&app->canvas, area.row, col, table->number, style,
			      vm_str_from(columns[i].title));
	}
}

static void draw(struct tui_app *app, struct tui_area area)
{
	struct tui_scroll *scroll = &app->files.scroll;
	struct tui_table table;

	come_back(app);
	table = fit(app, area.width);
	draw_titles(app, &table, area);
	scroll->height = area.height > 1 ? (size_t)area.height - 1 : 0;
	tui_scroll_fit(scroll);
	for (size_t i = 0; i < scroll->height && scroll->top + i < app->files.count; i++)
		draw_row(app, &table, scroll->top + i, area.row + 1 + (int)i, area);
	if (!app->files.count)
		tui_draw_absence(app, area);
}

static void toggle(struct tui_app *app)
{
	struct tui_files *files = &app->files;
	const struct tui_file_row *row;
	size_t at;

	if (files->scroll.selected >= files->count)
		return;
	row = &files->rows[files->scroll.selected];
	/* A mapping of an open group leads to itself in the list. */
	if (row->mapping) {
		uint64_t start = row->mapping->start;

		tui_app_step(app, TUI_SCREEN, TUI_SCREEN_LIST);
		tui_list_select_address(app, start);
		return;
	}
	at = find_open(files, row->group->name);
	if (at < files->open_count)
		close_group(files, at);
	else
		open_group(files, row->group->name);
	make_rows(app);
	restore_selection(files);
}

static void open_or_close(struct tui_app *app, bool open)
{
	const struct tui_files *files = &app->files;
	const struct tui_file_row *row;

	if (files->scroll.selected >= files->count)
		return;
	row = &files->rows[files->scroll.selected];
	if (!row->mapping && (find_open(files, row->group->name) < files->open_count) != open)
		toggle(app);
}

static void next_key(struct tui_app *app)
{
	app->files.key = app->files.key == VM_GROUP_PERMS ? VM_GROUP_FILE : app->files.key + 1;
	app->files.has_selection = false;
	make_groups(app);
}

static bool step(struct tui_app *app, enum tui_action action, uint64_t value)
{
	struct tui_files *files = &app->files;

	come_back(app);
	if (tui_scroll_step(&files->scroll, action)) {
		choose(files);
		return true;
	}
	if (action == TUI_SELECT && value < files->count && value != files->scroll.selected) {
		files->scroll.selected = (size_t)value;
		choose(files);
		return true;
	}
	if (action == TUI_ENTER || action == TUI_SELECT) {
		toggle(app);
		return true;
	}
	if (action == TUI_RIGHT || action == TUI_LEFT) {
		open_or_close(app, action == TUI_RIGHT);
		return true;
	}
	if (action == TUI_GROUP) {
		next_key(app);
		return true;
	}
	return false;
}

const struct tui_screen tui_screen_files = { "Files", step, draw, renew };

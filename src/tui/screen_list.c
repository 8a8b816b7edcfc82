/*
 * The list of mappings.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "vmview/kind.h"

/* Left of the first column: the cursor and the mark. */
#define GUTTER 2

/* The name's column is as wide as the longest one, within these bounds: what stands behind it shall not be far away. */
#define NAME_LEAST 20
#define NAME_MOST 1000
/* Of a name, behind what stands before it. */
#define NAME_REST 8

static int make_room(struct tui_list *list, size_t count)
{
	struct tui_row *rows;

	if (count <= list->cap)
		return 0;
	rows = reallocarray(list->rows, count, sizeof(*rows));
	if (!rows)
		return -1;
	list->rows = rows;
	list->cap = count;
	return 0;
}

static struct tui_row mapping_row(const struct tui_data *data, uint32_t index)
{
	struct tui_row row = { .mapping = &data->now.mappings[index] };

	if (data->marks)
		row.mark = data->marks[index];
	return row;
}

static struct tui_row ghost_row(const struct tui_ghost *ghost)
{
	return (struct tui_row){ &ghost->mapping, { VM_CHANGE_GONE + 1, ghost->age }, true };
}

/*
 * In address order what is gone stands where it was, else behind the rest. @order has @count indexes of
 * present mappings.
 */
static void fill_rows(struct tui_app *app, const uint32_t *order, size_t count)
{
	bool in_place = app->settings.sort == VM_SORT_ADDRESS && !app->settings.reverse;
	const struct tui_data *data = &app->data;
	struct tui_list *list = &app->list;
	size_t ghost = 0;

	list->count = 0;
	for (size_t i = 0; i < count; i++) {
		struct tui_row row = mapping_row(data, order[i]);

		for (; in_place && ghost < data->ghost_count &&
		       data->ghosts[ghost].mapping.start <= row.mapping->start;
		     ghost++) {
			if (vm_filter_matches(&app->filter, &data->ghosts[ghost].mapping))
				list->rows[list->count++] = ghost_row(&data->ghosts[ghost]);
		}
		list->rows[list->count++] = row;
	}
	for (; ghost < data->ghost_count; ghost++) {
		if (vm_filter_matches(&app->filter, &data->ghosts[ghost].mapping))
			list->rows[list->count++] = ghost_row(&data->ghosts[ghost]);
	}
}

/* What stands before a name, see column.c. */
static size_t lead_length(const struct vm_mapping *m)
{
	return (m->deleted ? strlen("[deleted] ") : 0) +
	       (vm_mapping_is_wx(m) ? strlen("!W+X ") : 0);
}

static int name_length(const struct vm_mapping *m)
{
	size_t len = vm_display_name(m).len + lead_length(m);

	return len < NAME_MOST ? (int)len : NAME_MOST;
}

static void sum_rows(struct tui_list *list)
{
	list->shown = (struct vm_totals){ 0 };
	list->longest_name = NAME_LEAST;
	for (size_t i = 0; i < list->count; i++) {
		int len = name_length(list->rows[i].mapping);

		if (len > list->longest_name)
			list->longest_name = len;
		if (!list->rows[i].ghost)
			vm_totals_add(&list->shown, list->rows[i].mapping);
	}
	list->shown_count = list->shown.count;
}

/* The row that holds @address, or list->count. */
static size_t find_row(const struct tui_list *list, uint64_t address)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct vm_mapping *m = list->rows[i].mapping;

		if (!list->rows[i].ghost && vm_mapping_holds(m, address))
			return i;
	}
	return list->count;
}

/* The row of the selected mapping, of something that is left of it, or of it as it goes; else list->count. */
static size_t find_selected(const struct tui_list *list)
{
	size_t row = find_row(list, list->selected_start);

	for (size_t i = 0; i < list->count && row == list->count; i++) {
		const struct vm_mapping *m = list->rows[i].mapping;

		if (m->start < list->selected_end && m->end > list->selected_start)
			row = i;
	}
	return row;
}

static void remember_selection(struct tui_list *list)
{
	if (list->scroll.selected >= list->count) {
		list->has_selection = false;
	} else {
		list->selected_start = list->rows[list->scroll.selected].mapping->start;
		list->selected_end = list->rows[list->scroll.selected].mapping->end;
	}
}

/* The selection follows its mapping and keeps its place on the screen. */
static void restore_selection(struct tui_list *list)
{
	size_t offset = list->scroll.selected - list->scroll.top, row;
	bool hidden;

	list->scroll.rows = list->count;
	if (!list->has_selection)
		list->scroll.selected = list->scroll.top = 0;
	row = list->has_selection ? find_selected(list) : list->count;
	hidden = list->has_selection && row == list->count;
	if (row < list->count && row != list->scroll.selected) {
		list->scroll.selected = row;
		list->scroll.top = row > offset ? row - offset : 0;
	}
	tui_scroll_fit(&list->scroll);
	/* One that a filter hides comes back with its mapping, unless another is chosen. */
	if (!hidden)
		remember_selection(list);
}

void tui_list_renew(struct tui_app *app)
{
	size_t room = app->data.now.count + app->data.ghost_count, count;
	uint32_t *order;

	app->list.count = 0;
	order = reallocarray(NULL, app->data.now.count + 1, sizeof(*order));
	if (!order || make_room(&app->list, room) < 0) {
		free(order);
		tui_app_say(app, true, "out of memory: the list cannot be shown");
		return;
	}
	count = vm_select(&app->data.now, &app->filter, app->settings.sort, app->settings.reverse,
			  order);
	fill_rows(app, order, count);
	free(order);
	if (vm_filter_failed(&app->filter))
		tui_app_say(app, true, "out of memory: not every name could be matched");
	sum_rows(&app->list);
	restore_selection(&app->list);
}

const struct tui_row *tui_list_selected(const struct tui_app *app)
{
	const struct tui_list *list = &app->list;

	return list->scroll.selected < list->count ? &list->rows[list->scroll.selected] : NULL;
}

static void select_row(struct tui_app *app, size_t row)
{
	app->list.scroll.selected = row;
	app->list.has_selection = true;
	tui_scroll_fit(&app->list.scroll);
	remember_selection(&app->list);
	app->explain_top = 0;
}

bool tui_list_select_address(struct tui_app *app, uint64_t address)
{
	size_t row = find_row(&app->list, address);

	if (row == app->list.count)
		return false;
	select_row(app, row);
	return true;
}

static bool name_holds(const struct tui_app *app, const struct tui_row *row)
{
	struct tui_cell_context context = { &app->data, app->settings.units, true };
	struct vm_buf name = { 0 };
	bool hit;

	tui_column_put(TUI_COLUMN_NAME, &context, row, &name);
	vm_buf_put_char(&name, '\0');
	hit = !name.failed && app->search.p && strcasestr(name.p, app->search.p);
	vm_buf_deinit(&name);
	return hit;
}

void tui_list_search(struct tui_app *app, int step)
{
	size_t count = app->list.count, at = app->list.scroll.selected;

	if (!app->search.len) {
		tui_app_say(app, false, "nothing to look for yet: / asks for it");
		return;
	}
	/* An end for strcasestr(). */
	vm_buf_put_char(&app->search, '\0');
	app->search.len--;
	for (size_t i = 0; i < count; i++) {
		at = step > 0 ? (at + 1) % count : (at + count - 1) % count;
		if (name_holds(app, &app->list.rows[at])) {
			select_row(app, at);
			return;
		}
	}
	tui_app_say(app, true, "no mapping's name holds '%s'", app->search.p ? app->search.p : "");
}

static bool step(struct tui_app *app, enum tui_action action, uint64_t value)
{
	if (tui_scroll_step(&app->list.scroll, action)) {
		select_row(app, app->list.scroll.selected);
		return true;
	}
	if (action == TUI_SELECT && value < app->list.count) {
		select_row(app, (size_t)value);
		return true;
	}
	return false;
}

/*
 * How wide addresses are: as wide as the highest one of the process. The kernel's own page at the end of the
 * 64-bit space would cost every row four columns; it is cut in its middle instead.
 */
static int address_width(const struct tui_app *app)
{
	const struct vm_snapshot *now = &app->data.now;
	size_t last = now->count;
	uint64_t top;
	int width = 8;

	while (last && now->mappings[last - 1].kind == VM_KIND_KERNEL &&
	       now->mappings[last - 1].start >> 63)
		last--;
	top = last ? now->mappings[last - 1].end - 1 : 0;
	while (width < 16 && top >> (4 * width))
		width++;
	return width;
}

uint32_t tui_list_columns(const struct tui_app *app, int width, int widths[TUI_COLUMN_COUNT])
{
	return tui_columns_fit(app->settings.columns, app->settings.units, address_width(app),
			       width - GUTTER, widths);
}

static bool is_left(enum tui_column_id id)
{
	return tui_column(id)->width <= 0;
}

static void draw_title(struct tui_app *app, int row, int col, int width, enum tui_column_id id)
{
	const struct tui_column *column = tui_column(id);
	bool sorted = column->sort == app->settings.sort && column->sort != VM_SORT_COUNT;
	struct tui_style style = { TUI_HUE_BAR, sorted ? TUI_BOLD | TUI_UNDERLINE : 0 };
	struct vm_str title = vm_str_from(column->title);

	if (is_left(id))
		tui_put(&app->canvas, row, col, width, style, title);
	else
		tui_put_right(&app->canvas, row, col + width, width, style, title);
	if (column->sort != VM_SORT_COUNT)
		tui_add_hit(&app->canvas, row, col, width, TUI_SORT_BY, column->sort);
}

/* What all rows have in common. */
struct table {
	uint32_t shown;
	int widths[TUI_COLUMN_COUNT];
	struct tui_cell_context context;
	struct vm_buf text;
};

static void draw_titles(struct tui_app *app, const struct table *table, struct tui_area area)
{
	int col = area.col + GUTTER;

	tui_fill(&app->canvas, area.row, area.col, area.width, (struct tui_style){ TUI_HUE_BAR, 0 },
		 ' ', ' ');
	for (enum tui_column_id id = 0; id < TUI_COLUMN_COUNT; id++) {
		if (!(table->shown >> id & 1))
			continue;
		draw_title(app, area.row, col, table->widths[id], id);
		col += table->widths[id] + 1;
	}
}

/* Whether reverse says of the cell's column that the mapping is shared. */
static bool tells_sharing(enum tui_column_id id)
{
	return id == TUI_COLUMN_PERMS || id == TUI_COLUMN_KIND || id == TUI_COLUMN_NAME;
}

static struct tui_style cell_style(const struct tui_row *row, enum tui_column_id id)
{
	struct tui_style style = tui_style_of(row->mapping);

	if (!tells_sharing(id))
		style.attr &= (uint8_t)~TUI_REVERSE;
	if (id == TUI_COLUMN_NAME && vm_mapping_is_wx(row->mapping))
		style = (struct tui_style){ TUI_HUE_ALERT, style.attr };
	if (row->ghost)
		style.attr |= TUI_DIM;
	else if (row->mark.change)
		style.attr |= TUI_BOLD;
	return style;
}

/* What stands in front is not cut, as long as enough is left of the name; however little there is, the ! stays. */
static void draw_name(struct tui_app *app, int line, int col, int width, struct tui_style style,
		      const struct vm_mapping *mapping, struct vm_str text)
{
	size_t lead = lead_length(mapping);
	int taken;

	if (width < (int)lead + NAME_REST)
		lead = vm_mapping_is_wx(mapping);
	if (lead > text.len)
		lead = text.len;
	taken = tui_put(&app->canvas, line, col, width, style, (struct vm_str){ text.p, lead });
	tui_put_middle(&app->canvas, line, col + taken, width - taken, style,
		       vm_str_skip(text, lead));
}

static void draw_cell(struct tui_app *app, struct table *table, const struct tui_row *row, int line,
		      int col, enum tui_column_id id)
{
	struct tui_style style = cell_style(row, id);
	int width = table->widths[id];

	vm_buf_clear(&table->text);
	tui_column_put(id, &table->context, row, &table->text);
	if (id == TUI_COLUMN_NAME)
		draw_name(app, line, col, width, style, row->mapping, vm_buf_str(&table->text));
	else if ((int)table->text.len > width)
		tui_put_middle(&app->canvas, line, col, width, style, vm_buf_str(&table->text));
	else if (is_left(id))
		tui_put(&app->canvas, line, col, width, style, vm_buf_str(&table->text));
	else
		tui_put_right(&app->canvas, line, col + width, width, style,
			      vm_buf_str(&table->text));
}

static char mark_of(const struct tui_row *row)
{
	if (row->mark.change)
		return vm_change_info(row->mark.change - 1)->mark;
	return vm_mapping_is_wx(row->mapping) ? '!' : ' ';
}

static void draw_row(struct tui_app *app, struct table *table, size_t index, int line,
		     struct tui_area area)
{
	const struct tui_row *row = &app->list.rows[index];
	bool selected = index == app->list.scroll.selected;
	char gutter[GUTTER] = { selected ? '>' : ' ', mark_of(row) };
	struct tui_style style = { row->mark.change || gutter[1] == ' ' ? TUI_HUE_PLAIN :
									  TUI_HUE_ALERT,
				   TUI_BOLD };
	int col = area.col + GUTTER;

	tui_put(&app->canvas, line, area.col, GUTTER, style, (struct vm_str){ gutter, GUTTER });
	for (enum tui_column_id id = 0; id < TUI_COLUMN_COUNT; id++) {
		if (!(table->shown >> id & 1))
			continue;
		draw_cell(app, table, row, line, col, id);
		col += table->widths[id] + 1;
	}
	if (selected)
		tui_add_attr(&app->canvas, line, area.col, area.width, TUI_REVERSE | TUI_BOLD);
	tui_add_hit(&app->canvas, line, area.col, area.width, TUI_SELECT, index);
}

/* Why there is nothing to be listed. */
static const char *absence(const struct tui_app *app)
{
	const struct tui_data *data = &app->data;

	if (data->gone && !data->now.count)
		return "it ended before anything of it could be read";
	if (!data->has_now)
		return "reading...";
	if (data->error == -EACCES || data->error == -EPERM)
		return app->is_root ?
			       "not permitted to read this process's maps: root lacks CAP_SYS_PTRACE" :
			       "not permitted to read this process's maps: try sudo, or CAP_SYS_PTRACE";
	if (data->fault.reason)
		return "this frame of the recording is damaged";
	if (app->saved && data->error == -ENOENT)
		return "there is neither a maps nor a smaps in it";
	if (app->saved && data->error == -EBADMSG && !data->now.count)
		return "this is not the text of maps or smaps";
	if (data->error && !data->now.count)
		return "its memory maps could not be read";
	if (vm_process_is_kernel_thread(&data->process))
		return "a kernel thread: it has no address space of its own";
	return data->now.count ? "no mapping matches the filter; Esc clears it" :
				 "it has no mappings";
}

void tui_draw_absence(struct tui_app *app, struct tui_area area)
{
	tui_put_paragraph(&app->canvas, area.row + 1, area.col + GUTTER, area.width - GUTTER,
			  area.height - 1, (struct tui_style){ TUI_HUE_PLAIN, TUI_BOLD },
			  vm_str_from(absence(app)));
}

static void draw_list(struct tui_app *app, struct tui_area area)
{
	struct table table = {
		.context = { &app->data, app->settings.units, app->canvas.utf8 },
	};
	struct tui_scroll *scroll = &app->list.scroll;

	table.shown = tui_list_columns(app, area.width, table.widths);
	if (table.widths[TUI_COLUMN_NAME] > app->list.longest_name)
		table.widths[TUI_COLUMN_NAME] = app->list.longest_name;
	draw_titles(app, &table, area);
	scroll->height = area.height > 1 ? (size_t)area.height - 1 : 0;
	tui_scroll_fit(scroll);
	for (size_t i = 0; i < scroll->height && scroll->top + i < app->list.count; i++)
		draw_row(app, &table, scroll->top + i, area.row + 1 + (int)i, area);
	if (!app->list.count)
		tui_draw_absence(app, area);
	vm_buf_deinit(&table.text);
}

/* What the pane takes of the list's room, or 0 where it would leave too little. */
static int explain_height(const struct tui_app *app, struct tui_area area)
{
	if (!app->explains || area.height < TUI_EXPLAIN_ROOM)
		return 0;
	return area.height * 3 / 5 > 14 ? 14 : area.height * 3 / 5;
}

static void draw(struct tui_app *app, struct tui_area area)
{
	int explain = explain_height(app, area);
	struct tui_area pane = { area.row + area.height - explain, area.col, area.width, explain };

	area.height -= explain;
	draw_list(app, area);
	if (explain)
		tui_draw_explain(app, pane);
}

const struct tui_screen tui_screen_list = { "Mappings", step, draw, tui_list_renew };

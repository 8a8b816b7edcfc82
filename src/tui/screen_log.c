/*
 * What happened: a line for every change.
 */
#include "app.h"
#include "vmview/kind.h"

enum cell {
	CELL_TIME,
	CELL_WHAT,
	CELL_ADDRESS,
	CELL_SIZE,
	CELL_PERMS,
	CELL_KIND,
	CELL_NAME,
	CELL_COUNT
};

/* The name takes what is left. */
static const struct {
	const char *title;
	int width, kib_width;
	bool right;
} columns[] = {
	/* clang-format off */
	[CELL_TIME] = { "TIME", 13, 13, false }, /* `12:04:29.120 ` */
	[CELL_WHAT] = { "WHAT", 22, 22, false }, /* `= merged of 3 was rw-p` */
	[CELL_ADDRESS] = { "ADDRESS", 12, 12, true },
	[CELL_SIZE] = { "SIZE", 5, 9, true },
	[CELL_PERMS] = { "PERM", 4, 4, false },
	[CELL_KIND] = { "T", 1, 1, false },
	[CELL_NAME] = { "MAPPING", 0, 0, false },
	/* clang-format on */
};

/* What becomes how narrow, or goes, one after the other, so that the name has room for something. */
static const struct {
	enum cell cell;
	int width;
} cuts[] = {
	{ CELL_TIME, 8 },                       /* without milliseconds */
	{ CELL_SIZE, 0 },    { CELL_WHAT, 16 }, /* `~ perms was rw-p` */
	{ CELL_PERMS, 0 },   { CELL_KIND, 0 },  { CELL_TIME, 0 },
	{ CELL_ADDRESS, 0 }, { CELL_WHAT, 8 }, /* `^ grown` */
};

#define NAME_LEAST 8

static int name_room(int width, const int widths[CELL_COUNT])
{
	for (enum cell cell = 0; cell < CELL_NAME; cell++)
		width -= widths[cell] ? widths[cell] + 1 : 0;
	return width;
}

static void fit_columns(const struct tui_app *app, int width, int widths[CELL_COUNT])
{
	bool human = app->settings.units == VM_SIZE_HUMAN;
	int room;

	for (enum cell cell = 0; cell < CELL_COUNT; cell++)
		widths[cell] = human ? columns[cell].width : columns[cell].kib_width;
	for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		if (name_room(width, widths) >= NAME_LEAST)
			break;
		widths[cuts[i].cell] = cuts[i].width;
	}
	room = name_room(width, widths);
	widths[CELL_NAME] = room > 0 ? room : 0;
}

/* Returns the column behind it. */
static int draw_cell(struct tui_app *app, int row, int col, int width, enum cell cell,
		     struct tui_style style, struct vm_str text)
{
	if (!width)
		return col;
	if (cell == CELL_NAME || (columns[cell].right && tui_width(&app->canvas, text) > width))
		tui_put_middle(&app->canvas, row, col, width, style, text);
	else if (columns[cell].right)
		tui_put_right(&app->canvas, row, col + width, width, style, text);
	else
		tui_put(&app->canvas, row, col, width, style, text);
	return col + width + 1;
}

/* Where all does not fit, the permissions of before give way. */
static void put_what(struct vm_buf *text, const struct tui_app *app, const struct vm_event *event,
		     int width)
{
	struct vm_event less = *event;

	vm_event_put_what(text, event, app->settings.units);
	if (text->len <= (size_t)width)
		return;
	less.old_perms[0] = '\0';
	vm_buf_clear(text);
	vm_event_put_what(text, &less, app->settings.units);
}

static void put_cell(struct vm_buf *text, const struct tui_app *app,
		     const struct tui_log_entry *entry, enum cell cell, int width)
{
	const struct vm_mapping *mapping = &entry->event.mapping;

	switch (cell) {
	case CELL_TIME:
		vm_event_put_time(text, entry->event.realtime_ns);
		break;
	case CELL_WHAT:
		put_what(text, app, &entry->event, width);
		break;
	case CELL_ADDRESS:
		vm_buf_put_hex(text, mapping->start, 0, ' ');
		break;
	case CELL_SIZE:
		vm_size_put(text, vm_mapping_size(mapping), app->settings.units);
		break;
	case CELL_PERMS:
		vm_buf_put(text, mapping->perms, sizeof(mapping->perms));
		break;
	case CELL_KIND:
		vm_buf_put_char(text, vm_kind_info(mapping->kind)->letter);
		break;
	case CELL_NAME:
		vm_buf_put_text(text, entry->text ? entry->text : "");
		break;
	case CELL_COUNT:
		break;
	}
}

static struct tui_style entry_style(const struct tui_log_entry *entry)
{
	struct tui_style style = { TUI_HUE_PLAIN, TUI_BOLD };

	if (entry->event.change == VM_CHANGE_COUNT)
		return style;
	style = tui_style_of_backing(entry->event.mapping.backing);
	if (entry->event.change == VM_CHANGE_GONE)
		style.attr |= TUI_DIM;
	return style;
}

static void draw_change(struct tui_app *app, struct tui_area area, const int widths[CELL_COUNT],
			const struct tui_log_entry *entry)
{
	struct vm_buf text = { 0 };
	int col = area.col + 2;

	for (enum cell cell = 0; cell < CELL_COUNT; cell++) {
		vm_buf_clear(&text);
		put_cell(&text, app, entry, cell, widths[cell]);
		col = draw_cell(app, area.row, col, widths[cell], cell, entry_style(entry),
				vm_buf_str(&text));
	}
	vm_buf_deinit(&text);
}

/* `12:04:29.120  * the process has ended` */
static void draw_remark(struct tui_app *app, struct tui_area area, const int widths[CELL_COUNT],
			const struct tui_log_entry *entry)
{
	struct tui_style style = entry_style(entry);
	struct vm_buf text = { 0 };
	int col = area.col + 2;

	put_cell(&text, app, entry, CELL_TIME, widths[CELL_TIME]);
	col = draw_cell(app, area.row, col, widths[CELL_TIME], CELL_TIME, style, vm_buf_str(&text));
	vm_buf_clear(&text);
	vm_buf_put_text(&text, "* ");
	vm_buf_put_text(&text, entry->text ? entry->text : "");
	tui_put_middle(&app->canvas, area.row, col, area.col + area.width - col, style,
		       vm_buf_str(&text));
	vm_buf_deinit(&text);
}

static void draw_entry(struct tui_app *app, struct tui_area area, const int widths[CELL_COUNT],
		       size_t index)
{
	const struct tui_log_entry *entry = &app->data.log[index];

	if (entry->event.change == VM_CHANGE_COUNT)
		draw_remark(app, area, widths, entry);
	else
		draw_change(app, area, widths, entry);
	if (index == app->log.selected) {
		tui_put_text(&app->canvas, area.row, area.col, 1, entry_style(entry), ">");
		tui_add_attr(&app->canvas, area.row, area.col, area.width, TUI_REVERSE | TUI_BOLD);
	}
	tui_add_hit(&app->canvas, area.row, area.col, area.width, TUI_SELECT, index);
}

static void draw_titles(struct tui_app *app, struct tui_area area, const int widths[CELL_COUNT])
{
	struct tui_style style = { TUI_HUE_BAR, 0 };
	int col = area.col + 2;

	tui_fill(&app->canvas, area.row, area.col, area.width, style, ' ', ' ');
	for (enum cell cell = 0; cell < CELL_COUNT; cell++)
		col = draw_cell(app, area.row, col, widths[cell], cell, style,
				vm_str_from(columns[cell].title));
}

/* At the end the log follows what happens; further up it stands still, even while the oldest entries go. */
static void renew(struct tui_app *app)
{
	uint64_t gone = app->data.log_total - app->data.log_count, by = gone - app->log_gone;

	app->log.selected = by < app->log.selected ? app->log.selected - (size_t)by : 0;
	app->log.top = by < app->log.top ? app->log.top - (size_t)by : 0;
	app->log_gone = gone;
	app->log.rows = app->data.log_count;
	if (app->log_follows)
		app->log.selected = app->log.rows ? app->log.rows - 1 : 0;
	tui_scroll_fit(&app->log);
}

static void draw(struct tui_app *app, struct tui_area area)
{
	struct tui_scroll *scroll = &app->log;
	struct tui_area line = { area.row, area.col, area.width, 1 };
	int widths[CELL_COUNT];

	fit_columns(app, area.width - 2, widths);
	draw_titles(app, area, widths);
	scroll->height = area.height > 1 ? (size_t)area.height - 1 : 0;
	renew(app);
	for (size_t i = 0; i < scroll->height && scroll->top + i < scroll->rows; i++) {
		line.row++;
		draw_entry(app, line, widths, scroll->top + i);
	}
	if (!scroll->rows && app->data.error && !app->data.now.count)
		tui_draw_absence(app, area);
	else if (!scroll->rows && area.height > 1)
		tui_put_text(&app->canvas, area.row + 1, area.col + 2, area.width - 2,
			     (struct tui_style){ TUI_HUE_SPECIAL, 0 }, "nothing has changed yet");
}

/* To what is mapped there now, in the list. */
static void go_to_mapping(struct tui_app *app)
{
	const struct tui_log_entry *entry;

	if (app->log.selected >= app->data.log_count)
		return;
	entry = &app->data.log[app->log.selected];
	if (entry->event.change == VM_CHANGE_COUNT)
		tui_app_say(app, false, "this line is about no mapping");
	else if (tui_list_select_address(app, entry->event.mapping.start))
		tui_app_step(app, TUI_SCREEN, TUI_SCREEN_LIST);
	else if (app->filter_text.len)
		tui_app_say(app, true, "it is gone, or the filter hides it; Esc clears that");
	else
		tui_app_say(app, true, "it is gone");
}

static bool step(struct tui_app *app, enum tui_action action, uint64_t value)
{
	if (action == TUI_ENTER || (action == TUI_SELECT && value == app->log.selected)) {
		go_to_mapping(app);
		return true;
	}
	if (action == TUI_SELECT && value < app->log.rows)
		app->log.selected = (size_t)value;
	else if (!tui_scroll_step(&app->log, action))
		return false;
	app->log_follows = app->log.selected + 1 >= app->log.rows;
	return true;
}

const struct tui_screen tui_screen_log = { "Log", step, draw, renew };

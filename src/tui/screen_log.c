/*
 * What happened: a line for every change.
 */
#include "app.h"

/* `12:04:29.120  ^ grown +132K   55d0c000  264K rw-p h ` or `12:04:29.120  * the process has ended` */
static void put_entry(struct vm_buf *text, const struct tui_app *app,
		      const struct tui_log_entry *entry)
{
	vm_event_put_time(text, entry->event.realtime_ns);
	vm_buf_put_text(text, "  ");
	if (entry->event.change != VM_CHANGE_COUNT) {
		vm_event_put(text, &entry->event, app->settings.units, true);
		return;
	}
	vm_buf_put_text(text, "* ");
	vm_buf_put_text(text, entry->text ? entry->text : "");
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

static void draw_entry(struct tui_app *app, struct tui_area area, size_t index)
{
	const struct tui_log_entry *entry = &app->data.log[index];
	struct tui_style style = entry_style(entry);
	struct vm_buf text = { 0 };
	int col;

	put_entry(&text, app, entry);
	col = area.col + 2;
	col += tui_put(&app->canvas, area.row, col, area.width - 2, style, vm_buf_str(&text));
	if (entry->event.change != VM_CHANGE_COUNT)
		tui_put_middle(&app->canvas, area.row, col, area.col + area.width - col, style,
			       vm_str_from(entry->text));
	if (index == app->log.selected) {
		tui_put_text(&app->canvas, area.row, area.col, 1, style, ">");
		tui_add_attr(&app->canvas, area.row, area.col, area.width, TUI_REVERSE | TUI_BOLD);
	}
	tui_add_hit(&app->canvas, area.row, area.col, area.width, TUI_SELECT, index);
	vm_buf_deinit(&text);
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

	tui_fill(&app->canvas, area.row, area.col, area.width, (struct tui_style){ TUI_HUE_BAR, 0 },
		 ' ', ' ');
	tui_put_text(&app->canvas, area.row, area.col + 2, area.width - 2,
		     (struct tui_style){ TUI_HUE_BAR, 0 },
		     "TIME          WHAT                       ADDRESS  SIZE PERM T MAPPING");
	scroll->height = area.height > 1 ? (size_t)area.height - 1 : 0;
	renew(app);
	for (size_t i = 0; i < scroll->height && scroll->top + i < scroll->rows; i++) {
		line.row++;
		draw_entry(app, line, scroll->top + i);
	}
	if (!scroll->rows && area.height > 1)
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

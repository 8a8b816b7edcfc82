/*
 * The dialog that chooses columns.
 */
#include "app.h"

/* @fit are the columns that the list has room for. */
static void draw_column(struct tui_app *app, struct tui_area area, size_t index, uint32_t fit)
{
	enum tui_column_id id = (enum tui_column_id)index;
	bool chosen = (app->settings.columns | 1u << TUI_COLUMN_NAME) >> index & 1;
	bool selected = index == app->columns.selected;
	struct tui_style style = { TUI_HUE_PLAIN, chosen ? TUI_BOLD : 0 };
	int end = area.col + area.width;

	tui_put_text(&app->canvas, area.row, area.col, 2, style, selected ? "> " : "  ");
	tui_put_text(&app->canvas, area.row, area.col + 2, 4, style,
		     !chosen          ? "[ ]" :
		     fit >> index & 1 ? "[x]" :
					"[-]");
	tui_put_text(&app->canvas, area.row, area.col + 6, 10, style, tui_column_name(id));
	tui_put_text(&app->canvas, area.row, area.col + 17, end - area.col - 17,
		     (struct tui_style){ TUI_HUE_PLAIN, 0 }, tui_column_help(id));
	if (selected)
		tui_add_attr(&app->canvas, area.row, area.col, area.width, TUI_REVERSE | TUI_BOLD);
	tui_add_hit(&app->canvas, area.row, area.col, area.width, TUI_TOGGLE, index);
}

static void draw(struct tui_app *app, struct tui_area area)
{
	struct tui_scroll *scroll = &app->columns;
	struct tui_area line = { area.row, area.col, area.width, 1 };
	int widths[TUI_COLUMN_COUNT];
	uint32_t fit = tui_list_columns(app, area.width, widths);

	tui_fill(&app->canvas, area.row, area.col, area.width, (struct tui_style){ TUI_HUE_BAR, 0 },
		 ' ', ' ');
	tui_put_text(&app->canvas, area.row, area.col + 2, area.width - 2,
		     (struct tui_style){ TUI_HUE_BAR, TUI_BOLD },
		     app->settings.columns & ~fit ?
			     "Columns: Space switches, Esc closes; for [-] there is no room" :
			     "Columns: Space switches, Esc closes");
	scroll->rows = TUI_COLUMN_COUNT;
	scroll->height = area.height > 1 ? (size_t)area.height - 1 : 0;
	tui_scroll_fit(scroll);
	for (size_t i = 0; i < scroll->height && scroll->top + i < scroll->rows; i++) {
		line.row++;
		draw_column(app, line, scroll->top + i, fit);
	}
}

static void toggle(struct tui_app *app, size_t column)
{
	if (column == TUI_COLUMN_NAME)
		tui_app_say(app, false, "the mapping's name is always shown");
	else
		app->settings.columns ^= 1u << column;
}

static bool step(struct tui_app *app, enum tui_action action, uint64_t value)
{
	if (tui_scroll_step(&app->columns, action))
		return true;
	if (action == TUI_TOGGLE && value < TUI_COLUMN_COUNT) {
		app->columns.selected = (size_t)value;
		toggle(app, app->columns.selected);
		return true;
	}
	if (action == TUI_ENTER || action == TUI_PAUSE) {
		toggle(app, app->columns.selected);
		return true;
	}
	return false;
}

const struct tui_screen tui_screen_columns = { "Columns", step, draw, NULL };

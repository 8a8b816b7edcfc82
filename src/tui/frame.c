/*
 * How the parts of the screen share its lines, and those that frame every screen: tabs and key bar.
 */
#include <string.h>

#include "app.h"

/* How much of a tab is shown: on narrow screens only where one is has its title. */
enum tab_form { TAB_WIDE, TAB_CLOSE, TAB_NUMBER };

/* That of the present screen is always whole; one that is a dialog has no number. */
static void put_tab(struct vm_buf *text, enum tui_screen_id screen, enum tab_form form,
		    bool present)
{
	const char *blank = form == TAB_WIDE ? " " : "";

	vm_buf_clear(text);
	vm_buf_put_text(text, blank);
	if (screen < TUI_TAB_COUNT)
		vm_buf_put_dec(text, screen + 1, 0, ' ');
	if (screen < TUI_TAB_COUNT && (form != TAB_NUMBER || present))
		vm_buf_put_char(text, ' ');
	if (form != TAB_NUMBER || present)
		vm_buf_put_text(text, tui_screen(screen)->title);
	vm_buf_put_text(text, blank);
}

static bool is_tab(const struct tui_app *app, enum tui_screen_id screen)
{
	return screen < TUI_TAB_COUNT || screen == app->screen;
}

static int tabs_width(const struct tui_app *app, enum tab_form form, struct vm_buf *text)
{
	int width = 1;

	for (enum tui_screen_id i = 0; i < TUI_SCREEN_COUNT; i++) {
		if (!is_tab(app, i))
			continue;
		put_tab(text, i, form, i == app->screen);
		width += (int)text->len + 1;
	}
	return width;
}

static void draw_tabs(struct tui_app *app, int row)
{
	struct tui_style line = { TUI_HUE_SPECIAL, 0 };
	enum tab_form form = TAB_WIDE;
	struct vm_buf text = { 0 };
	int col = 1;

	tui_fill(&app->canvas, row, 0, app->canvas.width, line, 0x2500, '-');
	while (form < TAB_NUMBER && tabs_width(app, form, &text) > app->canvas.width)
		form++;
	for (enum tui_screen_id i = 0; i < TUI_SCREEN_COUNT; i++) {
		struct tui_style style = { TUI_HUE_PLAIN, 0 };
		int width;

		if (!is_tab(app, i))
			continue;
		if (i == app->screen)
			style.attr = TUI_BOLD | TUI_REVERSE;
		put_tab(&text, i, form, i == app->screen);
		width = tui_put(&app->canvas, row, col, app->canvas.width - col, style,
				vm_buf_str(&text));
		tui_add_hit(&app->canvas, row, col, width, TUI_SCREEN, i);
		col += width + 1;
	}
	vm_buf_deinit(&text);
}

static int draw_key(struct tui_app *app, int row, int col, int room, const struct tui_key_bar *bar)
{
	int width = (int)strlen(bar->key), label = room - width;

	tui_put_text(&app->canvas, row, col, width, (struct tui_style){ TUI_HUE_PLAIN, TUI_BOLD },
		     bar->key);
	tui_fill(&app->canvas, row, col + width, label, (struct tui_style){ TUI_HUE_BAR, 0 }, ' ',
		 ' ');
	tui_put_text(&app->canvas, row, col + width, label, (struct tui_style){ TUI_HUE_BAR, 0 },
		     bar->label);
	tui_add_hit(&app->canvas, row, col, room, (int)bar->action, 0);
	return room;
}

/* A key with its label wants this much. */
#define KEY_ROOM 8

/* Where not all fit, the first ones do, and the last, which is how to get out. */
static void draw_key_bar(struct tui_app *app, int row)
{
	size_t count, shown = (size_t)app->canvas.width / KEY_ROOM;
	const struct tui_key_bar *bars = tui_key_bars(&count);
	int col = 0, room;

	if (shown > count)
		shown = count;
	if (!shown)
		return;
	room = app->canvas.width / (int)shown;
	if (room > KEY_ROOM + 4)
		room = KEY_ROOM + 4;
	for (size_t i = 0; i + 1 < shown; i++)
		col += draw_key(app, row, col, room, &bars[i]);
	draw_key(app, row, col, room, &bars[count - 1]);
}

/* How many lines each part gets. What is worth least goes first where there are few. */
struct layout {
	int header, timeline, bar, map, tabs, status, keys;
};

/* In a recording its line takes the place of the bar, of which the legend is left. */
static int bar_height(int height, bool timeline)
{
	if (timeline)
		return height >= 30 ? 2 : height >= 18;
	return height >= 18 ? 2 : height >= 14;
}

static struct layout make_layout(const struct tui_app *app, int width, int height)
{
	bool list = app->screen == TUI_SCREEN_LIST;
	/* The explanation takes the place of the pictures, and at last of the sums. */
	bool explains = list && app->explains;
	int pictures = explains && height < 30 ? 0 : list;
	bool timeline = app->timeline.count && height >= 12;
	struct layout layout = {
		.header = height >= (explains ? 13 : 8) ? 2 : 1,
		.timeline = timeline,
		.bar = pictures ? bar_height(height, timeline) : 0,
		.map = pictures ? (height >= 30 ? 2 : height >= 16) : 0,
		.tabs = height >= 10,
		.status = height >= 4 ? tui_status_height(app, width, height) : 0,
		.keys = height >= 7,
	};

	return layout;
}

/* What is left for the screen itself. */
static int screen_height(const struct layout *layout, int height)
{
	return height - layout->header - layout->timeline - layout->bar - layout->map -
	       layout->tabs - layout->status - layout->keys;
}

/* An explanation for which there is no room is closed. */
static struct layout choose_layout(struct tui_app *app, int width, int height)
{
	struct layout layout = make_layout(app, width, height);
	/* What is being said will not be for long. */
	int left = screen_height(&layout, height) + layout.status - (layout.status > 0);

	if (!app->explains || app->screen != TUI_SCREEN_LIST || left >= TUI_EXPLAIN_ROOM ||
	    left <= 0)
		return layout;
	app->explains = false;
	tui_app_say(app, true, "too few lines to explain: make the terminal higher");
	return make_layout(app, width, height);
}

void tui_app_draw(struct tui_app *app, int width, int height)
{
	struct layout layout = choose_layout(app, width, height);
	struct tui_area area = { 0, 0, width, 0 };

	if (tui_canvas_reset(&app->canvas, width, height) < 0)
		return;
	area.height = layout.header;
	tui_draw_header(app, area);
	area.row += area.height;
	area.height = layout.timeline;
	if (area.height)
		tui_draw_timeline(app, area);
	area.row += area.height;
	area.height = layout.bar;
	if (area.height)
		tui_draw_type_bar(app, area);
	area.row += area.height;
	area.height = layout.map;
	if (area.height)
		tui_draw_address_map(app, area);
	area.row += area.height;
	if (layout.tabs)
		draw_tabs(app, area.row);
	area.row += layout.tabs;
	area.height = screen_height(&layout, height);
	tui_screen(app->screen)->draw(app, area);
	if (layout.status)
		tui_draw_status(app, height - layout.keys - 1);
	if (layout.keys)
		draw_key_bar(app, height - 1);
}

#include "scroll.h"

/* Rows that the wheel moves at once. */
#define WHEEL 3

static size_t margin_of(const struct tui_scroll *scroll)
{
	size_t room = scroll->height ? (scroll->height - 1) / 2 : 0;

	return scroll->margin < room ? scroll->margin : room;
}

void tui_scroll_fit(struct tui_scroll *scroll)
{
	size_t margin = margin_of(scroll);

	if (scroll->selected >= scroll->rows)
		scroll->selected = scroll->rows ? scroll->rows - 1 : 0;
	if (scroll->top + margin > scroll->selected)
		scroll->top = scroll->selected > margin ? scroll->selected - margin : 0;
	if (scroll->height && scroll->selected + margin >= scroll->top + scroll->height)
		scroll->top = scroll->selected + margin - scroll->height + 1;
	/* No empty lines at the end while there are rows above. */
	if (scroll->top + scroll->height > scroll->rows)
		scroll->top = scroll->rows > scroll->height ? scroll->rows - scroll->height : 0;
}

static void move_up(struct tui_scroll *scroll, size_t by)
{
	scroll->selected -= by < scroll->selected ? by : scroll->selected;
}

static void move_down(struct tui_scroll *scroll, size_t by)
{
	size_t left = scroll->rows ? scroll->rows - 1 - scroll->selected : 0;

	scroll->selected += by < left ? by : left;
}

static size_t page_of(const struct tui_scroll *scroll)
{
	return scroll->height > 1 ? scroll->height - 1 : 1;
}

static bool move(struct tui_scroll *scroll, enum tui_action action)
{
	size_t page = page_of(scroll), half = scroll->height > 1 ? scroll->height / 2 : 1;

	if (action == TUI_UP)
		move_up(scroll, 1);
	else if (action == TUI_DOWN)
		move_down(scroll, 1);
	else if (action == TUI_PAGE_UP)
		move_up(scroll, page);
	else if (action == TUI_PAGE_DOWN)
		move_down(scroll, page);
	else if (action == TUI_HALF_UP)
		move_up(scroll, half);
	else if (action == TUI_HALF_DOWN)
		move_down(scroll, half);
	else if (action == TUI_WHEEL_UP)
		move_up(scroll, WHEEL);
	else if (action == TUI_WHEEL_DOWN)
		move_down(scroll, WHEEL);
	else if (action == TUI_FIRST)
		move_up(scroll, scroll->rows);
	else if (action == TUI_LAST)
		move_down(scroll, scroll->rows);
	else
		return false;
	return true;
}

bool tui_scroll_step(struct tui_scroll *scroll, enum tui_action action)
{
	if (!move(scroll, action))
		return false;
	tui_scroll_fit(scroll);
	return true;
}

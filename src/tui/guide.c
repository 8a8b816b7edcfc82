#include "guide.h"

/* What was cut out of a mapping lies between what is left of it. */
#define NEIGHBOURS 2

void tui_guide_begin(struct tui_app *app)
{
	app->data.guided = true;
	app->list.scroll.margin = NEIGHBOURS;
}

static void forget_step(struct tui_app *app)
{
	if (app->message_passes)
		app->message[0] = '\0';
	tui_data_forget_marks(&app->data, 1);
	tui_app_renew(app);
}

void tui_guide_tell(struct tui_guide *guide, struct tui_app *app, uint64_t address, uint64_t now_ns)
{
	forget_step(app);
	*guide = (struct tui_guide){ .address = address, .told_ns = now_ns, .awaits = true };
}

void tui_guide_tell_elsewhere(struct tui_guide *guide, struct tui_app *app, pid_t pid)
{
	forget_step(app);
	*guide = (struct tui_guide){ 0 };
	tui_app_say(app, false, "this step is in process %d: vmview %d shows it", (int)pid,
		    (int)pid);
	app->message_passes = true;
}

static void show(struct tui_app *app)
{
	app->screen = TUI_SCREEN_LIST;
	/* Where there is little room, that is for the list, unless somebody has asked. */
	app->explains |= app->canvas.height >= TUI_EXPLAIN_ROOM + 6;
	app->explain_top = 0;
}

bool tui_guide_look(struct tui_guide *guide, struct tui_app *app)
{
	bool found;

	if (!guide->awaits)
		return false;
	/* In an older reading another mapping may be there: that which is split, or replaced. */
	found = tui_list_select_address(app, guide->address);
	if (found && !guide->shown)
		show(app);
	guide->shown |= found;
	if (app->data.begun_ns >= guide->told_ns) {
		guide->awaits = false;
		tui_data_age_marks(&app->data);
	}
	return found;
}

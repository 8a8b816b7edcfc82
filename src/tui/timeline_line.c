/*
 * The line of a recording: RSS over all of its frames, and where one is; and what keys and clicks do there.
 */
#include "app.h"

/* Cells between the label and the range at the right end. */
#define LABEL 5

static const struct tui_style dim = { TUI_HUE_SPECIAL, 0 };

struct range {
	uint64_t low, high;
	bool known;
};

static struct range range_of(const struct tui_timeline *timeline)
{
	struct range range = { UINT64_MAX, 0, false };

	for (size_t i = 0; i < timeline->count; i++) {
		const struct vm_frame *frame = &timeline->frames[i];

		if (!frame->has_rss)
			continue;
		range.known = true;
		range.low = frame->rss < range.low ? frame->rss : range.low;
		range.high = frame->rss > range.high ? frame->rss : range.high;
	}
	return range;
}

/* At the right end. Returns how much of the width is left. */
static int draw_range(struct tui_app *app, struct tui_area area, const struct range *range)
{
	struct vm_buf text = { 0 };
	int width = area.width - 1;

	if (range->known && area.width >= 40) {
		vm_buf_put_char(&text, ' ');
		vm_size_put(&text, range->low, app->settings.units);
		if (range->high != range->low) {
			vm_buf_put_char(&text, '-');
			vm_size_put(&text, range->high, app->settings.units);
		}
		tui_put_right(&app->canvas, area.row, area.col + width, (int)text.len, dim,
			      vm_buf_str(&text));
		width -= (int)text.len;
	}
	vm_buf_deinit(&text);
	return width;
}

/* Where one is stands out by its shape, not by its colour. */
static void draw_cells(struct tui_app *app, struct tui_area area, const struct range *range)
{
	const struct tui_timeline *timeline = &app->timeline;
	struct tui_style here = { TUI_HUE_PLAIN, TUI_BOLD };
	bool marked = false;

	for (int i = 0; i < area.width; i++) {
		struct tui_span span = tui_timeline_span(timeline, i, area.width);
		size_t best = tui_timeline_highest(timeline, span);
		const struct vm_frame *frame = &timeline->frames[best];
		int col = area.col + i;

		if (!marked && timeline->wanted >= span.first && timeline->wanted < span.end) {
			tui_fill(&app->canvas, area.row, col, 1, here, 0x2503, '|');
			marked = true;
		} else if (frame->has_rss) {
			tui_draw_level(&app->canvas, area.row, col, frame->rss - range->low,
				       range->high - range->low);
		}
		tui_add_hit(&app->canvas, area.row, col, 1, TUI_FRAME, best);
	}
}

void tui_draw_timeline(struct tui_app *app, struct tui_area area)
{
	struct range range = range_of(&app->timeline);
	int width = draw_range(app, area, &range) - LABEL;

	tui_put_text(&app->canvas, area.row, area.col + 1, 4, dim, "RSS");
	if (width > 0)
		draw_cells(app, (struct tui_area){ area.row, area.col + LABEL, width, 1 }, &range);
}

static enum tui_request move(struct tui_app *app, enum tui_action action, uint64_t frames)
{
	bool forward = action == TUI_FRAME_FORWARD;

	if (tui_timeline_move(&app->timeline, forward, frames))
		return TUI_REQUEST_FRAME;
	tui_app_say(app, false, "this is the %s frame", forward ? "last" : "first");
	return TUI_REQUEST_NONE;
}

static enum tui_request play(struct tui_app *app)
{
	size_t before = app->timeline.wanted;

	tui_timeline_play(&app->timeline);
	if (app->timeline.count == 1)
		tui_app_say(app, false, "there is only one frame");
	return app->timeline.wanted != before ? TUI_REQUEST_FRAME : TUI_REQUEST_NONE;
}

static enum tui_request step(struct tui_app *app, enum tui_action action, uint64_t value)
{
	if (action == TUI_FRAME_BACK || action == TUI_FRAME_FORWARD)
		return move(app, action, value);
	if (action == TUI_PLAY || action == TUI_PAUSE)
		return play(app);
	if (action == TUI_FRAME)
		return tui_timeline_jump(&app->timeline, value) ? TUI_REQUEST_FRAME :
								  TUI_REQUEST_NONE;
	tui_app_say(app, false, "this is a recording: [ ] step through it, p plays it");
	return TUI_REQUEST_NONE;
}

static bool is_of_frames(enum tui_action action)
{
	return action == TUI_FRAME_BACK || action == TUI_FRAME_FORWARD || action == TUI_PLAY ||
	       action == TUI_FRAME;
}

static bool is_of_reading(enum tui_action action)
{
	return action == TUI_PAUSE || action == TUI_REFRESH || action == TUI_MAPS_ONLY ||
	       action == TUI_FASTER || action == TUI_SLOWER;
}

bool tui_timeline_step(struct tui_app *app, enum tui_action action, uint64_t value,
		       enum tui_request *request)
{
	bool recorded = app->timeline.count;

	*request = TUI_REQUEST_NONE;
	if (!is_of_frames(action) && !(recorded && is_of_reading(action)))
		return false;
	if (recorded)
		*request = step(app, action, value);
	else
		tui_app_say(app, false, "there are no frames: this is no recording");
	return true;
}

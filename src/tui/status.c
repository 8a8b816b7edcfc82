/*
 * The status line: a message, what limits what is shown, or the sums of what is shown.
 */
#include <errno.h>

#include "app.h"
#include "vmview/event.h"
#include "vmview/safe.h"

/* Why not everything is there, and what would help. */
static const char *limit_of(const struct tui_app *app)
{
	const struct tui_data *data = &app->data;

	if (data->error == -EACCES || data->error == -EPERM)
		return app->is_root ?
			       "limited: not permitted to read its maps, even as root: it lacks CAP_SYS_PTRACE" :
			       "limited: not permitted to read its maps; sudo or CAP_SYS_PTRACE would help";
	if (app->saved && data->error == -ENOENT)
		return "limited: there is neither a maps nor a smaps in it";
	if (data->error)
		return "limited: its memory maps could not be read";
	if (data->report.dropped)
		return "the mappings changed while they were being read: some are left out";
	if (data->report.lacks_smaps)
		return "limited: this kernel has no smaps: how much is in memory is not known";
	return app->maps_only ? "maps only: no numbers are read; m reads them again" : NULL;
}

/* The columns have no room for their unit. */
static void put_size(struct vm_buf *text, const struct tui_app *app, uint64_t bytes)
{
	vm_size_put(text, bytes, app->settings.units);
	if (app->settings.units == VM_SIZE_KIB)
		vm_buf_put_text(text, " kB");
}

static void put_sums(struct vm_buf *text, const struct tui_app *app)
{
	const struct vm_totals *shown = &app->list.shown;

	if (app->filter_text.len) {
		vm_buf_put_text(text, ": ");
		vm_buf_put_dec(text, app->list.shown_count, 0, ' ');
		vm_buf_put_text(text, " of ");
	}
	vm_buf_put_dec(text, app->data.now.count, 0, ' ');
	vm_buf_put_text(text, " mappings  size ");
	put_size(text, app, shown->size);
	if (shown->present >> VM_FIELD_RSS & 1) {
		vm_buf_put_text(text, "  rss ");
		put_size(text, app, shown->sums[VM_FIELD_RSS]);
	}
	if (shown->present >> VM_FIELD_PSS & 1) {
		vm_buf_put_text(text, "  pss ");
		put_size(text, app, shown->sums[VM_FIELD_PSS]);
	}
	if (shown->sums[VM_FIELD_SWAP]) {
		vm_buf_put_text(text, "  swap ");
		put_size(text, app, shown->sums[VM_FIELD_SWAP]);
	}
	vm_buf_put_text(text, "  by ");
	vm_buf_put_text(text, vm_sort_name(app->settings.sort));
	if (app->settings.reverse)
		vm_buf_put_text(text, " reversed");
}

/* A line whose middle gives way where there is too little room, and whose tail loses what stands last. */
struct line {
	struct vm_buf head, middle, tail;
	struct tui_style style;
};

static void line_deinit(struct line *line)
{
	vm_buf_deinit(&line->head);
	vm_buf_deinit(&line->middle);
	vm_buf_deinit(&line->tail);
}

static void put_text(struct vm_buf *text, const char *more)
{
	vm_buf_put_text(text, more ? more : "");
}

/* On a narrow screen where the output is has no place; the log has it. */
static void put_exit(struct line *line, const struct tui_app *app)
{
	line->style = (struct tui_style){ TUI_HUE_PLAIN, TUI_BOLD | TUI_REVERSE };
	put_text(&line->head, "EXITED at ");
	vm_event_put_clock(&line->head, app->data.gone_ns);
	if (!app->output) {
		put_text(&line->head, app->data.has_now ? "; this is the last that was seen" :
							  "; nothing of it was seen");
		return;
	}
	put_text(&line->head, app->child_end[0] ? ", " : "");
	put_text(&line->head, app->child_end);
	if (app->canvas.width < 60)
		return;
	put_text(&line->head, "; output in ");
	put_text(&line->middle, app->output);
}

static void put_limit(struct line *line, const struct tui_app *app, const char *limit)
{
	line->style.attr = TUI_BOLD;
	if (app->data.fault.reason) {
		put_text(&line->head, "limited: byte ");
		vm_buf_put_dec(&line->head, app->data.fault.offset, 0, ' ');
		put_text(&line->head, " of the recording: ");
		put_text(&line->head, app->data.fault.reason);
		return;
	}
	if (app->data.error != -EBADMSG) {
		put_text(&line->head, limit);
		return;
	}
	put_text(&line->head, "limited: line ");
	vm_buf_put_dec(&line->head, app->data.report.line, 0, ' ');
	put_text(&line->head, ": ");
	put_text(&line->head, app->data.report.reason);
}

static void put_usual(struct line *line, const struct tui_app *app)
{
	if (app->data.report.thread)
		put_text(&line->head, "main thread ended  ");
	if (app->filter_text.len) {
		put_text(&line->head, "filter ");
		vm_safe_put(&line->middle, vm_buf_str(&app->filter_text));
	} else if (app->output) {
		put_text(&line->head, "output in ");
		put_text(&line->middle, app->output);
		put_text(&line->tail, "  ");
	}
	put_sums(&line->tail, app);
}

/* Of many lines some are not seen. */
static void put_help(struct line *line, const struct tui_app *app)
{
	put_text(&line->head, "Esc closes");
	if (app->help.selected + 1 < app->help.rows)
		put_text(&line->tail, "  PgDn: more");
	if (app->help.selected)
		put_text(&line->tail, "  PgUp: back");
}

static void put_line(struct line *line, const struct tui_app *app)
{
	const char *limit = limit_of(app);

	if (app->screen == TUI_SCREEN_HELP)
		put_help(line, app);
	else if (app->data.gone)
		put_exit(line, app);
	else if (limit)
		put_limit(line, app, limit);
	else
		put_usual(line, app);
}

static void clear_row(struct tui_app *app, int row)
{
	tui_fill(&app->canvas, row, 0, app->canvas.width, (struct tui_style){ 0 }, ' ', ' ');
}

static void draw_line(struct tui_app *app, int row, const struct line *line)
{
	struct tui_canvas *canvas = &app->canvas;
	int middle = tui_width(canvas, vm_buf_str(&line->middle)), least;
	int room = canvas->width - 2, col = 1;
	struct vm_str tail;

	clear_row(app, row);
	col += tui_put(canvas, row, col, room, line->style, vm_buf_str(&line->head));
	room -= col - 1;
	least = middle < room / 3 ? middle : room / 3;
	tail = tui_fit_items(canvas, vm_buf_str(&line->tail), room - least);
	room -= tui_width(canvas, tail);
	tui_put_middle(canvas, row, col, room, line->style, vm_buf_str(&line->middle));
	col += middle < room ? middle : room;
	tui_put(canvas, row, col, canvas->width - col, line->style, tail);
}

static void put_message(struct vm_buf *text, const struct tui_app *app)
{
	put_text(text, app->message_is_error ? "! " : "");
	put_text(text, app->message);
}

/* The next line of a message that has @left lines yet: the last one takes all that there is. */
static struct vm_str next_line(const struct tui_canvas *canvas, struct vm_str *text, int width,
			       int left)
{
	struct vm_str all = *text;

	if (left > 1)
		return tui_take_line(canvas, text, width);
	*text = (struct vm_str){ 0 };
	return all;
}

/* As many as it takes, but not most of the screen. */
static int message_lines(const struct tui_app *app, int width, int height)
{
	int most = height >= 6 ? height / 3 : height >= 5 ? 2 : 1, count = 0;
	struct vm_buf text = { 0 };
	struct vm_str rest;

	if (!app->message[0])
		return 0;
	put_message(&text, app);
	for (rest = vm_buf_str(&text); rest.len && count < most; count++)
		next_line(&app->canvas, &rest, width - 2, most - count);
	vm_buf_deinit(&text);
	return count;
}

/* @row is its last line. */
static void draw_message(struct tui_app *app, int row)
{
	struct tui_style style = { app->message_is_error ? TUI_HUE_ALERT : TUI_HUE_PLAIN,
				   TUI_BOLD };
	int width = app->canvas.width, left = message_lines(app, width, app->canvas.height);
	struct vm_buf text = { 0 };
	struct vm_str rest;

	put_message(&text, app);
	rest = vm_buf_str(&text);
	for (row -= left - 1; left > 0; row++, left--) {
		clear_row(app, row);
		tui_put_middle(&app->canvas, row, 1, width - 2, style,
			       next_line(&app->canvas, &rest, width - 2, left));
	}
	vm_buf_deinit(&text);
}

int tui_status_height(const struct tui_app *app, int width, int height)
{
	int lines = message_lines(app, width, height) + (app->prompt.purpose != TUI_PROMPT_CLOSED);

	return lines ? lines : 1;
}

void tui_draw_status(struct tui_app *app, int row)
{
	struct line line = { 0 };

	if (app->prompt.purpose != TUI_PROMPT_CLOSED) {
		tui_prompt_draw(&app->prompt, &app->canvas, row);
		row--;
	}
	/* What is wrong with the line that is being edited stands above it. */
	if (app->message[0]) {
		draw_message(app, row);
	} else if (app->prompt.purpose == TUI_PROMPT_CLOSED) {
		put_line(&line, app);
		draw_line(app, row, &line);
		line_deinit(&line);
	}
}

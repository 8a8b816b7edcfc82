/*
 * The status line: a message, what limits what is shown, or the sums of what is shown.
 */
#include <errno.h>

#include "app.h"
#include "clock.h"
#include "vmview/safe.h"

/* Why not everything is there, and what would help. */
static const char *limit_of(const struct tui_app *app)
{
	const struct tui_data *data = &app->data;

	if (data->error == -EACCES || data->error == -EPERM)
		return "limited: not permitted to read its maps; sudo or CAP_SYS_PTRACE would help";
	if (data->error)
		return "limited: its memory maps could not be read";
	if (data->report.dropped)
		return "the mappings changed while they were being read: some are left out";
	return app->maps_only ? "maps only: no numbers are read; m reads them again" : NULL;
}

static void put_sums(struct vm_buf *text, const struct tui_app *app)
{
	const struct vm_totals *shown = &app->list.shown;

	if (app->filter_text.len) {
		vm_buf_put_text(text, "filter ");
		vm_safe_put(text, vm_buf_str(&app->filter_text));
		vm_buf_put_text(text, ": ");
		vm_buf_put_dec(text, app->list.shown_count, 0, ' ');
		vm_buf_put_text(text, " of ");
	}
	vm_buf_put_dec(text, app->data.now.count, 0, ' ');
	vm_buf_put_text(text, " mappings  size ");
	vm_size_put(text, shown->size, app->settings.units);
	if (shown->present >> VM_FIELD_RSS & 1) {
		vm_buf_put_text(text, "  rss ");
		vm_size_put(text, shown->sums[VM_FIELD_RSS], app->settings.units);
	}
	if (shown->present >> VM_FIELD_PSS & 1) {
		vm_buf_put_text(text, "  pss ");
		vm_size_put(text, shown->sums[VM_FIELD_PSS], app->settings.units);
	}
	if (shown->sums[VM_FIELD_SWAP]) {
		vm_buf_put_text(text, "  swap ");
		vm_size_put(text, shown->sums[VM_FIELD_SWAP], app->settings.units);
	}
	vm_buf_put_text(text, "  by ");
	vm_buf_put_text(text, vm_sort_name(app->settings.sort));
	if (app->settings.reverse)
		vm_buf_put_text(text, " reversed");
}

static void put_exit(struct vm_buf *text, const struct tui_app *app)
{
	vm_buf_put_text(text, "EXITED at ");
	tui_put_time(text, app->data.gone_ns);
	if (app->launch_note) {
		vm_buf_put_text(text, ", ");
		vm_buf_put_text(text, app->launch_note);
	}
	if (app->launch_note)
		return;
	vm_buf_put_text(text, app->data.has_now ? "; this is the last that was seen" :
						  "; nothing of it was seen");
}

static struct tui_style put_status(struct vm_buf *text, const struct tui_app *app)
{
	const char *limit = limit_of(app);

	if (app->message[0]) {
		vm_buf_put_text(text, app->message_is_error ? "! " : "");
		vm_buf_put_text(text, app->message);
		return (struct tui_style){ app->message_is_error ? TUI_HUE_ALERT : TUI_HUE_PLAIN,
					   TUI_BOLD };
	}
	if (app->data.gone) {
		put_exit(text, app);
		return (struct tui_style){ TUI_HUE_PLAIN, TUI_BOLD | TUI_REVERSE };
	}
	if (app->data.error == -EBADMSG) {
		vm_buf_put_text(text, "limited: line ");
		vm_buf_put_dec(text, app->data.report.line, 0, ' ');
		vm_buf_put_text(text, ": ");
		vm_buf_put_text(text, app->data.report.reason ? app->data.report.reason : "");
		return (struct tui_style){ TUI_HUE_PLAIN, TUI_BOLD };
	}
	if (limit) {
		vm_buf_put_text(text, limit);
		return (struct tui_style){ TUI_HUE_PLAIN, TUI_BOLD };
	}
	if (app->launch_note) {
		vm_buf_put_text(text, app->launch_note);
		vm_buf_put_text(text, "  ");
	}
	if (app->data.report.thread)
		vm_buf_put_text(text, "main thread ended  ");
	put_sums(text, app);
	return (struct tui_style){ TUI_HUE_PLAIN, 0 };
}

void tui_draw_status(struct tui_app *app, int row)
{
	struct vm_buf text = { 0 };
	struct tui_style style = put_status(&text, app);

	/* What is wrong with the line that is being edited stands above it. */
	if (app->prompt.purpose != TUI_PROMPT_CLOSED) {
		tui_prompt_draw(&app->prompt, &app->canvas, row);
		row--;
	}
	if (app->prompt.purpose == TUI_PROMPT_CLOSED || app->message[0]) {
		tui_fill(&app->canvas, row, 0, app->canvas.width, (struct tui_style){ 0 }, ' ',
			 ' ');
		tui_put(&app->canvas, row, 1, app->canvas.width - 2, style, vm_buf_str(&text));
	}
	vm_buf_deinit(&text);
}

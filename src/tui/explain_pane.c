/*
 * The selected mapping in words, wrapped to the pane.
 */
#include "app.h"

#include "vmview/explain.h"

/* Draws a paragraph from line @line on; returns the line behind it. */
static int draw_paragraph(struct tui_app *app, struct tui_area area, int line, struct vm_str text)
{
	do {
		struct vm_str words = tui_take_line(&app->canvas, &text, area.width - 3);
		int row = area.row + line - app->explain_top;

		if (row >= area.row && row < area.row + area.height)
			tui_put(&app->canvas, row, area.col + 2, area.width - 3,
				(struct tui_style){ 0 }, words);
		line++;
	} while (text.len);
	return line;
}

static int draw_text(struct tui_app *app, struct tui_area area, struct vm_str text)
{
	int line = 0;

	while (text.len) {
		size_t end = vm_str_find(text, '\n');

		line = draw_paragraph(app, area, line, (struct vm_str){ text.p, end });
		text = vm_str_skip(text, end + 1);
	}
	return line;
}

static void draw_title(struct tui_app *app, struct tui_area area, const char *more)
{
	struct tui_style style = { TUI_HUE_BAR, TUI_BOLD };

	tui_fill(&app->canvas, area.row, area.col, area.width, style, ' ', ' ');
	tui_put_text(&app->canvas, area.row, area.col + 2, area.width - 2, style, "What is this?");
	tui_put_right(&app->canvas, area.row, area.col + area.width - 1, area.width - 18,
		      (struct tui_style){ TUI_HUE_BAR, 0 }, vm_str_from(more));
}

void tui_draw_explain(struct tui_app *app, struct tui_area area)
{
	const struct tui_row *row = tui_list_selected(app);
	struct tui_area body = { area.row + 1, area.col, area.width, area.height - 1 };
	struct vm_str build_id = { 0 };
	struct vm_buf text = { 0 };
	int lines, below;

	if (row && app->has_build_id && app->build_id_start == row->mapping->start)
		build_id = vm_str_from(app->build_id);
	if (row)
		vm_explain(&text, row->mapping, build_id);
	else
		vm_buf_put_text(&text, "No mapping is selected.");
	while (text.len && text.p[text.len - 1] == '\n')
		text.len--;
	lines = draw_text(app, body, vm_buf_str(&text));
	below = lines - app->explain_top - body.height;
	/* There may be less to say than was scrolled. */
	if (below < 0 && app->explain_top) {
		app->explain_top = lines > body.height ? lines - body.height : 0;
		for (int i = 0; i < body.height; i++)
			tui_fill(&app->canvas, body.row + i, body.col, body.width,
				 (struct tui_style){ 0 }, ' ', ' ');
		draw_text(app, body, vm_buf_str(&text));
		below = 0;
	}
	draw_title(app, area,
		   below > 0        ? "more: Right; Left goes back" :
		   app->explain_top ? "Left goes back" :
				      "");
	vm_buf_deinit(&text);
}

#include "picker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lister.h"
#include "prompt.h"
#include "scroll.h"
#include "vmview/size.h"

struct picking {
	struct tui_session *session;
	struct tui_picker *picker;
	struct tui_canvas canvas;
	struct tui_lister *lister;
	struct tui_processes processes;
	bool has_looked;
	size_t *shown; /* indexes of processes that match */
	struct tui_scroll scroll;
	bool has_moved; /* since something was typed: what is selected is the user's choice */
	struct tui_prompt prompt;
	int error;
};

void tui_picker_deinit(struct tui_picker *picker)
{
	vm_buf_deinit(&picker->filter);
}

static const struct tui_process *selected(const struct picking *picking)
{
	size_t at = picking->scroll.selected;

	return at < picking->scroll.rows ? &picking->processes.items[picking->shown[at]] : NULL;
}

/* Who types a whole PID means that process, though others have it in their names, or as a part of theirs. */
static pid_t wanted(const struct picking *picking)
{
	struct vm_str typed = vm_buf_str(&picking->prompt.text);

	for (size_t i = 0; !picking->has_moved && i < picking->processes.count; i++) {
		if (tui_process_has_pid(&picking->processes.items[i], typed))
			return picking->processes.items[i].pid;
	}
	return picking->picker->selected;
}

/* List what matches; the selection follows its process. */
static void match(struct picking *picking)
{
	struct vm_str typed = vm_buf_str(&picking->prompt.text);
	pid_t pid = wanted(picking);
	size_t count = 0;

	for (size_t i = 0; i < picking->processes.count; i++) {
		if (!tui_process_matches(&picking->processes.items[i], typed))
			continue;
		if (picking->processes.items[i].pid == pid)
			picking->scroll.selected = count;
		picking->shown[count++] = i;
	}
	picking->scroll.rows = count;
	tui_scroll_fit(&picking->scroll);
}

/* What the lister has read. */
static void look(struct picking *picking)
{
	struct tui_processes processes = { 0 };
	size_t *shown;

	if (!tui_lister_take(picking->lister, &processes, &picking->error))
		return;
	picking->has_looked = true;
	shown = reallocarray(NULL, processes.count + 1, sizeof(*shown));
	if (shown) {
		tui_processes_deinit(&picking->processes);
		free(picking->shown);
		picking->processes = processes;
		picking->shown = shown;
		match(picking);
	} else {
		tui_processes_deinit(&processes);
	}
}

/* Where each column begins; on a narrow screen there is none for the user. */
struct layout {
	int user, rss, command;
};

static struct layout make_layout(const struct tui_canvas *canvas)
{
	return canvas->width < 60 ? (struct layout){ 0, 10, 18 } : (struct layout){ 10, 21, 29 };
}

static void draw_row(struct picking *picking, int row, size_t index)
{
	const struct tui_process *process = &picking->processes.items[picking->shown[index]];
	struct tui_canvas *canvas = &picking->canvas;
	struct layout layout = make_layout(canvas);
	struct tui_style plain = { 0 };
	struct vm_buf text = { 0 };

	vm_buf_put_dec(&text, (uint64_t)process->pid, 0, ' ');
	tui_put_right(canvas, row, 9, 8, plain, vm_buf_str(&text));
	if (layout.user)
		tui_put_text(canvas, row, layout.user, 10, plain, process->user);
	vm_buf_clear(&text);
	if (process->has_rss)
		vm_size_put(&text, process->rss, VM_SIZE_HUMAN);
	else
		vm_buf_put_char(&text, '-');
	tui_put_right(canvas, row, layout.rss + 6, 6, (struct tui_style){ TUI_HUE_PLAIN, TUI_BOLD },
		      vm_buf_str(&text));
	tui_put_text(canvas, row, layout.command, canvas->width - layout.command - 1, plain,
		     process->command);
	if (index == picking->scroll.selected) {
		tui_put_text(canvas, row, 0, 1, plain, ">");
		tui_add_attr(canvas, row, 0, canvas->width, TUI_REVERSE | TUI_BOLD);
	}
	tui_add_hit(canvas, row, 0, canvas->width, TUI_SELECT, index);
	vm_buf_deinit(&text);
}

static void draw_titles(struct tui_canvas *canvas, int row)
{
	struct layout layout = make_layout(canvas);
	struct tui_style bar = { TUI_HUE_BAR, 0 };

	tui_fill(canvas, row, 0, canvas->width, bar, ' ', ' ');
	tui_put_text(canvas, row, 6, 3, bar, "PID");
	if (layout.user)
		tui_put_text(canvas, row, layout.user, 4, bar, "USER");
	tui_put_text(canvas, row, layout.rss + 3, 3, bar, "RSS");
	tui_put_text(canvas, row, layout.command, canvas->width - layout.command, bar, "COMMAND");
}

/* What keys do; before the first one, what was wrong with the settings. */
static void draw_hint(struct picking *picking, int row)
{
	struct tui_style alert = { TUI_HUE_ALERT, TUI_BOLD }, bar = { TUI_HUE_BAR, 0 };
	struct tui_canvas *canvas = &picking->canvas;
	int col = 1;

	if (picking->session->note[0]) {
		col += tui_put_text(canvas, row, col, canvas->width - 2, alert, "! ");
		tui_put_text(canvas, row, col, canvas->width - col - 1, alert,
			     picking->session->note);
		return;
	}
	tui_put(canvas, row, col, canvas->width - 2, bar,
		tui_fit_items(
			canvas,
			VM_STR("Enter opens  Esc clears, then quits  type to filter  Up Down select"),
			canvas->width - 2));
}

static void draw_frame(struct picking *picking)
{
	struct tui_canvas *canvas = &picking->canvas;
	struct tui_style bar = { TUI_HUE_BAR, 0 }, strong = { TUI_HUE_BAR, TUI_BOLD };

	tui_fill(canvas, 0, 0, canvas->width, bar, ' ', ' ');
	tui_put_text(canvas, 0, 1, canvas->width - 1, strong,
		     canvas->width > 42 ? "vmview: whose memory do you want to see?" :
					  "vmview: whose memory?");
	if (picking->processes.hidden)
		tui_put_right(canvas, 0, canvas->width - 1, canvas->width - 42, bar,
			      VM_STR("/proc hides those of others (hidepid)"));
	draw_titles(canvas, 1);
	tui_fill(canvas, canvas->height - 1, 0, canvas->width, bar, ' ', ' ');
	draw_hint(picking, canvas->height - 1);
}

static const char *absence(const struct picking *picking)
{
	if (!picking->has_looked)
		return "reading...";
	return picking->error ? "the processes cannot be read: is /proc mounted?" :
				"no process matches; Esc clears what you typed";
}

static void draw(struct picking *picking)
{
	struct tui_canvas *canvas = &picking->canvas;
	int width, height;

	tui_term_measure(&width, &height);
	if (tui_canvas_reset(canvas, width, height) < 0)
		return;
	picking->scroll.height = height > 4 ? (size_t)height - 4 : 0;
	tui_scroll_fit(&picking->scroll);
	draw_frame(picking);
	for (size_t i = 0; i < picking->scroll.height; i++) {
		if (picking->scroll.top + i < picking->scroll.rows)
			draw_row(picking, 2 + (int)i, picking->scroll.top + i);
	}
	if (!picking->scroll.rows)
		tui_put_paragraph(canvas, 2, 2, width - 2, height - 4,
				  (struct tui_style){ TUI_HUE_PLAIN, TUI_BOLD },
				  vm_str_from(absence(picking)));
	tui_prompt_draw(&picking->prompt, canvas, height - 2);
	tui_draw(&picking->session->pen, canvas, height - 2, picking->prompt.cursor_col);
}

static void remember(struct picking *picking, bool has_moved)
{
	const struct tui_process *process = selected(picking);

	picking->has_moved = has_moved;
	picking->picker->selected = process ? process->pid : 0;
}

enum outcome { OUTCOME_GOES_ON, OUTCOME_CHOSEN, OUTCOME_QUIT };

static enum outcome click(struct picking *picking, const struct tui_key *key)
{
	const struct tui_hit *hit = tui_find_hit(&picking->canvas, key->row, key->col);

	if (!hit)
		return OUTCOME_GOES_ON;
	/* A click selects, one on what is selected opens. */
	if (hit->value == picking->scroll.selected)
		return OUTCOME_CHOSEN;
	picking->scroll.selected = (size_t)hit->value;
	remember(picking, true);
	return OUTCOME_GOES_ON;
}

static enum outcome edit(struct picking *picking, uint32_t key)
{
	switch (tui_prompt_key(&picking->prompt, key)) {
	case TUI_PROMPT_DONE:
		return OUTCOME_CHOSEN;
	case TUI_PROMPT_GIVEN_UP:
		if (!picking->prompt.text.len || key != '\033')
			return OUTCOME_QUIT;
		vm_buf_clear(&picking->prompt.text);
		picking->prompt.cursor = 0;
		break;
	case TUI_PROMPT_GOES_ON:
		break;
	}
	picking->has_moved = false;
	match(picking);
	remember(picking, false);
	return OUTCOME_GOES_ON;
}

/* Letters are text here: of the bindings only those of keys that move count. */
static bool moves(struct picking *picking, uint32_t key)
{
	const struct tui_binding *binding = key >= TUI_KEY_NONE ? tui_find_binding(key) : NULL;

	return binding && tui_scroll_step(&picking->scroll, binding->action);
}

static enum outcome take_key(struct picking *picking, const struct tui_key *key)
{
	if (key->code == TUI_KEY_LOST || key->code == TUI_KEY_F1 + 9)
		return OUTCOME_QUIT;
	if (key->code == ('z' & 0x1f)) {
		tui_session_suspend(picking->session);
		return OUTCOME_GOES_ON;
	}
	if (key->code == ('l' & 0x1f)) {
		tui_term_redraw();
		return OUTCOME_GOES_ON;
	}
	if (key->code == TUI_KEY_CLICK)
		return click(picking, key);
	if (moves(picking, key->code)) {
		remember(picking, true);
		return OUTCOME_GOES_ON;
	}
	return edit(picking, key->code);
}

static enum outcome take_keys(struct picking *picking)
{
	enum outcome outcome = OUTCOME_GOES_ON;

	while (outcome == OUTCOME_GOES_ON) {
		struct tui_key key = tui_term_key(&picking->session->keys);

		if (key.code == TUI_KEY_NONE)
			break;
		picking->session->note[0] = '\0';
		outcome = take_key(picking, &key);
		/* Enter on nothing opens nothing. */
		if (outcome == OUTCOME_CHOSEN && !selected(picking))
			outcome = OUTCOME_GOES_ON;
	}
	return outcome;
}

static enum outcome loop(struct picking *picking)
{
	enum outcome outcome = OUTCOME_GOES_ON;

	while (outcome == OUTCOME_GOES_ON) {
		unsigned wake;

		draw(picking);
		wake = tui_session_wait(picking->session, tui_lister_fd(picking->lister), -1);
		if (wake & TUI_WAKE_QUIT)
			return OUTCOME_QUIT;
		if (wake & TUI_WAKE_DATA)
			look(picking);
		if (wake & TUI_WAKE_SUSPEND)
			tui_session_suspend(picking->session);
		if (wake & TUI_WAKE_KEY)
			outcome = take_keys(picking);
	}
	return outcome;
}

static void picking_deinit(struct picking *picking)
{
	tui_lister_free(picking->lister);
	tui_prompt_deinit(&picking->prompt);
	tui_canvas_deinit(&picking->canvas);
	tui_processes_deinit(&picking->processes);
	free(picking->shown);
}

int tui_pick(struct tui_session *session, struct tui_picker *picker, pid_t *pid)
{
	struct picking picking = {
		.session = session,
		.picker = picker,
		.has_moved = picker->selected,
	};
	int r = tui_lister_new(&picking.lister);

	if (r < 0)
		return r;
	picking.canvas.utf8 = session->utf8;
	tui_prompt_open(&picking.prompt, TUI_PROMPT_FILTER,
			"Filter: ", vm_buf_str(&picker->filter));
	*pid = loop(&picking) == OUTCOME_CHOSEN ? selected(&picking)->pid : 0;
	vm_buf_clear(&picker->filter);
	vm_buf_put_str(&picker->filter, vm_buf_str(&picking.prompt.text));
	picker->selected = *pid;
	picking_deinit(&picking);
	return 0;
}

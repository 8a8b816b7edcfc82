#include "app.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "vmview/kind.h"
#include "vmview/safe.h"

void tui_app_init(struct tui_app *app, const struct tui_settings *settings, bool utf8)
{
	*app = (struct tui_app){
		.settings = *settings,
		.log_follows = true,
		.totals_kind = VM_KIND_COUNT,
	};
	app->canvas.utf8 = utf8;
}

void tui_app_deinit(struct tui_app *app)
{
	free(app->title);
	free(app->output);
	free(app->save_path);
	tui_canvas_deinit(&app->canvas);
	free(app->list.rows);
	tui_files_deinit(&app->files);
	tui_prompt_deinit(&app->prompt);
	vm_buf_deinit(&app->search);
	vm_filter_deinit(&app->filter);
	vm_buf_deinit(&app->filter_text);
	tui_data_deinit(&app->data);
	*app = (struct tui_app){ 0 };
}

char *tui_copy_text(struct vm_str text)
{
	char *copy = malloc(text.len + 1);

	if (!copy)
		return NULL;
	if (text.len)
		memcpy(copy, text.p, text.len);
	copy[text.len] = '\0';
	return copy;
}

void tui_app_say(struct tui_app *app, bool error, const char *format, ...)
{
	struct vm_buf safe = { 0 };
	char text[sizeof(app->message)];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	vm_safe_put(&safe, vm_str_from(text));
	snprintf(app->message, sizeof(app->message), "%.*s", (int)safe.len, safe.p ? safe.p : "");
	app->message_is_error = error;
	app->message_passes = false;
	vm_buf_deinit(&safe);
}

void tui_app_renew(struct tui_app *app)
{
	for (enum tui_screen_id i = 0; i < TUI_SCREEN_COUNT; i++) {
		if (tui_screen(i)->renew)
			tui_screen(i)->renew(app);
	}
}

bool tui_app_set_filter(struct tui_app *app, struct vm_str text)
{
	struct vm_filter filter = { 0 };
	struct vm_buf error = { 0 };
	int r = vm_filter_parse(text, &filter, &error);

	if (r < 0) {
		tui_app_say(app, true, "%.*s", (int)error.len, error.p ? error.p : "out of memory");
		vm_filter_deinit(&filter);
		vm_buf_deinit(&error);
		return false;
	}
	vm_buf_deinit(&error);
	vm_filter_deinit(&app->filter);
	app->filter = filter;
	vm_buf_clear(&app->filter_text);
	vm_buf_put_str(&app->filter_text, text);
	tui_app_renew(app);
	return true;
}

/* A second time shows all again. */
static void filter_kind(struct tui_app *app, enum vm_kind kind)
{
	struct vm_buf text = { 0 };

	vm_buf_put_text(&text, "kind:");
	vm_buf_put_text(&text, vm_kind_info(kind)->name);
	if (vm_str_equal(vm_buf_str(&text), vm_buf_str(&app->filter_text)))
		vm_buf_clear(&text);
	tui_app_set_filter(app, vm_buf_str(&text));
	app->screen = TUI_SCREEN_LIST;
	vm_buf_deinit(&text);
}

static void sort_by(struct tui_app *app, enum vm_sort_key key)
{
	if (app->settings.sort == key) {
		app->settings.reverse = !app->settings.reverse;
	} else {
		app->settings.sort = key;
		app->settings.reverse = false;
	}
	tui_list_renew(app);
}

static void next_sort(struct tui_app *app, int step)
{
	enum vm_sort_key key = app->settings.sort;

	key = (enum vm_sort_key)(((int)key + step + VM_SORT_COUNT) % VM_SORT_COUNT);
	app->settings.sort = key;
	app->settings.reverse = false;
	tui_app_say(app, false, "sorted by %s", vm_sort_name(key));
	tui_list_renew(app);
}

static void go_to(struct tui_app *app, enum tui_screen_id screen)
{
	if (app->screen < TUI_TAB_COUNT)
		app->back_to = app->screen;
	app->screen = screen;
}

static void next_screen(struct tui_app *app, int step)
{
	int from = app->screen < TUI_TAB_COUNT ? (int)app->screen : (int)app->back_to;

	app->screen = (enum tui_screen_id)((from + step + TUI_TAB_COUNT) % TUI_TAB_COUNT);
}

static void change_interval(struct tui_app *app, bool longer)
{
	uint64_t interval = app->settings.interval_ns;

	interval = longer ? interval * 2 : interval / 2;
	if (interval < TUI_INTERVAL_MIN_NS)
		interval = TUI_INTERVAL_MIN_NS;
	if (interval > TUI_INTERVAL_MAX_NS)
		interval = TUI_INTERVAL_MAX_NS;
	app->settings.interval_ns = interval;
	tui_app_say(app, false, "every %.4g seconds", (double)interval / 1e9);
}

static void save_prompt(struct tui_app *app)
{
	struct vm_buf name = { 0 };

	vm_buf_put_text(&name, "vmview");
	if (app->data.process.pid) {
		vm_buf_put_char(&name, '-');
		vm_buf_put_dec(&name, (uint64_t)app->data.process.pid, 0, ' ');
	}
	vm_buf_put_text(&name, app->data.has_usage ? ".smaps" : ".maps");
	tui_prompt_open(&app->prompt, TUI_PROMPT_SAVE, "Save to: ", vm_buf_str(&name));
	vm_buf_deinit(&name);
}

/* Esc goes back by one thing at a time. */
static enum tui_request go_back(struct tui_app *app)
{
	if (app->screen >= TUI_TAB_COUNT) {
		app->screen = app->back_to;
	} else if (app->explains && app->screen == TUI_SCREEN_LIST) {
		app->explains = false;
	} else if (app->filter_text.len) {
		tui_app_set_filter(app, (struct vm_str){ 0 });
	} else if (app->screen != TUI_SCREEN_LIST) {
		app->screen = TUI_SCREEN_LIST;
	} else if (app->has_picker) {
		return TUI_REQUEST_BACK;
	} else {
		tui_app_say(app, false, "q quits");
	}
	return TUI_REQUEST_NONE;
}

static enum tui_request explain(struct tui_app *app)
{
	app->explains = app->screen != TUI_SCREEN_LIST || !app->explains;
	app->screen = TUI_SCREEN_LIST;
	app->explain_top = 0;
	return app->explains ? TUI_REQUEST_BUILD_ID : TUI_REQUEST_NONE;
}

static void set_base(struct tui_app *app)
{
	if (!app->data.has_usage) {
		tui_app_say(app, true, "there are no numbers yet to count from");
	} else if (tui_data_set_base(&app->data) < 0) {
		tui_app_say(app, true, "out of memory: the baseline stays what it was");
	} else {
		app->data.base_chosen = true;
		tui_app_say(app, false, "changes are counted from now on");
	}
}

/* What only the interface's owner can do. */
static enum tui_request request_of(struct tui_app *app, enum tui_action action)
{
	if (action == TUI_QUIT)
		return TUI_REQUEST_QUIT;
	if (action == TUI_SUSPEND)
		return TUI_REQUEST_SUSPEND;
	if (action == TUI_REDRAW)
		return TUI_REQUEST_REDRAW;
	if (action == TUI_REFRESH)
		return TUI_REQUEST_REFRESH;
	if (action == TUI_EXPLAIN || (action == TUI_ENTER && app->screen == TUI_SCREEN_LIST))
		return explain(app);
	if (action == TUI_BACK)
		return go_back(app);
	if (action == TUI_PAUSE)
		app->paused = !app->paused && !app->saved && !app->data.gone;
	else if (action == TUI_MAPS_ONLY)
		app->maps_only = !app->maps_only && !app->saved;
	else if (action == TUI_FASTER || action == TUI_SLOWER)
		change_interval(app, action == TUI_SLOWER);
	else if (action == TUI_THEME)
		app->settings.theme = (app->settings.theme + 1) % TUI_THEME_COUNT;
	else
		return TUI_REQUEST_NONE;
	return TUI_REQUEST_SETTINGS;
}

static void scroll_explanation(struct tui_app *app, int by)
{
	app->explain_top += by;
	if (app->explain_top < 0)
		app->explain_top = 0;
}

static void change_view(struct tui_app *app, enum tui_action action, uint64_t value)
{
	if (action == TUI_HELP)
		go_to(app, TUI_SCREEN_HELP);
	else if (action == TUI_COLUMNS)
		go_to(app, TUI_SCREEN_COLUMNS);
	else if (action == TUI_SCREEN && value < TUI_SCREEN_COUNT)
		app->screen = (enum tui_screen_id)value;
	else if (action == TUI_NEXT_SCREEN || action == TUI_PREVIOUS_SCREEN)
		next_screen(app, action == TUI_NEXT_SCREEN ? 1 : -1);
	else if (action == TUI_GROUP)
		app->screen = TUI_SCREEN_FILES;
	else if (action == TUI_UNITS)
		app->settings.units =
			app->settings.units == VM_SIZE_HUMAN ? VM_SIZE_KIB : VM_SIZE_HUMAN;
	else if (action == TUI_LEFT || action == TUI_RIGHT)
		scroll_explanation(app, action == TUI_LEFT ? -3 : 3);
}

static void filter_prompt(struct tui_app *app)
{
	tui_prompt_open(&app->prompt, TUI_PROMPT_FILTER, "Filter: ", vm_buf_str(&app->filter_text));
	app->prompt.hint = "part of a name  kind:heap  perm:w  rss>1M  addr:7f12...";
}

static void change_list(struct tui_app *app, enum tui_action action, uint64_t value)
{
	if (action == TUI_SEARCH)
		tui_prompt_open(&app->prompt, TUI_PROMPT_SEARCH, "Search: ", (struct vm_str){ 0 });
	else if (action == TUI_SEARCH_NEXT || action == TUI_SEARCH_PREVIOUS)
		tui_list_search(app, action == TUI_SEARCH_NEXT ? 1 : -1);
	else if (action == TUI_FILTER)
		filter_prompt(app);
	else if (action == TUI_FILTER_KIND && value < VM_KIND_COUNT)
		filter_kind(app, (enum vm_kind)value);
	else if (action == TUI_SORT_BY && value < VM_SORT_COUNT)
		sort_by(app, (enum vm_sort_key)value);
	else if (action == TUI_SORT_NEXT || action == TUI_SORT_PREVIOUS)
		next_sort(app, action == TUI_SORT_NEXT ? 1 : -1);
	else if (action == TUI_SELECT_ADDRESS)
		tui_list_select_address(app, value);
	else if (action == TUI_SAVE)
		save_prompt(app);
	else if (action == TUI_BASELINE)
		set_base(app);
	else if (action == TUI_INVERT) {
		app->settings.reverse = !app->settings.reverse;
		tui_list_renew(app);
	}
}

/* Where the mapping begins that is shown as selected; 0: none is. */
static uint64_t shown_start(const struct tui_app *app)
{
	const struct tui_row *row = tui_list_selected(app);

	return row ? row->mapping->start : 0;
}

/* After a step before which the mapping at @before was selected. */
static enum tui_request follow_selection(const struct tui_app *app, uint64_t before)
{
	bool other = shown_start(app) != before;

	return app->explains && other ? TUI_REQUEST_BUILD_ID : TUI_REQUEST_NONE;
}

enum tui_request tui_app_step(struct tui_app *app, enum tui_action action, uint64_t value)
{
	uint64_t selected = shown_start(app);

	if (!tui_screen(app->screen)->step(app, action, value)) {
		enum tui_request request;

		if (tui_timeline_step(app, action, value, &request))
			return request;
		request = request_of(app, action);
		if (request != TUI_REQUEST_NONE)
			return request;
		change_view(app, action, value);
		change_list(app, action, value);
	}
	return follow_selection(app, selected);
}

static enum tui_request finish_prompt(struct tui_app *app)
{
	struct vm_str text = vm_buf_str(&app->prompt.text);
	enum tui_prompt_purpose purpose = app->prompt.purpose;

	/* A filter that is wrong stays open to be mended. */
	if (purpose == TUI_PROMPT_FILTER && !tui_app_set_filter(app, text))
		return TUI_REQUEST_NONE;
	tui_prompt_close(&app->prompt);
	if (purpose == TUI_PROMPT_SEARCH) {
		vm_buf_clear(&app->search);
		vm_buf_put_str(&app->search, text);
		app->screen = TUI_SCREEN_LIST;
		if (text.len)
			tui_list_search(app, 1);
	}
	if (purpose == TUI_PROMPT_FILTER && app->screen >= TUI_SCREEN_LOG)
		app->screen = TUI_SCREEN_LIST;
	if (purpose != TUI_PROMPT_SAVE || !text.len)
		return TUI_REQUEST_NONE;
	free(app->save_path);
	app->save_path = tui_copy_text(text);
	return app->save_path ? TUI_REQUEST_SAVE : TUI_REQUEST_NONE;
}

/* Keys that are no text and mean the same everywhere: stop, draw anew, quit. */
static enum tui_request pass_prompt(const struct tui_key *key)
{
	const struct tui_binding *binding = tui_find_binding(key->code);
	enum tui_action action = binding ? binding->action : TUI_NONE;

	if (action == TUI_SUSPEND)
		return TUI_REQUEST_SUSPEND;
	if (action == TUI_REDRAW)
		return TUI_REQUEST_REDRAW;
	/* F10; q is a letter, and Ctrl-C gives the line up. */
	return action == TUI_QUIT && key->code >= TUI_KEY_NONE ? TUI_REQUEST_QUIT :
								 TUI_REQUEST_NONE;
}

static enum tui_request prompt_key(struct tui_app *app, const struct tui_key *key)
{
	uint64_t selected = shown_start(app);
	enum tui_request request = pass_prompt(key);

	if (request != TUI_REQUEST_NONE)
		return request;
	switch (tui_prompt_key(&app->prompt, key->code)) {
	case TUI_PROMPT_GOES_ON:
		return TUI_REQUEST_NONE;
	case TUI_PROMPT_DONE:
		request = finish_prompt(app);
		return request == TUI_REQUEST_NONE ? follow_selection(app, selected) : request;
	case TUI_PROMPT_GIVEN_UP:
		break;
	}
	tui_prompt_close(&app->prompt);
	return TUI_REQUEST_NONE;
}

enum tui_request tui_app_key(struct tui_app *app, const struct tui_key *key)
{
	const struct tui_binding *binding;

	app->message[0] = '\0';
	if (key->code == TUI_KEY_CLICK) {
		const struct tui_hit *hit = tui_find_hit(&app->canvas, key->row, key->col);

		tui_prompt_close(&app->prompt);
		if (!hit)
			return TUI_REQUEST_NONE;
		return tui_app_step(app, (enum tui_action)hit->action, hit->value);
	}
	if (app->prompt.purpose != TUI_PROMPT_CLOSED)
		return prompt_key(app, key);
	binding = tui_find_binding(key->code);
	return binding ? tui_app_step(app, binding->action, binding->value) : TUI_REQUEST_NONE;
}

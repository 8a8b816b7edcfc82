/*
 * The live view's settings: whatever the file holds, they are within their bounds and persist.
 */
#include "fuzz.h"
#include "tui/settings.h"

static void warn(size_t line, const char *what, void *user)
{
	size_t *last = user;

	fuzz_promise_sentence(vm_str_from(what));
	promise(line > *last);
	*last = line;
}

static void never(size_t line, const char *what, void *user)
{
	(void)line;
	(void)user;
	fuzz_broken(what, __FILE__, __LINE__);
}

static void check_bounds(const struct tui_settings *settings)
{
	promise(settings->interval_ns >= TUI_INTERVAL_MIN_NS &&
		settings->interval_ns <= TUI_INTERVAL_MAX_NS);
	promise(settings->theme < TUI_THEME_COUNT && settings->sort < VM_SORT_COUNT);
	promise(settings->units == VM_SIZE_HUMAN || settings->units == VM_SIZE_KIB);
	promise(settings->columns && !(settings->columns >> TUI_COLUMN_COUNT));
}

static void promise_same(const struct tui_settings *a, const struct tui_settings *b)
{
	promise(a->interval_ns == b->interval_ns && a->theme == b->theme && a->units == b->units &&
		a->sort == b->sort && a->reverse == b->reverse && a->columns == b->columns);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct tui_settings settings = tui_settings_default(), again = settings;
	struct vm_buf text = { 0 };
	size_t line = 0;

	tui_settings_parse(&settings, fuzz_str(bytes, size), warn, &line);
	check_bounds(&settings);
	tui_settings_write(&settings, &text);
	fuzz_promise_safe(vm_buf_str(&text));
	tui_settings_parse(&again, vm_buf_str(&text), never, NULL);
	promise_same(&settings, &again);
	vm_buf_deinit(&text);
	return 0;
}

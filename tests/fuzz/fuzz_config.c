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
	promise(tui_settings_equal(a, b));
}

static void check_written(const struct tui_settings *settings)
{
	struct tui_settings again = tui_settings_default();
	struct vm_buf text = { 0 };

	tui_settings_write(settings, &text);
	fuzz_promise_safe(vm_buf_str(&text));
	tui_settings_parse(&again, vm_buf_str(&text), never, NULL);
	promise_same(settings, &again);
	vm_buf_deinit(&text);
}

/* Other settings than these, some of them. */
static struct tui_settings change(struct tui_settings settings, uint64_t seed)
{
	struct tui_settings other = settings;

	if (fuzz_random(&seed) % 2)
		other.interval_ns = TUI_INTERVAL_MIN_NS + fuzz_random(&seed);
	if (fuzz_random(&seed) % 2)
		other.theme = fuzz_random(&seed) % TUI_THEME_COUNT;
	if (fuzz_random(&seed) % 2)
		other.units = fuzz_random(&seed) % 2 ? VM_SIZE_HUMAN : VM_SIZE_KIB;
	if (fuzz_random(&seed) % 2)
		other.sort = fuzz_random(&seed) % VM_SORT_COUNT;
	if (fuzz_random(&seed) % 2)
		other.reverse = !other.reverse;
	if (fuzz_random(&seed) % 2)
		other.columns = 1u << fuzz_random(&seed) % TUI_COLUMN_COUNT | 1;
	return other;
}

static void ignore(size_t line, const char *what, void *user)
{
	(void)line;
	(void)what;
	(void)user;
}

/* What is changed in the view is found again, whatever the user's own lines are; without a change they all stay. */
static void check_updated(const struct tui_settings *settings, struct vm_str text)
{
	struct tui_settings other = change(*settings, fuzz_hash(text));
	struct tui_settings again = tui_settings_default();
	struct vm_buf updated = { 0 };

	vm_buf_put_str(&updated, text);
	tui_settings_update(settings, settings, &updated);
	promise(vm_str_equal(vm_buf_str(&updated), text));
	tui_settings_update(settings, &other, &updated);
	tui_settings_parse(&again, vm_buf_str(&updated), ignore, NULL);
	promise_same(&other, &again);
	vm_buf_deinit(&updated);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct tui_settings settings = tui_settings_default();
	struct vm_str text = fuzz_str(bytes, size);
	size_t line = 0;

	tui_settings_parse(&settings, text, warn, &line);
	check_bounds(&settings);
	check_written(&settings);
	check_updated(&settings, text);
	return 0;
}

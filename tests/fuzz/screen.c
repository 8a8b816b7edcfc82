#include "screen.h"

#include <errno.h>
#include <wchar.h>

#include "fuzz.h"
#include "vmview/scan.h"

struct tui_sample fuzz_sample(struct vm_str text)
{
	bool gone = vm_scan_char(&text, '!'), fails = vm_scan_char(&text, '?');
	struct tui_sample sample = {
		.snapshot = fuzz_snapshot(text),
		.detail = vm_str_contains(text, VM_STR("Rss:")) ? VM_DETAIL_SMAPS : VM_DETAIL_MAPS,
		.gone = gone,
		.error = fails ? -EACCES : 0,
		.realtime_ns = 1000000000,
		.cost_ns = 4000000,
		.interval_ns = 1000000000,
	};

	sample.report.entry = "smaps";
	sample.process = (struct vm_process){ .pid = 7, .tgid = 7, .state = 'S', .threads = 1 };
	sample.process.has_stat = true;
	/* As foreign as the text is. */
	if (sample.snapshot.count)
		vm_buf_put_str(&sample.process.comm, sample.snapshot.mappings[0].name);
	return sample;
}

struct tui_app fuzz_app(bool utf8)
{
	struct tui_settings settings = tui_settings_default();
	struct tui_app app;

	tui_app_init(&app, &settings, utf8);
	app.has_picker = true;
	return app;
}

void fuzz_app_feed(struct tui_app *app, struct vm_str text)
{
	struct tui_sample sample;

	/* The sampler ends with the process. */
	if (app->data.gone)
		return;
	sample = fuzz_sample(text);
	promise(tui_data_take(&app->data, &sample) == 0);
	tui_app_renew(app);
}

static void check_cell(const struct tui_canvas *canvas, size_t i)
{
	const struct tui_cell *cell = &canvas->cells[i];
	bool first = i % (size_t)canvas->width == 0, last = (i + 1) % (size_t)canvas->width == 0;

	promise(cell->style.hue < TUI_HUE_COUNT);
	if (cell->code == 0) {
		/* The right half of a wide character, which stands before it. */
		promise(!first && wcwidth((wchar_t)cell[-1].code) == 2);
		return;
	}
	promise(cell->code >= 0x20 && cell->code <= 0x10ffff);
	promise(cell->code < 0x7f || (canvas->utf8 && cell->code > 0x9f));
	promise(wcwidth((wchar_t)cell->code) == 1 || (!last && !cell[1].code));
}

static void check_hit(const struct tui_hit *hit)
{
	promise(hit->action > TUI_NONE && hit->action < TUI_ACTION_COUNT);
}

static void check_scroll(const struct tui_scroll *scroll)
{
	promise(scroll->selected < scroll->rows || (!scroll->rows && !scroll->selected));
	promise(scroll->top <= scroll->selected);
}

void fuzz_app_draw(struct tui_app *app, int width, int height)
{
	const struct tui_canvas *canvas = &app->canvas;

	tui_app_draw(app, width, height);
	promise(canvas->width == width && canvas->height == height);
	for (size_t i = 0; i < (size_t)width * (size_t)height; i++)
		check_cell(canvas, i);
	for (size_t i = 0; i < canvas->hit_count; i++)
		check_hit(&canvas->hits[i]);
	check_scroll(&app->list.scroll);
	check_scroll(&app->files.scroll);
	fuzz_promise_safe(vm_str_from(app->message));
}

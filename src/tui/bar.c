/*
 * RSS by kind as one bar with its legend, and how RSS went.
 */
#include "app.h"

#include "vmview/kind.h"

/* Cells of the sparkline at the right end. */
#define SPARK 16

static const struct tui_style dim = { TUI_HUE_SPECIAL, 0 };

/* Of the kinds all mappings have the same backing, but for hugetlb, which is most often anonymous. */
static struct tui_style kind_style(enum vm_kind kind)
{
	static const struct vm_mapping nameless;

	return tui_style_of_backing((uint8_t)vm_backing_of(&nameless, kind));
}

/*
 * Cells of each kind: in proportion, with at least one for what is there at all. What that takes too much
 * comes from the largest.
 */
static void share_cells(const struct tui_data *data, int width, int cells[VM_KIND_COUNT])
{
	uint64_t total = data->total.sums[VM_FIELD_RSS];
	enum vm_kind largest = 0;
	int sum = 0;

	for (enum vm_kind kind = 0; kind < VM_KIND_COUNT; kind++) {
		uint64_t rss = data->by_kind[kind].sums[VM_FIELD_RSS];

		cells[kind] = total ? (int)((double)rss / (double)total * width) : 0;
		if (rss && !cells[kind])
			cells[kind] = 1;
		if (cells[kind] > cells[largest])
			largest = kind;
		sum += cells[kind];
	}
	cells[largest] += width - sum;
	if (cells[largest] < 0)
		cells[largest] = 0;
}

/* Why there is no bar. */
static const char *absence(const struct tui_app *app)
{
	if (app->data.error)
		return "n/a";
	if (!app->data.has_usage)
		return "";
	return app->data.total.present >> VM_FIELD_RSS & 1 ? "no memory resident" : "not reported";
}

static void draw_bar(struct tui_app *app, int row, int col, int width)
{
	int cells[VM_KIND_COUNT];

	if (!app->data.total.sums[VM_FIELD_RSS]) {
		tui_put_text(&app->canvas, row, col, width, dim, absence(app));
		return;
	}
	share_cells(&app->data, width, cells);
	for (enum vm_kind kind = 0; kind < VM_KIND_COUNT; kind++) {
		char letter = vm_kind_info(kind)->letter;

		tui_fill(&app->canvas, row, col, cells[kind], kind_style(kind),
			 (unsigned char)letter, letter);
		tui_add_hit(&app->canvas, row, col, cells[kind], TUI_FILTER_KIND, kind);
		col += cells[kind];
	}
}

/* A flat line stays low. */
void tui_draw_level(struct tui_canvas *canvas, int row, int col, uint64_t above, uint64_t range)
{
	static const char ascii[] = "_.-~=+*#";
	unsigned level;

	/* Whole numbers: a fraction that ends a step need not reach it on every processor. */
	for (; range > UINT64_MAX / 7; range /= 2)
		above /= 2;
	level = range ? (unsigned)(above * 7 / range) : 0;
	tui_fill(canvas, row, col, 1, dim, 0x2581 + level, ascii[level]);
}

static uint64_t highest(const struct tui_data *data, size_t first)
{
	uint64_t top = 0;

	for (size_t i = first; i < data->history_count; i++)
		top = data->history[i] > top ? data->history[i] : top;
	return top;
}

static uint64_t lowest(const struct tui_data *data, size_t first)
{
	uint64_t bottom = UINT64_MAX;

	for (size_t i = first; i < data->history_count; i++)
		bottom = data->history[i] < bottom ? data->history[i] : bottom;
	return bottom;
}

/* From the lowest to the highest of what is shown. */
static void draw_history(struct tui_app *app, int row, int col, int width)
{
	const struct tui_data *data = &app->data;
	size_t shown = data->history_count < (size_t)width ? data->history_count : (size_t)width;
	size_t first = data->history_count - shown;
	uint64_t low = lowest(data, first), range = highest(data, first) - low;

	for (size_t i = 0; i < shown; i++)
		tui_draw_level(&app->canvas, row, col + (int)i, data->history[first + i] - low,
			       range);
}

/* The kinds that have memory, the largest first: it is those that the legend must have room for. */
static size_t list_kinds(const struct tui_data *data, enum vm_kind kinds[VM_KIND_COUNT])
{
	size_t count = 0;

	for (enum vm_kind kind = 0; kind < VM_KIND_COUNT; kind++) {
		uint64_t rss = data->by_kind[kind].sums[VM_FIELD_RSS];
		size_t at = count;

		if (!rss)
			continue;
		for (; at && data->by_kind[kinds[at - 1]].sums[VM_FIELD_RSS] < rss; at--)
			kinds[at] = kinds[at - 1];
		kinds[at] = kind;
		count++;
	}
	return count;
}

static void put_legend(struct vm_buf *text, const struct tui_app *app, enum vm_kind kind)
{
	const struct vm_kind_info *info = vm_kind_info(kind);

	vm_buf_clear(text);
	vm_buf_put_char(text, info->letter);
	vm_buf_put_char(text, ' ');
	vm_buf_put_text(text, info->name);
	vm_buf_put_char(text, ' ');
	vm_size_put(text, app->data.by_kind[kind].sums[VM_FIELD_RSS], app->settings.units);
}

static void draw_legend(struct tui_app *app, int row, int col, int width)
{
	enum vm_kind kinds[VM_KIND_COUNT];
	size_t count = list_kinds(&app->data, kinds);
	struct vm_buf text = { 0 };
	int end = col + width;

	for (size_t i = 0; i < count; i++) {
		put_legend(&text, app, kinds[i]);
		if (col + (int)text.len > end)
			break;
		tui_put(&app->canvas, row, col, end - col, kind_style(kinds[i]), vm_buf_str(&text));
		tui_add_hit(&app->canvas, row, col, (int)text.len, TUI_FILTER_KIND, kinds[i]);
		col += (int)text.len + 2;
	}
	vm_buf_deinit(&text);
}

static void draw_bar_line(struct tui_app *app, struct tui_area area)
{
	/* A recording has a line for that. */
	int spark = area.width >= 60 && !app->timeline.count ? SPARK : 0;
	int width = area.width - 6 - (spark ? spark + 2 : 0);

	tui_put_text(&app->canvas, area.row, area.col + 1, 4, dim, "RSS");
	draw_bar(app, area.row, area.col + 5, width);
	if (spark)
		draw_history(app, area.row, area.col + 5 + width + 1, spark);
}

void tui_draw_type_bar(struct tui_app *app, struct tui_area area)
{
	bool legend_only = area.height == 1 && app->timeline.count;

	if (!legend_only)
		draw_bar_line(app, area);
	if (area.height > 1 || legend_only)
		draw_legend(app, area.row + area.height - 1, area.col + 1, area.width - 2);
}

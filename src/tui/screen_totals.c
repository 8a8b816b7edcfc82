/*
 * Sums by kind.
 */
#include "app.h"
#include "table.h"
#include "vmview/kind.h"

/* The kinds that the process has, in their order. Returns how many. */
static size_t list_kinds(const struct tui_data *data, enum vm_kind kinds[VM_KIND_COUNT])
{
	size_t count = 0;

	for (enum vm_kind kind = 0; kind < VM_KIND_COUNT; kind++) {
		if (data->by_kind[kind].count)
			kinds[count++] = kind;
	}
	return count;
}

/* The rows; the selection follows its kind. Returns how many. */
static size_t make_rows(struct tui_app *app, enum vm_kind kinds[VM_KIND_COUNT])
{
	size_t count = list_kinds(&app->data, kinds);

	app->totals.rows = count;
	for (size_t i = 0; i < count; i++) {
		if (kinds[i] == app->totals_kind)
			app->totals.selected = i;
	}
	return count;
}

static const struct {
	const char *title;
	enum vm_field field; /* VM_FIELD_COUNT: the size */
} columns[] = {
	{ "SIZE", VM_FIELD_COUNT },
	{ "RSS", VM_FIELD_RSS },
	{ "PSS", VM_FIELD_PSS },
	{ "PCLEAN", VM_FIELD_PRIVATE_CLEAN },
	{ "PDIRTY", VM_FIELD_PRIVATE_DIRTY },
	{ "SCLEAN", VM_FIELD_SHARED_CLEAN },
	{ "SDIRTY", VM_FIELD_SHARED_DIRTY },
	{ "SWAP", VM_FIELD_SWAP },
};

#define COLUMN_COUNT (sizeof(columns) / sizeof(columns[0]))
#define NAME_WIDTH 15

static struct tui_table fit(const struct tui_app *app, int width)
{
	return tui_table_fit(width, app->settings.units, COLUMN_COUNT, NAME_WIDTH, NAME_WIDTH);
}

/* Nothing could be read: then there are not no mappings, nobody knows how many. */
static bool is_unknown(const struct tui_app *app)
{
	return app->data.error && !app->data.now.count;
}

static void put_cell(const struct tui_app *app, const struct vm_totals *totals, size_t column,
		     struct vm_buf *text)
{
	enum vm_field field = columns[column].field;

	if (field == VM_FIELD_COUNT && !is_unknown(app))
		vm_size_put(text, totals->size, app->settings.units);
	else if (totals->present >> field & 1)
		vm_size_put(text, totals->sums[field], app->settings.units);
	else
		vm_buf_put_text(text, app->data.error ? "n/a" : app->data.has_usage ? "-" : "");
}

static void draw_totals(struct tui_app *app, struct tui_area area, const char *name,
			const struct vm_totals *totals, struct tui_style style)
{
	struct tui_table table = fit(app, area.width);
	int col = area.col + 2 + table.name;
	struct vm_buf text = { 0 };

	tui_put_text(&app->canvas, area.row, area.col + 2, table.name, style, name);
	if (is_unknown(app))
		vm_buf_put_text(&text, "n/a");
	else
		vm_buf_put_dec(&text, totals->count, 0, ' ');
	col += table.count;
	tui_put_right(&app->canvas, area.row, col, table.count, style, vm_buf_str(&text));
	for (size_t i = table.first; i < table.end; i++) {
		col += 1 + table.number;
		vm_buf_clear(&text);
		put_cell(app, totals, i, &text);
		tui_put_right(&app->canvas, area.row, col, table.number, style, vm_buf_str(&text));
	}
	vm_buf_deinit(&text);
}

static void draw_titles(struct tui_app *app, struct tui_area area)
{
	struct tui_table table = fit(app, area.width);
	struct tui_style style = { TUI_HUE_BAR, 0 };
	int col = area.col + 2 + table.name + table.count;

	tui_fill(&app->canvas, area.row, area.col, area.width, style, ' ', ' ');
	tui_put_text(&app->canvas, area.row, area.col + 2, table.name, style, "KIND");
	tui_put_right(&app->canvas, area.row, col, table.count, style, VM_STR("MAPS"));
	for (size_t i = table.first; i < table.end; i++) {
		col += 1 + table.number;
		tui_put_right(&app->canvas, area.row, col, table.number, style,
			      vm_str_from(columns[i].title));
	}
}

static void draw_kind(struct tui_app *app, struct tui_area area, enum vm_kind kind, size_t index)
{
	static const struct vm_mapping nameless;
	const struct vm_kind_info *info = vm_kind_info(kind);
	struct tui_style style = tui_style_of_backing((uint8_t)vm_backing_of(&nameless, kind));
	bool selected = index == app->totals.selected;
	struct vm_buf name = { 0 };

	vm_buf_put_char(&name, info->letter);
	vm_buf_put_char(&name, ' ');
	vm_buf_put_text(&name, info->name);
	vm_buf_put_char(&name, '\0');
	draw_totals(app, area, name.p ? name.p : "", &app->data.by_kind[kind], style);
	vm_buf_deinit(&name);
	if (selected) {
		tui_put_text(&app->canvas, area.row, area.col, 1,
			     (struct tui_style){ TUI_HUE_PLAIN, TUI_BOLD }, ">");
		tui_add_attr(&app->canvas, area.row, area.col, area.width, TUI_REVERSE | TUI_BOLD);
	}
	tui_add_hit(&app->canvas, area.row, area.col, area.width, TUI_SELECT, index);
}

static void draw(struct tui_app *app, struct tui_area area)
{
	struct tui_area line = { area.row, area.col, area.width, 1 };
	enum vm_kind kinds[VM_KIND_COUNT];
	struct tui_scroll *scroll = &app->totals;

	make_rows(app, kinds);
	scroll->height = area.height > 2 ? (size_t)area.height - 2 : 0;
	tui_scroll_fit(scroll);
	draw_titles(app, line);
	for (size_t i = 0; i < scroll->height && scroll->top + i < scroll->rows; i++) {
		line.row++;
		draw_kind(app, line, kinds[scroll->top + i], scroll->top + i);
	}
	line.row++;
	if (line.row < area.row + area.height)
		draw_totals(app, line, "total", &app->data.total,
			    (struct tui_style){ TUI_HUE_PLAIN, TUI_BOLD });
}

static bool step(struct tui_app *app, enum tui_action action, uint64_t value)
{
	enum vm_kind kinds[VM_KIND_COUNT];
	size_t count = make_rows(app, kinds);

	if (tui_scroll_step(&app->totals, action)) {
		app->totals_kind = count ? kinds[app->totals.selected] : VM_KIND_COUNT;
		return true;
	}
	if (action == TUI_SELECT && value < count && value != app->totals.selected) {
		app->totals.selected = (size_t)value;
		app->totals_kind = kinds[value];
		return true;
	}
	if ((action == TUI_ENTER || action == TUI_SELECT) && app->totals.selected < count) {
		tui_app_step(app, TUI_FILTER_KIND, kinds[app->totals.selected]);
		return true;
	}
	return false;
}

const struct tui_screen tui_screen_totals = { "Totals", step, draw, NULL };

/*
 * -X, -XX and -c. Widths depend on all mappings, so this works on the whole of them.
 */
#include "pmap_columns.h"
#include "pmap_private.h"
#include "vmview/output.h"
#include "vmview/safe.h"

/* The columns that do not come from smaps fields. */
enum fixed { FIXED_ADDRESS, FIXED_PERM, FIXED_OFFSET, FIXED_DEVICE, FIXED_INODE, FIXED_COUNT };

static const char *const fixed_titles[FIXED_COUNT] = { "Address", "Perm", "Offset", "Device",
						       "Inode" };

struct layout {
	struct vm_pmap *pmap;
	bool shown[FIXED_COUNT];
	size_t width[FIXED_COUNT];
	bool flags_shown, name_shown;
	bool has_flags; /* some mapping reports VmFlags */
	size_t flags_width;
};

static struct layout make_layout(struct vm_pmap *pmap)
{
	struct layout layout = { .pmap = pmap };

	for (enum fixed i = 0; i < FIXED_COUNT; i++)
		layout.shown[i] = i == FIXED_ADDRESS ||
				  vm_pmap_is_enabled(&pmap->options, vm_str_from(fixed_titles[i]));
	layout.flags_shown = vm_pmap_is_enabled(&pmap->options, VM_STR("VmFlags"));
	layout.name_shown = vm_pmap_is_enabled(&pmap->options, VM_STR("Mapping"));
	return layout;
}

/* The kernel pads addresses and offsets to 8 digits, both halves of a device to 2. */
#define ADDRESS_DIGITS 8
#define DEVICE_DIGITS 2

static size_t hex_width(uint64_t number, size_t least)
{
	size_t width = vm_pmap_hex_digits(number);

	return width < least ? least : width;
}

static size_t fixed_width(enum fixed column, const struct vm_mapping *m)
{
	switch (column) {
	case FIXED_ADDRESS:
		return hex_width(m->start, ADDRESS_DIGITS);
	case FIXED_PERM:
		return sizeof(m->perms);
	case FIXED_OFFSET:
		return hex_width(m->offset, ADDRESS_DIGITS);
	case FIXED_DEVICE:
		return hex_width(m->dev_major, DEVICE_DIGITS) + 1 +
		       hex_width(m->dev_minor, DEVICE_DIGITS);
	case FIXED_INODE:
		return vm_pmap_digits(m->inode);
	case FIXED_COUNT:
		break;
	}
	return 0;
}

static int measure(struct layout *layout, const struct vm_mapping *mappings, size_t count)
{
	struct vm_pmap *pmap = layout->pmap;

	for (size_t i = 0; i < pmap->column_count; i++)
		pmap->columns[i].total = 0;
	for (size_t i = 0; i < count; i++) {
		int r = vm_pmap_columns_measure(pmap, &mappings[i]);

		if (r < 0)
			return r;
		for (enum fixed j = 0; j < FIXED_COUNT; j++)
			vm_pmap_widen(&layout->width[j], fixed_width(j, &mappings[i]));
		layout->has_flags |= mappings[i].vm_flags.p != NULL;
		vm_pmap_widen(&layout->flags_width, mappings[i].vm_flags.len);
	}
	for (size_t i = 0; i < pmap->column_count && !pmap->options.quiet; i++)
		vm_pmap_widen(&pmap->columns[i].width, vm_pmap_digits(pmap->columns[i].total));
	return 0;
}

static void put_title(struct vm_buf *text, struct vm_str title, size_t *width)
{
	vm_pmap_widen(width, title.len);
	vm_buf_put_right(text, title, *width);
	vm_buf_put_char(text, ' ');
}

static void put_titles(struct layout *layout)
{
	struct vm_pmap *pmap = layout->pmap;

	for (enum fixed i = 0; i < FIXED_COUNT; i++) {
		if (layout->shown[i])
			put_title(&pmap->text, vm_str_from(fixed_titles[i]), &layout->width[i]);
	}
	for (size_t i = 0; i < pmap->column_count; i++) {
		struct vm_pmap_column *column = &pmap->columns[i];

		put_title(&pmap->text, (struct vm_str){ column->key, column->len }, &column->width);
	}
	if (layout->has_flags && layout->flags_shown)
		put_title(&pmap->text, VM_STR("VmFlags"), &layout->flags_width);
	vm_buf_put_text(&pmap->text, layout->name_shown ? "Mapping\n" : "\n");
}

static void put_fixed(struct vm_buf *text, enum fixed column, const struct vm_mapping *m)
{
	switch (column) {
	case FIXED_ADDRESS:
		vm_buf_put_hex(text, m->start, ADDRESS_DIGITS, '0');
		break;
	case FIXED_PERM:
		vm_buf_put(text, m->perms, sizeof(m->perms));
		break;
	case FIXED_OFFSET:
		vm_buf_put_hex(text, m->offset, ADDRESS_DIGITS, '0');
		break;
	case FIXED_DEVICE:
		vm_buf_put_hex(text, m->dev_major, DEVICE_DIGITS, '0');
		vm_buf_put_char(text, ':');
		vm_buf_put_hex(text, m->dev_minor, DEVICE_DIGITS, '0');
		break;
	case FIXED_INODE:
		vm_buf_put_dec(text, m->inode, 0, ' ');
		break;
	case FIXED_COUNT:
		break;
	}
}

static void put_fixed_cells(struct layout *layout, const struct vm_mapping *m,
			    const struct vm_row_colour *colour)
{
	struct vm_buf *text = &layout->pmap->text;

	for (enum fixed i = 0; i < FIXED_COUNT; i++) {
		if (!layout->shown[i])
			continue;
		if (i != FIXED_ADDRESS)
			vm_buf_put_char(text, ' ');
		vm_buf_put_repeat(text, ' ', layout->width[i] - fixed_width(i, m));
		if (i == FIXED_PERM)
			vm_buf_put_text(text, colour->on);
		put_fixed(text, i, m);
		if (i == FIXED_PERM)
			vm_buf_put_text(text, colour->off);
	}
}

static void put_field_cells(struct vm_pmap *pmap, const struct vm_mapping *m)
{
	vm_pmap_columns_load(pmap, m);
	for (size_t i = 0; i < pmap->column_count; i++) {
		const struct vm_pmap_column *column = &pmap->columns[i];

		vm_buf_put_char(&pmap->text, ' ');
		if (column->has_cell)
			vm_buf_put_dec(&pmap->text, column->cell, (unsigned)column->width, ' ');
		else
			vm_buf_put_right(&pmap->text, VM_STR("-"), column->width);
	}
}

/* VmFlags are two-letter words; whatever else a capture has there is made safe. */
static void put_flags(struct layout *layout, const struct vm_mapping *m)
{
	struct vm_buf *text = &layout->pmap->text;

	vm_buf_put_char(text, ' ');
	vm_buf_put_repeat(text, ' ', layout->flags_width - m->vm_flags.len);
	vm_safe_put_ascii(text, m->vm_flags);
}

static void put_name(struct vm_pmap *pmap, const struct vm_mapping *m)
{
	struct vm_str name = m->name;
	size_t slash = vm_str_find_last(name, '/');

	if (!pmap->options.show_path && slash < name.len && name.p[0] != '[')
		name = vm_str_skip(name, slash + 1);
	vm_safe_put(&pmap->text, name);
}

static void put_row(struct layout *layout, const struct vm_mapping *m)
{
	struct vm_pmap *pmap = layout->pmap;
	struct vm_row_colour colour = vm_row_colour_of(pmap, m);

	vm_buf_put_text(&pmap->text, colour.hue);
	put_fixed_cells(layout, m, &colour);
	put_field_cells(pmap, m);
	if (layout->has_flags && layout->flags_shown)
		put_flags(layout, m);
	if (layout->name_shown) {
		vm_buf_put_char(&pmap->text, ' ');
		vm_buf_put_text(&pmap->text, colour.on);
		put_name(pmap, m);
	}
	vm_buf_put_text(&pmap->text, colour.reset);
	vm_buf_put_char(&pmap->text, '\n');
}

static void put_totals(struct layout *layout)
{
	struct vm_pmap *pmap = layout->pmap;
	size_t gap = 0;

	for (enum fixed i = 0; i < FIXED_COUNT; i++)
		gap += layout->shown[i] ? layout->width[i] + 1 : 0;
	vm_buf_put_repeat(&pmap->text, ' ', gap);
	for (size_t i = 0; i < pmap->column_count; i++) {
		vm_buf_put_repeat(&pmap->text, '=', pmap->columns[i].width);
		vm_buf_put_char(&pmap->text, ' ');
	}
	vm_buf_put_char(&pmap->text, '\n');
	vm_buf_put_repeat(&pmap->text, ' ', gap);
	for (size_t i = 0; i < pmap->column_count; i++) {
		vm_buf_put_dec(&pmap->text, pmap->columns[i].total,
			       (unsigned)pmap->columns[i].width, ' ');
		vm_buf_put_char(&pmap->text, ' ');
	}
	vm_buf_put_text(&pmap->text, "KB \n");
}

int vm_pmap_write_all(struct vm_pmap *pmap, const struct vm_mapping *mappings, size_t count)
{
	struct layout layout = make_layout(pmap);
	int r = measure(&layout, mappings, count);

	if (r < 0)
		return r;
	if (count && !pmap->options.quiet)
		put_titles(&layout);
	for (size_t i = 0; i < count; i++) {
		if (!vm_pmap_in_range(&pmap->options, &mappings[i]))
			continue;
		put_row(&layout, &mappings[i]);
		r = vm_output_flush(&pmap->text, pmap->out, false);
		if (r < 0)
			return r;
	}
	if (pmap->column_count && !pmap->options.quiet)
		put_totals(&layout);
	return vm_output_flush(&pmap->text, pmap->out, true);
}

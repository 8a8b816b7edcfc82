#include "column.h"

#include <assert.h>

#include "vmview/kind.h"
#include "vmview/safe.h"

static void put_size(const struct tui_cell_context *context, uint64_t bytes, struct vm_buf *text)
{
	vm_size_put(text, bytes, context->units);
}

/*
 * A number of smaps: nothing where it is being waited for, n/a where it cannot be had, - where the kernel does
 * not report it.
 */
static void put_measure(const struct tui_cell_context *context, const struct tui_row *row,
			enum vm_measure measure, struct vm_buf *text)
{
	uint64_t value = vm_measure_of(row->mapping, measure);

	if (row->ghost)
		return;
	if (!vm_measure_has(row->mapping, measure)) {
		if (context->data->error)
			vm_buf_put_text(text, "n/a");
		else if (context->data->has_usage)
			vm_buf_put_char(text, '-');
		return;
	}
	if (value)
		put_size(context, value, text);
	else
		vm_buf_put_char(text, '0');
}

static void cell_address(const struct tui_cell_context *context, const struct tui_row *row,
			 struct vm_buf *text)
{
	(void)context;
	vm_buf_put_hex(text, row->mapping->start, 8, '0');
}

static void cell_end(const struct tui_cell_context *context, const struct tui_row *row,
		     struct vm_buf *text)
{
	(void)context;
	vm_buf_put_hex(text, row->mapping->end, 8, '0');
}

static void cell_size(const struct tui_cell_context *context, const struct tui_row *row,
		      struct vm_buf *text)
{
	put_size(context, vm_mapping_size(row->mapping), text);
}

static void cell_rss(const struct tui_cell_context *context, const struct tui_row *row,
		     struct vm_buf *text)
{
	put_measure(context, row, VM_MEASURE_RSS, text);
}

/* How much of the mapping is in memory, in four steps a character and four characters. */
static void cell_resident(const struct tui_cell_context *context, const struct tui_row *row,
			  struct vm_buf *text)
{
	static const char *const parts[] = { " ", "\xe2\x96\x8e", "\xe2\x96\x8c", "\xe2\x96\x8a",
					     "\xe2\x96\x88" };
	uint64_t size = vm_mapping_size(row->mapping);
	uint64_t rss = vm_measure_of(row->mapping, VM_MEASURE_RSS);
	unsigned steps;

	if (row->ghost || !size || !vm_measure_has(row->mapping, VM_MEASURE_RSS))
		return;
	/* Any page at all shows; only all of them fill it. */
	steps = rss >= size ? 16 : (unsigned)((double)rss / (double)size * 16);
	if (!steps && rss)
		steps = 1;
	for (unsigned i = 0; i < 4; i++) {
		unsigned part = steps > 4 * i ? steps - 4 * i : 0;

		if (part > 4)
			part = 4;
		if (context->utf8)
			vm_buf_put_text(text, parts[part]);
		else
			vm_buf_put_char(text, " .-=#"[part]);
	}
}

static void cell_pss(const struct tui_cell_context *context, const struct tui_row *row,
		     struct vm_buf *text)
{
	put_measure(context, row, VM_MEASURE_PSS, text);
}

static void cell_uss(const struct tui_cell_context *context, const struct tui_row *row,
		     struct vm_buf *text)
{
	put_measure(context, row, VM_MEASURE_USS, text);
}

static void cell_shared(const struct tui_cell_context *context, const struct tui_row *row,
			struct vm_buf *text)
{
	put_measure(context, row, VM_MEASURE_SHARED, text);
}

static void cell_dirty(const struct tui_cell_context *context, const struct tui_row *row,
		       struct vm_buf *text)
{
	put_measure(context, row, VM_MEASURE_DIRTY, text);
}

static void cell_swap(const struct tui_cell_context *context, const struct tui_row *row,
		      struct vm_buf *text)
{
	put_measure(context, row, VM_MEASURE_SWAP, text);
}

static void cell_locked(const struct tui_cell_context *context, const struct tui_row *row,
			struct vm_buf *text)
{
	put_measure(context, row, VM_MEASURE_LOCKED, text);
}

static void cell_copied(const struct tui_cell_context *context, const struct tui_row *row,
			struct vm_buf *text)
{
	put_measure(context, row, VM_MEASURE_COPIED, text);
}

static void cell_offset(const struct tui_cell_context *context, const struct tui_row *row,
			struct vm_buf *text)
{
	(void)context;
	if (row->mapping->inode)
		vm_buf_put_hex(text, row->mapping->offset, 0, ' ');
}

static void cell_device(const struct tui_cell_context *context, const struct tui_row *row,
			struct vm_buf *text)
{
	(void)context;
	if (!row->mapping->inode)
		return;
	vm_buf_put_hex(text, row->mapping->dev_major, 2, '0');
	vm_buf_put_char(text, ':');
	vm_buf_put_hex(text, row->mapping->dev_minor, 2, '0');
}

static void cell_inode(const struct tui_cell_context *context, const struct tui_row *row,
		       struct vm_buf *text)
{
	(void)context;
	if (row->mapping->inode)
		vm_buf_put_dec(text, row->mapping->inode, 0, ' ');
}

static void cell_perms(const struct tui_cell_context *context, const struct tui_row *row,
		       struct vm_buf *text)
{
	(void)context;
	vm_buf_put(text, row->mapping->perms, sizeof(row->mapping->perms));
}

static void cell_kind(const struct tui_cell_context *context, const struct tui_row *row,
		      struct vm_buf *text)
{
	(void)context;
	vm_buf_put_char(text, vm_kind_info(row->mapping->kind)->letter);
}

static void cell_name(const struct tui_cell_context *context, const struct tui_row *row,
		      struct vm_buf *text)
{
	const struct vm_mapping *m = row->mapping;

	(void)context;
	if (vm_mapping_is_wx(m))
		vm_buf_put_text(text, "!W+X ");
	if (m->deleted)
		vm_buf_put_text(text, "[deleted] ");
	vm_safe_put(text, vm_display_name(m));
}

static void put_delta(const struct tui_cell_context *context, const struct tui_row *row,
		      struct vm_buf *text)
{
	int64_t delta;

	if (!tui_data_delta(context->data, row->mapping, &delta) || !delta)
		return;
	vm_buf_put_char(text, delta < 0 ? '-' : '+');
	put_size(context, delta < 0 ? 0 - (uint64_t)delta : (uint64_t)delta, text);
}

static void cell_change(const struct tui_cell_context *context, const struct tui_row *row,
			struct vm_buf *text)
{
	if (row->ghost) {
		vm_buf_put_text(text, "gone");
		return;
	}
	if (row->mark.change)
		vm_buf_put_text(text, vm_change_info(row->mark.change - 1)->name);
	else
		put_delta(context, row, text);
}

/* clang-format off */
static const struct tui_column columns[] = {
	[TUI_COLUMN_ADDRESS] = { "address", "ADDRESS", "first address, hexadecimal",
		12, 12, VM_SORT_ADDRESS, 90, cell_address },
	[TUI_COLUMN_END] = { "end", "END", "address behind the last one, hexadecimal",
		12, 12, VM_SORT_COUNT, 20, cell_end },
	[TUI_COLUMN_SIZE] = { "size", "SIZE", "address space, in memory or not",
		5, 9, VM_SORT_SIZE, 85, cell_size },
	[TUI_COLUMN_RSS] = { "rss", "RSS", "in memory now",
		5, 9, VM_SORT_RSS, 80, cell_rss },
	[TUI_COLUMN_RESIDENT] = { "resident", "IN", "part of the size that is in memory, as a bar",
		-4, -4, VM_SORT_COUNT, 45, cell_resident },
	[TUI_COLUMN_PSS] = { "pss", "PSS", "in memory, shared pages divided among their users",
		5, 9, VM_SORT_PSS, 50, cell_pss },
	[TUI_COLUMN_USS] = { "uss", "USS", "in memory and mapped by nobody else now",
		5, 9, VM_SORT_USS, 40, cell_uss },
	[TUI_COLUMN_SHARED] = { "shared", "SHARD", "in memory and in fact mapped more than once now",
		5, 9, VM_SORT_COUNT, 35, cell_shared },
	[TUI_COLUMN_DIRTY] = { "dirty", "DIRTY", "modified since it came from its file, or anonymous",
		5, 9, VM_SORT_DIRTY, 48, cell_dirty },
	[TUI_COLUMN_SWAP] = { "swap", "SWAP", "swapped out",
		5, 9, VM_SORT_SWAP, 42, cell_swap },
	[TUI_COLUMN_LOCKED] = { "locked", "LOCK", "locked in memory",
		5, 9, VM_SORT_COUNT, 25, cell_locked },
	[TUI_COLUMN_COPIED] = { "copied", "COPY", "copied on write: private file pages that were written to",
		5, 9, VM_SORT_COUNT, 30, cell_copied },
	[TUI_COLUMN_OFFSET] = { "offset", "OFFSET", "where in the file it begins, hexadecimal",
		8, 8, VM_SORT_COUNT, 15, cell_offset },
	[TUI_COLUMN_DEVICE] = { "device", "DEV", "device of the file, major:minor",
		-6, -6, VM_SORT_COUNT, 12, cell_device },
	[TUI_COLUMN_INODE] = { "inode", "INODE", "number of the file on its device",
		10, 10, VM_SORT_COUNT, 11, cell_inode },
	[TUI_COLUMN_PERMS] = { "perms", "PERM", "r w x, and s for shared or p for private",
		-4, -4, VM_SORT_PERMS, 88, cell_perms },
	[TUI_COLUMN_KIND] = { "kind", "T", "kind, as a letter (see the help)",
		-1, -1, VM_SORT_KIND, 87, cell_kind },
	[TUI_COLUMN_NAME] = { "mapping", "MAPPING", "file, or the kernel's name for it",
		0, 0, VM_SORT_NAME, 100, cell_name },
	[TUI_COLUMN_CHANGE] = { "change", "CHANGE", "what just happened, or RSS won or lost since the baseline",
		-7, -10, VM_SORT_COUNT, 46, cell_change },
};
/* clang-format on */
static_assert(sizeof(columns) / sizeof(columns[0]) == TUI_COLUMN_COUNT, "describe every column");

const struct tui_column *tui_column(enum tui_column_id id)
{
	assert(id < TUI_COLUMN_COUNT);
	return &columns[id];
}

/* How wide the name's column is to be at least: on small screens less, so that numbers have a place too. */
static int least_name(int width)
{
	int least = width / 4;

	return least < 5 ? 5 : least > 20 ? 20 : least;
}

static int width_of(enum tui_column_id id, enum vm_size_style units, int address_width)
{
	int width = units == VM_SIZE_HUMAN ? columns[id].width : columns[id].kib_width;

	if (id == TUI_COLUMN_ADDRESS || id == TUI_COLUMN_END)
		return address_width;
	return width < 0 ? -width : width;
}

/* The chosen column that goes first where there is too little room. */
static enum tui_column_id least_kept(uint32_t shown)
{
	enum tui_column_id least = TUI_COLUMN_COUNT;

	for (enum tui_column_id id = 0; id < TUI_COLUMN_COUNT; id++) {
		if ((shown >> id & 1) &&
		    (least == TUI_COLUMN_COUNT || columns[id].keep < columns[least].keep))
			least = id;
	}
	return least;
}

uint32_t tui_columns_fit(uint32_t chosen, enum vm_size_style units, int address_width, int width,
			 int widths[TUI_COLUMN_COUNT])
{
	uint32_t shown = chosen | 1u << TUI_COLUMN_NAME;
	int sum = 0;

	for (enum tui_column_id id = 0; id < TUI_COLUMN_COUNT; id++) {
		widths[id] = id == TUI_COLUMN_NAME ? least_name(width) :
						     width_of(id, units, address_width);
		if (shown >> id & 1)
			sum += widths[id] + 1;
	}
	while (sum - 1 > width && shown & (shown - 1)) {
		enum tui_column_id id = least_kept(shown);

		shown &= ~(1u << id);
		sum -= widths[id] + 1;
	}
	widths[TUI_COLUMN_NAME] += width - (sum - 1);
	return shown;
}

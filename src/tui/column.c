#include "column.h"

#include <assert.h>

#include "vmview/kind.h"
#include "vmview/safe.h"

/*
 * A number of smaps: nothing where it is being waited for, n/a where it cannot be had, - where the kernel does
 * not report it.
 */
static void put_bytes(const struct tui_cell_context *context, const struct tui_row *row,
		      enum vm_column column, struct vm_buf *text)
{
	if (row->ghost && vm_column_needs_smaps(column))
		return;
	if (vm_column_has(row->mapping, column))
		vm_size_put(text, vm_column_number(row->mapping, column), context->units);
	else if (context->data->error)
		vm_buf_put_text(text, "n/a");
	else if (context->data->has_usage)
		vm_buf_put_char(text, '-');
}

/* What is of a file there is of files only. */
static bool is_of_file(enum vm_column column)
{
	return column == VM_COLUMN_OFFSET || column == VM_COLUMN_DEVICE ||
	       column == VM_COLUMN_INODE;
}

static void put_column(const struct tui_cell_context *context, const struct tui_row *row,
		       enum vm_column column, struct vm_buf *text)
{
	enum vm_column_type type = vm_column_info(column).type;
	char room[32];

	if (is_of_file(column) && !row->mapping->inode)
		return;
	if (type == VM_TYPE_BYTES)
		put_bytes(context, row, column, text);
	else if (type == VM_TYPE_TEXT)
		vm_safe_put(text, vm_column_text(row->mapping, column, room));
	else if (type == VM_TYPE_NUMBER)
		vm_buf_put_dec(text, vm_column_number(row->mapping, column), 0, ' ');
	else
		vm_buf_put_hex(text, vm_column_number(row->mapping, column),
			       type == VM_TYPE_ADDRESS ? 8 : 0, '0');
}

/* How much of the mapping is in memory, in four steps a character and four characters. */
static void put_resident(const struct tui_cell_context *context, const struct tui_row *row,
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

static void put_kind(const struct tui_cell_context *context, const struct tui_row *row,
		     struct vm_buf *text)
{
	(void)context;
	vm_buf_put_char(text, vm_kind_info(row->mapping->kind)->letter);
}

static void put_name(const struct tui_cell_context *context, const struct tui_row *row,
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

/* Returns whether there is one. */
static bool put_delta(const struct tui_cell_context *context, const struct tui_row *row,
		      struct vm_buf *text)
{
	int64_t delta;

	if (!tui_data_delta(context->data, row->mapping, &delta) || !delta)
		return false;
	vm_buf_put_char(text, delta < 0 ? '-' : '+');
	vm_size_put(text, delta < 0 ? 0 - (uint64_t)delta : (uint64_t)delta, context->units);
	return true;
}

static void put_change(const struct tui_cell_context *context, const struct tui_row *row,
		       struct vm_buf *text)
{
	if (row->ghost) {
		vm_buf_put_text(text, "gone");
		return;
	}
	/* Who counts wants the sum of what grows all the time; that it does is told by its mark. */
	if (context->data->base_chosen && put_delta(context, row, text))
		return;
	if (row->mark.change)
		vm_buf_put_text(text, vm_change_info(row->mark.change - 1)->name);
	else
		put_delta(context, row, text);
}

/* Whoever switches on what is off by default wants to see it: it stays longer than what nobody chose. */
/* clang-format off */
static const struct tui_column columns[] = {
	[TUI_COLUMN_ADDRESS] = { VM_COLUMN_ADDRESS, "ADDRESS", 12, 12, VM_SORT_ADDRESS, 90 },
	[TUI_COLUMN_END] = { VM_COLUMN_END, "END", 12, 12, VM_SORT_COUNT, 60 },
	[TUI_COLUMN_SIZE] = { VM_COLUMN_SIZE, "SIZE", 5, 9, VM_SORT_SIZE, 85 },
	[TUI_COLUMN_RSS] = { VM_COLUMN_RSS, "RSS", 5, 9, VM_SORT_RSS, 80 },
	[TUI_COLUMN_RESIDENT] = { VM_COLUMN_COUNT, "IN", -4, -4, VM_SORT_COUNT, 45 },
	[TUI_COLUMN_PSS] = { VM_COLUMN_PSS, "PSS", 5, 9, VM_SORT_PSS, 50 },
	[TUI_COLUMN_USS] = { VM_COLUMN_USS, "USS", 5, 9, VM_SORT_USS, 75 },
	[TUI_COLUMN_SHARED] = { VM_COLUMN_SHARED, "SHARD", 5, 9, VM_SORT_COUNT, 70 },
	[TUI_COLUMN_DIRTY] = { VM_COLUMN_DIRTY, "DIRTY", 5, 9, VM_SORT_DIRTY, 48 },
	[TUI_COLUMN_SWAP] = { VM_COLUMN_SWAP, "SWAP", 5, 9, VM_SORT_SWAP, 42 },
	[TUI_COLUMN_LOCKED] = { VM_COLUMN_LOCKED, "LOCK", 5, 9, VM_SORT_COUNT, 65 },
	[TUI_COLUMN_COPIED] = { VM_COLUMN_COPIED, "COPY", 5, 9, VM_SORT_COUNT, 68 },
	[TUI_COLUMN_OFFSET] = { VM_COLUMN_OFFSET, "OFFSET", 8, 8, VM_SORT_COUNT, 58 },
	[TUI_COLUMN_DEVICE] = { VM_COLUMN_DEVICE, "DEV", -6, -6, VM_SORT_COUNT, 56 },
	[TUI_COLUMN_INODE] = { VM_COLUMN_INODE, "INODE", 10, 10, VM_SORT_COUNT, 54 },
	[TUI_COLUMN_PERMS] = { VM_COLUMN_PERMS, "PERM", -4, -4, VM_SORT_PERMS, 88 },
	[TUI_COLUMN_KIND] = { VM_COLUMN_KIND, "T", -1, -1, VM_SORT_KIND, 87 },
	[TUI_COLUMN_NAME] = { VM_COLUMN_MAPPING, "MAPPING", 0, 0, VM_SORT_NAME, 100 },
	[TUI_COLUMN_CHANGE] = { VM_COLUMN_COUNT, "CHANGE", -7, -10, VM_SORT_COUNT, 46 },
};
/* clang-format on */
static_assert(sizeof(columns) / sizeof(columns[0]) == TUI_COLUMN_COUNT, "describe every column");

/* Those that show it otherwise than vm_column does, or what it does not have. */
static const struct {
	const char *name, *help;
	void (*put)(const struct tui_cell_context *context, const struct tui_row *row,
		    struct vm_buf *text);
} own[TUI_COLUMN_COUNT] = {
	[TUI_COLUMN_RESIDENT] = { "resident", "part of the size that is in memory, as a bar",
				  put_resident },
	[TUI_COLUMN_KIND] = { "kind", "kind, as a letter (see the help)", put_kind },
	[TUI_COLUMN_NAME] = { "mapping", "file, or the kernel's name for it", put_name },
	[TUI_COLUMN_CHANGE] = { "change",
				"what just happened, or RSS won or lost since the baseline",
				put_change },
};

const struct tui_column *tui_column(enum tui_column_id id)
{
	assert(id < TUI_COLUMN_COUNT);
	return &columns[id];
}

const char *tui_column_name(enum tui_column_id id)
{
	assert(id < TUI_COLUMN_COUNT);
	return own[id].name ? own[id].name : vm_column_info(columns[id].column).name;
}

const char *tui_column_help(enum tui_column_id id)
{
	assert(id < TUI_COLUMN_COUNT);
	return own[id].help ? own[id].help : vm_column_info(columns[id].column).help;
}

void tui_column_put(enum tui_column_id id, const struct tui_cell_context *context,
		    const struct tui_row *row, struct vm_buf *text)
{
	assert(id < TUI_COLUMN_COUNT);
	if (own[id].put)
		own[id].put(context, row, text);
	else
		put_column(context, row, columns[id].column, text);
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

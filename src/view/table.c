#include "vmview/table.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "vmview/output.h"
#include "vmview/safe.h"
#include "vmview/totals.h"

#define TOTAL "total"

/* A column of one table. */
struct slot {
	struct vm_column_info info;
	enum vm_column column;
	size_t width;
	uint64_t sum;
	bool summed; /* some mapping reported it */
};

struct layout {
	const struct vm_table *table;
	struct slot *slots;
	struct vm_buf text, cell;
	FILE *out;
};

static bool is_left(const struct slot *slot)
{
	return slot->info.type == VM_TYPE_TEXT || slot->info.type == VM_TYPE_BOOL;
}

static void put_number(struct vm_buf *cell, enum vm_column_type type, uint64_t number,
		       enum vm_size_style units)
{
	switch (type) {
	case VM_TYPE_ADDRESS:
		vm_buf_put_hex(cell, number, 8, '0');
		break;
	case VM_TYPE_HEX:
		vm_buf_put_hex(cell, number, 1, '0');
		break;
	case VM_TYPE_BYTES:
		vm_size_put(cell, number, units);
		break;
	case VM_TYPE_BOOL:
		vm_buf_put_text(cell, number ? "yes" : "no");
		break;
	case VM_TYPE_NUMBER:
	case VM_TYPE_TEXT:
		vm_buf_put_dec(cell, number, 0, ' ');
		break;
	}
}

static void put_cell(struct vm_buf *cell, const struct vm_table *table, const struct slot *slot,
		     const struct vm_mapping *m)
{
	char room[32];

	vm_buf_clear(cell);
	if (!vm_column_has(m, slot->column))
		vm_buf_put_text(cell, table->unreadable ? "n/a" : "-");
	else if (slot->info.type != VM_TYPE_TEXT)
		put_number(cell, slot->info.type, vm_column_number(m, slot->column), table->units);
	else
		vm_safe_put(cell, vm_column_text(m, slot->column, room));
	/* A blank field would be none to awk(1). */
	if (!cell->len)
		vm_buf_put_char(cell, '-');
}

/* Characters: what is safe is UTF-8. */
static size_t width_of(struct vm_str text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += ((unsigned char)text.p[i] & 0xc0) != 0x80;
	return count;
}

static void widen(struct slot *slot, size_t width)
{
	if (slot->width < width)
		slot->width = width;
}

/* Sizes in kB and bytes, and other plain numbers, are as wide as the largest of them. */
static bool grows_with_number(const struct layout *layout, const struct slot *slot)
{
	return slot->info.type != VM_TYPE_TEXT && slot->info.type != VM_TYPE_BOOL &&
	       !(slot->info.type == VM_TYPE_BYTES && layout->table->units == VM_SIZE_HUMAN);
}

static void measure_number(struct layout *layout, struct slot *slot, uint64_t number)
{
	vm_buf_clear(&layout->cell);
	put_number(&layout->cell, slot->info.type, number, layout->table->units);
	widen(slot, layout->cell.len);
}

static void measure_column(struct layout *layout, struct slot *slot, bool last,
			   const struct vm_snapshot *snapshot, const uint32_t *rows, size_t count)
{
	bool by_number = grows_with_number(layout, slot);
	uint64_t largest = 0;

	for (size_t i = 0; i < count; i++) {
		const struct vm_mapping *m = &snapshot->mappings[rows[i]];
		bool has = vm_column_has(m, slot->column);
		uint64_t number;

		if (slot->info.type == VM_TYPE_TEXT && last)
			break;
		if (!has || !by_number) {
			put_cell(&layout->cell, layout->table, slot, m);
			widen(slot, width_of(vm_buf_str(&layout->cell)));
		}
		if (slot->info.type == VM_TYPE_TEXT || !has)
			continue;
		number = vm_column_number(m, slot->column);
		largest = number > largest ? number : largest;
		slot->sum = vm_add_capped(slot->sum, number);
		slot->summed = true;
	}
	if (by_number)
		measure_number(layout, slot, largest);
	if (slot->info.summable && layout->table->headings)
		measure_number(layout, slot, slot->sum);
}

static void begin_row(struct vm_buf *text, bool first)
{
	if (!first)
		vm_buf_put_char(text, ' ');
}

/* One cell of the row; the last one, where it stands on the left, has no blanks behind it. */
static void put_aligned(struct layout *layout, size_t i, struct vm_str cell)
{
	const struct slot *slot = &layout->slots[i];
	size_t width = width_of(cell), blanks = slot->width > width ? slot->width - width : 0;

	begin_row(&layout->text, i == 0);
	if (!is_left(slot))
		vm_buf_put_repeat(&layout->text, ' ', blanks);
	vm_buf_put_str(&layout->text, cell);
	if (is_left(slot) && i + 1 < layout->table->count)
		vm_buf_put_repeat(&layout->text, ' ', blanks);
}

static void put_titles(struct layout *layout)
{
	for (size_t i = 0; i < layout->table->count; i++) {
		vm_buf_clear(&layout->cell);
		for (const char *c = layout->slots[i].info.name; *c; c++)
			vm_buf_put_char(&layout->cell, (char)toupper((unsigned char)*c));
		put_aligned(layout, i, vm_buf_str(&layout->cell));
	}
	vm_buf_put_char(&layout->text, '\n');
}

static int put_rows(struct layout *layout, const struct vm_snapshot *snapshot, const uint32_t *rows,
		    size_t count)
{
	int r = 0;

	for (size_t row = 0; r == 0 && row < count; row++) {
		for (size_t i = 0; i < layout->table->count; i++) {
			put_cell(&layout->cell, layout->table, &layout->slots[i],
				 &snapshot->mappings[rows[row]]);
			put_aligned(layout, i, vm_buf_str(&layout->cell));
		}
		vm_buf_put_char(&layout->text, '\n');
		layout->text.failed |= layout->cell.failed;
		r = vm_output_flush(&layout->text, layout->out, false);
	}
	return r;
}

/* Where there is room for it, the first column that has no sum says what this row is. */
static void put_totals(struct layout *layout)
{
	bool labelled = false, any = false;
	size_t begin = layout->text.len;

	for (size_t i = 0; i < layout->table->count; i++) {
		const struct slot *slot = &layout->slots[i];

		vm_buf_clear(&layout->cell);
		if (slot->info.summable && slot->summed) {
			put_number(&layout->cell, slot->info.type, slot->sum, layout->table->units);
			any = true;
		} else if (slot->info.summable) {
			vm_buf_put_text(&layout->cell, layout->table->unreadable ? "n/a" : "-");
		} else if (!labelled && slot->width >= strlen(TOTAL)) {
			vm_buf_put_text(&layout->cell, TOTAL);
			labelled = true;
		}
		put_aligned(layout, i, vm_buf_str(&layout->cell));
	}
	while (layout->text.len > begin && layout->text.p[layout->text.len - 1] == ' ')
		layout->text.len--;
	vm_buf_put_char(&layout->text, '\n');
	if (!any)
		layout->text.len = begin;
}

static int write_all(struct layout *layout, const struct vm_snapshot *snapshot,
		     const uint32_t *rows, size_t count)
{
	const struct vm_table *table = layout->table;
	int r;

	for (size_t i = 0; i < table->count; i++) {
		struct slot *slot = &layout->slots[i];

		slot->column = table->columns[i];
		slot->info = vm_column_info(slot->column);
		slot->width = table->headings ? strlen(slot->info.name) : 0;
		measure_column(layout, slot, i + 1 == table->count, snapshot, rows, count);
	}
	if (table->headings)
		put_titles(layout);
	r = put_rows(layout, snapshot, rows, count);
	if (r == 0 && table->headings)
		put_totals(layout);
	layout->text.failed |= layout->cell.failed;
	return r < 0 ? r : vm_output_flush(&layout->text, layout->out, true);
}

int vm_table_write(const struct vm_table *table, const struct vm_snapshot *snapshot,
		   const uint32_t *rows, size_t row_count, FILE *out)
{
	struct layout layout = { .table = table, .out = out };
	int r = -ENOMEM;

	layout.slots = calloc(table->count ? table->count : 1, sizeof(*layout.slots));
	if (layout.slots)
		r = write_all(&layout, snapshot, rows, row_count);
	free(layout.slots);
	vm_buf_deinit(&layout.text);
	vm_buf_deinit(&layout.cell);
	return r;
}

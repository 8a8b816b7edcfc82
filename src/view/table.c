#include "vmview/table.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "grid.h"
#include "table_private.h"
#include "vmview/output.h"
#include "vmview/safe.h"
#include "vmview/totals.h"

#define TOTAL "total"

/* A column of one table. */
struct slot {
	struct vm_column_info info;
	enum vm_column column;
	size_t width;
	uint64_t sum, largest;
	bool summed;  /* some mapping reported it */
	bool missing; /* some did not */
	bool decimal; /* numbers are written in decimal digits */
};

/* What the fields of smaps hold, of all mappings. */
struct fields {
	uint64_t sums[VM_FIELD_COUNT], largest[VM_FIELD_COUNT];
	uint64_t in_some, in_all; /* bit per enum vm_field: reported */
};

struct layout {
	const struct vm_table *table;
	struct slot *slots;
	struct fields fields;
	struct vm_buf text, cell;
	FILE *out;
};

static bool is_field(enum vm_column column)
{
	return column >= VM_COLUMN_FIELDS && column < VM_COLUMN_FIELDS + VM_FIELD_COUNT;
}

static bool is_left(const struct slot *slot)
{
	return vm_table_is_left(slot->info.type);
}

void vm_table_put_number(struct vm_buf *cell, enum vm_column_type type, uint64_t number,
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

/* Of what is not known. */
static const char *missing_word(const struct vm_table *table)
{
	return table->unreadable ? "n/a" : "-";
}

static void put_cell(struct vm_buf *cell, const struct vm_table *table, const struct slot *slot,
		     const struct vm_mapping *m)
{
	char room[32];

	vm_buf_clear(cell);
	if (!vm_column_has(m, slot->column))
		vm_buf_put_text(cell, missing_word(table));
	else if (slot->info.type != VM_TYPE_TEXT)
		vm_table_put_number(cell, slot->info.type, vm_column_number(m, slot->column),
				    table->units);
	else
		vm_safe_put(cell, vm_column_text(m, slot->column, room));
	/* A blank field would be none to awk(1). */
	if (!cell->len)
		vm_buf_put_char(cell, '-');
}

static void widen(struct slot *slot, size_t width)
{
	if (slot->width < width)
		slot->width = width;
}

static void measure_number(struct layout *layout, struct slot *slot, uint64_t number)
{
	vm_buf_clear(&layout->cell);
	vm_table_put_number(&layout->cell, slot->info.type, number, layout->table->units);
	widen(slot, layout->cell.len);
}

/* The rows of one table. */
struct rows {
	const struct vm_snapshot *snapshot;
	const uint32_t *items;
	size_t count;
};

static const struct vm_mapping *row(const struct rows *rows, size_t i)
{
	return &rows->snapshot->mappings[rows->items[i]];
}

/* Text is mostly plain: as wide as it is long, and safe as it is. */
static bool get_plain(const struct slot *slot, const struct vm_mapping *m, char room[32],
		      struct vm_str *text)
{
	if (slot->info.type != VM_TYPE_TEXT || !vm_column_has(m, slot->column))
		return false;
	*text = vm_column_text(m, slot->column, room);
	return text->len && vm_safe_is_ascii(*text);
}

/* The number of a cell; false where it is not reported. Most are fields of smaps, asked without a detour. */
static bool get_number(const struct slot *slot, const struct vm_mapping *m, uint64_t *number)
{
	enum vm_field field = (enum vm_field)(slot->column - VM_COLUMN_FIELDS);
	bool has;

	if (is_field(slot->column)) {
		*number = vm_usage_get(&m->usage, field);
		return vm_usage_has(&m->usage, field);
	}
	has = vm_column_has(m, slot->column);
	*number = has ? vm_column_number(m, slot->column) : 0;
	return has;
}

static void add_number(struct slot *slot, bool has, uint64_t number)
{
	slot->missing |= !has;
	slot->summed |= has;
	slot->sum = vm_add_capped(slot->sum, number);
	if (number > slot->largest)
		slot->largest = number;
}

/* There are many fields, and most of them are zero: only the others are looked at. */
static void add_fields(struct fields *fields, const struct vm_usage *usage)
{
	size_t at = 0;

	fields->in_some |= usage->present;
	fields->in_all &= usage->present;
	for (uint64_t rest = usage->nonzero; rest; rest &= rest - 1) {
		unsigned field = (unsigned)__builtin_ctzll(rest);
		uint64_t value = usage->values[at++];

		fields->sums[field] = vm_add_capped(fields->sums[field], value);
		if (value > fields->largest[field])
			fields->largest[field] = value;
	}
}

static void take_field(struct slot *slot, const struct fields *fields)
{
	unsigned field = slot->column - VM_COLUMN_FIELDS;

	slot->sum = fields->sums[field];
	slot->largest = fields->largest[field];
	slot->summed = fields->in_some >> field & 1;
	slot->missing = !(fields->in_all >> field & 1);
}

/* Numbers grow wider as they grow, save for those in human units: these, and text, are looked at one by one. */
static bool by_cell(const struct layout *layout, const struct slot *slot)
{
	return is_left(slot) ||
	       (slot->info.type == VM_TYPE_BYTES && layout->table->units == VM_SIZE_HUMAN);
}

static void measure(struct layout *layout, struct slot *slot, const struct vm_mapping *m)
{
	struct vm_str text;
	uint64_t number;
	char room[32];

	if (get_plain(slot, m, room, &text)) {
		widen(slot, text.len);
		return;
	}
	if (slot->info.type != VM_TYPE_TEXT && !is_field(slot->column)) {
		bool has = get_number(slot, m, &number);

		add_number(slot, has, number);
	}
	if (by_cell(layout, slot)) {
		put_cell(&layout->cell, layout->table, slot, m);
		widen(slot, vm_text_width(vm_buf_str(&layout->cell)));
	}
}

static void finish_width(struct layout *layout, struct slot *slot)
{
	if (slot->info.type == VM_TYPE_TEXT)
		return;
	if (slot->missing)
		widen(slot, strlen(missing_word(layout->table)));
	if (!by_cell(layout, slot))
		measure_number(layout, slot, slot->largest);
	if (slot->info.summable && layout->table->headings)
		measure_number(layout, slot, slot->sum);
}

/* Mapping by mapping, for these are far more than columns. The last column needs no width where it is text. */
static void measure_all(struct layout *layout, const struct rows *rows)
{
	size_t count = layout->table->count;

	if (count && layout->slots[count - 1].info.type == VM_TYPE_TEXT)
		count--;
	for (size_t i = 0; i < rows->count; i++) {
		add_fields(&layout->fields, &row(rows, i)->usage);
		for (size_t j = 0; j < count; j++)
			measure(layout, &layout->slots[j], row(rows, i));
	}
	for (size_t j = 0; j < count; j++) {
		if (is_field(layout->slots[j].column))
			take_field(&layout->slots[j], &layout->fields);
		finish_width(layout, &layout->slots[j]);
	}
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
	size_t width = vm_text_width(cell), blanks = slot->width > width ? slot->width - width : 0;

	begin_row(&layout->text, i == 0);
	if (!is_left(slot))
		vm_buf_put_repeat(&layout->text, ' ', blanks);
	vm_buf_put_str(&layout->text, cell);
	if (is_left(slot) && i + 1 < layout->table->count)
		vm_buf_put_repeat(&layout->text, ' ', blanks);
}

static bool put_plain(struct layout *layout, size_t i, const struct vm_mapping *m)
{
	const struct slot *slot = &layout->slots[i];
	bool last = i + 1 == layout->table->count;
	struct vm_str text;
	char room[32];

	if (!get_plain(slot, m, room, &text))
		return false;
	begin_row(&layout->text, i == 0);
	vm_buf_put_left(&layout->text, text, last ? 0 : slot->width);
	return true;
}

/* Most cells by far are such: written in place. */
static bool put_decimal(struct layout *layout, size_t i, const struct vm_mapping *m)
{
	const struct slot *slot = &layout->slots[i];
	bool is_size = slot->info.type == VM_TYPE_BYTES;
	uint64_t number;

	if (!slot->decimal || !get_number(slot, m, &number))
		return false;
	if (is_size && layout->table->units == VM_SIZE_KIB)
		number /= 1024;
	/* The blank in front is one more of padding. */
	vm_buf_put_dec(&layout->text, number, (unsigned)slot->width + (i > 0), ' ');
	return true;
}

static void put_row(struct layout *layout, const struct vm_mapping *m)
{
	for (size_t i = 0; i < layout->table->count; i++) {
		if (put_decimal(layout, i, m) || put_plain(layout, i, m))
			continue;
		put_cell(&layout->cell, layout->table, &layout->slots[i], m);
		put_aligned(layout, i, vm_buf_str(&layout->cell));
	}
	vm_buf_put_char(&layout->text, '\n');
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

static int put_rows(struct layout *layout, const struct rows *rows)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < rows->count; i++) {
		put_row(layout, row(rows, i));
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
			vm_table_put_number(&layout->cell, slot->info.type, slot->sum,
					    layout->table->units);
			any = true;
		} else if (slot->info.summable) {
			vm_buf_put_text(&layout->cell, missing_word(layout->table));
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

static struct slot make_slot(const struct vm_table *table, enum vm_column column)
{
	struct vm_column_info info = vm_column_info(column);

	return (struct slot){
		.column = column,
		.info = info,
		.width = table->headings ? strlen(info.name) : 0,
		.decimal = info.type == VM_TYPE_NUMBER ||
			   (info.type == VM_TYPE_BYTES && table->units != VM_SIZE_HUMAN),
	};
}

static int write_all(struct layout *layout, const struct rows *rows)
{
	const struct vm_table *table = layout->table;
	int r;

	for (size_t i = 0; i < table->count; i++)
		layout->slots[i] = make_slot(table, table->columns[i]);
	measure_all(layout, rows);
	if (table->headings)
		put_titles(layout);
	r = put_rows(layout, rows);
	if (r == 0 && table->headings)
		put_totals(layout);
	layout->text.failed |= layout->cell.failed;
	return r < 0 ? r : vm_output_flush(&layout->text, layout->out, true);
}

int vm_table_write(const struct vm_table *table, const struct vm_snapshot *snapshot,
		   const uint32_t *rows, size_t row_count, FILE *out)
{
	struct layout layout = { .table = table, .out = out, .fields.in_all = UINT64_MAX };
	struct rows all = { snapshot, rows, row_count };
	int r = -ENOMEM;

	layout.slots = calloc(table->count ? table->count : 1, sizeof(*layout.slots));
	if (layout.slots)
		r = write_all(&layout, &all);
	free(layout.slots);
	vm_buf_deinit(&layout.text);
	vm_buf_deinit(&layout.cell);
	return r;
}

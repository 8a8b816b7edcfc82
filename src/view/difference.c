#include "vmview/difference_table.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "grid.h"
#include "table_private.h"
#include "vmview/kind.h"
#include "vmview/output.h"
#include "vmview/safe.h"

/* A row whose mapping is where it was. */
#define STAYED '.'

struct writer {
	const struct vm_difference_table *table;
	const struct vm_difference *difference;
	struct vm_grid grid;
};

static bool by_name(const struct writer *writer)
{
	return writer->difference->pairing == VM_PAIRING_NAME;
}

static void put_sign(struct vm_buf *cell, uint64_t before, uint64_t after)
{
	if (before != after)
		vm_buf_put_char(cell, before < after ? '+' : '-');
}

static void add_delta(struct writer *writer, const struct vm_delta *delta)
{
	uint64_t before = delta->sums[VM_SIDE_BEFORE], after = delta->sums[VM_SIDE_AFTER];

	if (vm_delta_known(delta)) {
		put_sign(&writer->grid.cells, before, after);
		vm_size_put(&writer->grid.cells, before < after ? after - before : before - after,
			    writer->table->units);
	} else {
		vm_buf_put_text(&writer->grid.cells, writer->table->unreadable ? "n/a" : "-");
	}
	vm_grid_close(&writer->grid);
}

static void add_count(struct writer *writer, uint64_t before, uint64_t after)
{
	put_sign(&writer->grid.cells, before, after);
	vm_buf_put_dec(&writer->grid.cells, before < after ? after - before : before - after, 0,
		       ' ');
	vm_grid_close(&writer->grid);
}

/* What all mappings of the row have on this side. */
static struct vm_str common_text(const struct writer *writer, const struct vm_difference_row *row,
				 enum vm_side side, enum vm_column column, char room[32])
{
	struct vm_str text = vm_column_text(vm_difference_member(writer->difference, row, side, 0),
					    column, room);

	for (size_t i = 1; i < row->count[side]; i++) {
		const struct vm_mapping *m = vm_difference_member(writer->difference, row, side, i);
		char other[32];

		if (!vm_str_equal(text, vm_column_text(m, column, other)))
			return VM_STR("mixed");
	}
	return text.len ? text : VM_STR("-");
}

/* Of permissions both, where they changed. */
static void add_text(struct writer *writer, const struct vm_difference_row *row,
		     enum vm_column column)
{
	char room[32], other_room[32];
	struct vm_str text = common_text(writer, row, vm_difference_side(row), column, room);
	struct vm_str before, after;

	if (column == VM_COLUMN_PERMS && row->count[VM_SIDE_BEFORE] && row->count[VM_SIDE_AFTER]) {
		before = common_text(writer, row, VM_SIDE_BEFORE, column, room);
		after = common_text(writer, row, VM_SIDE_AFTER, column, other_room);
		if (!vm_str_equal(before, after)) {
			vm_safe_put(&writer->grid.cells, before);
			vm_buf_put_char(&writer->grid.cells, '>');
			text = after;
		}
	}
	vm_safe_put(&writer->grid.cells, text);
	vm_grid_close(&writer->grid);
}

static void add_number(struct writer *writer, const struct vm_difference_row *row,
		       enum vm_column column)
{
	enum vm_side side = vm_difference_side(row);
	size_t last = column == VM_COLUMN_END ? row->count[side] - 1 : 0;
	const struct vm_mapping *m = vm_difference_member(writer->difference, row, side, last);

	/* Those of one name lie anywhere. */
	if (!vm_column_has(m, column) || (by_name(writer) && row->count[side] > 1))
		vm_buf_put_char(&writer->grid.cells, '-');
	else
		vm_table_put_number(&writer->grid.cells, vm_column_info(column).type,
				    vm_column_number(m, column), writer->table->units);
	vm_grid_close(&writer->grid);
}

static void add_row(struct writer *writer, const struct vm_difference_row *row)
{
	bool stayed = row->change == VM_CHANGE_COUNT;

	vm_buf_put_char(&writer->grid.cells, stayed ? STAYED : vm_change_info(row->change)->mark);
	vm_grid_close(&writer->grid);
	if (by_name(writer))
		add_count(writer, row->count[VM_SIDE_BEFORE], row->count[VM_SIDE_AFTER]);
	for (size_t i = 0; i < writer->table->count; i++) {
		enum vm_column column = writer->table->columns[i];
		struct vm_column_info info = vm_column_info(column);
		struct vm_delta delta;

		if (info.summable) {
			delta = vm_difference_delta(writer->difference, row, column);
			add_delta(writer, &delta);
		} else if (info.type == VM_TYPE_TEXT) {
			add_text(writer, row, column);
		} else {
			add_number(writer, row, column);
		}
	}
}

static void add_title(struct writer *writer, const char *name, bool summable)
{
	if (summable)
		vm_buf_put_char(&writer->grid.cells, 'd');
	for (; *name; name++)
		vm_buf_put_char(&writer->grid.cells, (char)toupper((unsigned char)*name));
	vm_grid_close(&writer->grid);
}

/* Above the mark there is room for no title. */
static void add_titles(struct writer *writer)
{
	vm_grid_close(&writer->grid);
	if (by_name(writer))
		add_title(writer, "maps", true);
	for (size_t i = 0; i < writer->table->count; i++) {
		struct vm_column_info info = vm_column_info(writer->table->columns[i]);

		add_title(writer, info.name, info.summable);
	}
}

/* The first column that has no sum says what this row is. */
static void add_totals(struct writer *writer, const uint32_t *rows, size_t count)
{
	bool labelled = false;

	vm_grid_close(&writer->grid);
	if (by_name(writer)) {
		struct vm_delta delta = vm_difference_mappings(writer->difference, rows, count);

		add_count(writer, delta.sums[VM_SIDE_BEFORE], delta.sums[VM_SIDE_AFTER]);
	}
	for (size_t i = 0; i < writer->table->count; i++) {
		enum vm_column column = writer->table->columns[i];

		if (vm_column_info(column).summable) {
			struct vm_delta delta =
				vm_difference_total(writer->difference, rows, count, column);

			add_delta(writer, &delta);
			continue;
		}
		vm_buf_put_text(&writer->grid.cells, labelled ? "" : "total");
		labelled = true;
		vm_grid_close(&writer->grid);
	}
}

/* Which columns stand on the left, to be freed. NULL: memory ran out. */
static bool *lay_out(struct writer *writer)
{
	const struct vm_difference_table *table = writer->table;
	size_t first = by_name(writer) ? 2 : 1;
	bool *left = calloc(first + table->count, sizeof(*left));

	if (!left)
		return NULL;
	left[0] = true;
	for (size_t i = 0; i < table->count; i++)
		left[first + i] = vm_table_is_left(vm_column_info(table->columns[i]).type);
	writer->grid.columns = first + table->count;
	writer->grid.left = left;
	return left;
}

static void add_all(struct writer *writer, const uint32_t *rows, size_t count)
{
	const struct vm_difference_table *table = writer->table;

	if (table->headings)
		add_titles(writer);
	for (size_t i = 0; i < count; i++) {
		const struct vm_difference_row *row = &writer->difference->rows[rows[i]];

		if (vm_difference_differs(writer->difference, row, table->columns, table->count))
			add_row(writer, row);
	}
	if (table->headings)
		add_totals(writer, rows, count);
}

int vm_difference_write(const struct vm_difference_table *table,
			const struct vm_difference *difference, const uint32_t *rows,
			size_t row_count, FILE *out)
{
	struct writer writer = { .table = table, .difference = difference };
	struct vm_buf text = { 0 };
	bool *left = lay_out(&writer);
	int r;

	if (!left)
		return -ENOMEM;
	add_all(&writer, rows, row_count);
	vm_grid_put(&writer.grid, &text);
	r = vm_output_flush(&text, out, true);
	vm_grid_deinit(&writer.grid);
	vm_buf_deinit(&text);
	free(left);
	return r;
}

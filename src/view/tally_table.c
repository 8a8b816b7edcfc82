#include <assert.h>

#include "grid.h"
#include "tally_private.h"
#include "vmview/safe.h"
#include "vmview/tally_text.h"

#define MEASURE(id) ((enum vm_tally_column)(VM_TALLY_MEASURES + VM_MEASURE_##id))
#define COLUMNS_MAX 12

/* What sums over several processes mean. */
#define NOTE                                                                                 \
	"PSS and USS add up to memory that is there; in the others what several processes\n" \
	"share counts once for each.\n"

/* The names of files are long: they stand last, where they need no room. */
static const struct {
	const char *title; /* of the name */
	enum vm_tally_column columns[COLUMNS_MAX];
	size_t count;
} layouts[] = {
	[VM_GROUP_FILE] = { "FILE",
			    { VM_TALLY_PROCESSES, VM_TALLY_MAPPINGS, MEASURE(SIZE), MEASURE(RSS),
			      MEASURE(PSS), MEASURE(USS), MEASURE(DIRTY), MEASURE(SWAP),
			      VM_TALLY_KIND, VM_TALLY_NAME },
			    10 },
	[VM_GROUP_KIND] = { "KIND",
			    { VM_TALLY_NAME, VM_TALLY_PROCESSES, VM_TALLY_MAPPINGS, MEASURE(SIZE),
			      MEASURE(RSS), MEASURE(PSS), MEASURE(USS), MEASURE(SHARED),
			      MEASURE(DIRTY), MEASURE(SWAP) },
			    10 },
	[VM_GROUP_PERMS] = { "PERMS",
			     { VM_TALLY_NAME, VM_TALLY_PROCESSES, VM_TALLY_MAPPINGS, MEASURE(SIZE),
			       MEASURE(RSS), MEASURE(PSS), MEASURE(USS), MEASURE(DIRTY),
			       MEASURE(SWAP), VM_TALLY_KIND },
			     10 },
};
static_assert(sizeof(layouts) / sizeof(layouts[0]) == VM_GROUP_COUNT, "lay out every table");

/* The columns of one table. */
struct columns {
	enum vm_tally_column items[COLUMNS_MAX];
	size_t count;
};

static struct columns choose_columns(enum vm_group_key key, bool several)
{
	struct columns columns = { .count = 0 };

	for (size_t i = 0; i < layouts[key].count; i++) {
		if (several || layouts[key].columns[i] != VM_TALLY_PROCESSES)
			columns.items[columns.count++] = layouts[key].columns[i];
	}
	return columns;
}

static void put_title(struct vm_buf *cell, enum vm_group_key key, enum vm_tally_column column)
{
	if (column == VM_TALLY_NAME) {
		vm_buf_put_text(cell, layouts[key].title);
		return;
	}
	if (column == VM_TALLY_PROCESSES || column == VM_TALLY_MAPPINGS) {
		vm_buf_put_text(cell, column == VM_TALLY_PROCESSES ? "PROCS" : "MAPS");
		return;
	}
	for (const char *c = vm_tally_column_name(column); *c; c++)
		vm_buf_put_char(cell, (char)(*c & ~0x20));
}

static void put_cell(struct vm_buf *cell, const struct vm_tally_row *row,
		     enum vm_tally_column column, enum vm_size_style units)
{
	if (column == VM_TALLY_NAME)
		vm_safe_put(cell, row->name);
	else if (column == VM_TALLY_KIND)
		vm_kinds_put(cell, row->kinds);
	else if (!vm_tally_has(row, column))
		vm_buf_put_text(cell, row->unreadable ? "n/a" : "-");
	else if (vm_tally_column_is_size(column))
		vm_size_put(cell, vm_tally_number(row, column), units);
	else
		vm_buf_put_dec(cell, vm_tally_number(row, column), 0, ' ');
}

static void put_row(struct vm_grid *grid, const struct columns *columns,
		    const struct vm_tally_row *row, enum vm_size_style units)
{
	for (size_t i = 0; i < columns->count; i++) {
		put_cell(&grid->cells, row, columns->items[i], units);
		vm_grid_close(grid);
	}
}

static void put_total(struct vm_grid *grid, const struct columns *columns,
		      const struct vm_tally *tally, enum vm_size_style units)
{
	struct vm_tally_row total = tally->total;

	total.name = VM_STR("total");
	total.kinds = 0;
	put_row(grid, columns, &total, units);
}

void vm_tally_put_table(struct vm_buf *text, const struct vm_tally *tally,
			const struct vm_tally_style *style)
{
	struct columns columns = choose_columns(tally->key, style->several);
	bool left[VM_TALLY_COLUMN_COUNT];
	struct vm_grid grid = { .columns = columns.count, .left = left };

	for (size_t i = 0; i < columns.count; i++) {
		left[i] = vm_tally_column_is_text(columns.items[i]);
		if (!style->headings)
			continue;
		put_title(&grid.cells, tally->key, columns.items[i]);
		vm_grid_close(&grid);
	}
	for (size_t i = 0; i < tally->count; i++)
		put_row(&grid, &columns, &tally->rows[i], style->units);
	if (style->headings)
		put_total(&grid, &columns, tally, style->units);
	vm_grid_put(&grid, text);
	vm_grid_deinit(&grid);
	if (style->several && style->headings)
		vm_buf_put_text(text, NOTE);
}

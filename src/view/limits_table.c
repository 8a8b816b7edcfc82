#include "grid.h"
#include "vmview/safe.h"
#include "vmview/tally_text.h"

static void put_quantity(struct vm_buf *cell, const struct vm_quantity *quantity, bool is_size,
			 enum vm_size_style units)
{
	switch (quantity->known) {
	case VM_KNOWN_NOT:
		vm_buf_put_char(cell, '-');
		break;
	case VM_KNOWN_UNREADABLE:
		vm_buf_put_text(cell, "n/a");
		break;
	case VM_KNOWN_UNLIMITED:
		vm_buf_put_text(cell, "unlimited");
		break;
	case VM_KNOWN_NUMBER:
		if (is_size)
			vm_size_put(cell, quantity->number, units);
		else
			vm_buf_put_dec(cell, quantity->number, 0, ' ');
		break;
	}
}

/* What is not 0 never reads as 0. */
static void put_percent(struct vm_buf *cell, const struct vm_limit *limit)
{
	uint64_t percent;

	if (!vm_limit_percent(limit, &percent)) {
		vm_buf_put_char(cell, '-');
	} else if (!percent && limit->now.number) {
		vm_buf_put_text(cell, "<1%");
	} else {
		vm_buf_put_dec(cell, percent, 0, ' ');
		vm_buf_put_char(cell, '%');
	}
}

static void put_what(struct vm_buf *cell, const struct vm_limit *limit, const char *help)
{
	vm_buf_put_text(cell, help);
	vm_buf_put_text(cell, " (");
	vm_buf_put_text(cell, limit->source);
	vm_buf_put_char(cell, ')');
	if (limit->group.len) {
		vm_buf_put_text(cell, " of ");
		vm_safe_put(cell, vm_buf_str(&limit->group));
	}
}

static void put_limit(struct vm_grid *grid, const struct vm_limit *limit,
		      const struct vm_limit_info *info, enum vm_size_style units)
{
	put_quantity(&grid->cells, &limit->now, info->is_size, units);
	vm_grid_close(grid);
	put_quantity(&grid->cells, &limit->most, info->is_size, units);
	vm_grid_close(grid);
	put_percent(&grid->cells, limit);
	vm_grid_close(grid);
	put_what(&grid->cells, limit, info->help);
	vm_grid_close(grid);
}

void vm_limits_put_table(struct vm_buf *text, const struct vm_limits *limits,
			 enum vm_size_style units)
{
	static const char *const titles[] = { "NOW", "LIMIT", "USED", "WHAT IS LIMITED" };
	static const bool left[] = { false, false, false, true };
	struct vm_grid grid = { .columns = 4, .left = left };

	for (size_t i = 0; i < grid.columns; i++) {
		vm_buf_put_text(&grid.cells, titles[i]);
		vm_grid_close(&grid);
	}
	for (enum vm_limit_id id = 0; id < VM_LIMIT_COUNT; id++) {
		if (vm_limit_is_known(&limits->items[id]))
			put_limit(&grid, &limits->items[id], vm_limit_info(id), units);
	}
	vm_grid_put(&grid, text);
	vm_grid_deinit(&grid);
}

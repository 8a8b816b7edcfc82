#include "table.h"

static int name_room(const struct tui_table *table, int width)
{
	int shown = (int)(table->end - table->first);

	return width - 3 - table->count - shown * (table->number + 1);
}

struct tui_table tui_table_fit(int width, enum vm_size_style units, size_t numbers, int least,
			       int longest)
{
	struct tui_table table = {
		.count = 6,
		.number = units == VM_SIZE_HUMAN ? 6 : 10,
		.end = numbers,
	};

	while (table.end > TUI_TABLE_RSS && name_room(&table, width) < least)
		table.end--;
	if (table.end == TUI_TABLE_RSS) {
		table.first = TUI_TABLE_RSS;
		table.end = TUI_TABLE_RSS + 1;
	}
	if (name_room(&table, width) < least)
		table.count = 0;
	if (name_room(&table, width) < least / 2)
		table.end = table.first;
	table.name = name_room(&table, width);
	if (table.name > longest)
		table.name = longest;
	return table;
}

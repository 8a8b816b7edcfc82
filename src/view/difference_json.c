#include "vmview/difference_table.h"

/* What is told of several mappings is what those of one name have in common. */
static const enum vm_column identity[] = {
	VM_COLUMN_ADDRESS, VM_COLUMN_END,     VM_COLUMN_OFFSET,  VM_COLUMN_DEVICE,
	VM_COLUMN_INODE,   VM_COLUMN_FLAGS,   VM_COLUMN_DELETED, VM_COLUMN_PERMS,
	VM_COLUMN_BACKING, VM_COLUMN_SHARING, VM_COLUMN_KIND,    VM_COLUMN_PATH,
};
#define IDENTITY_COUNT (sizeof(identity) / sizeof(identity[0]))
#define COMMON 7 /* the first of these */

static bool has_column(const struct vm_difference_json *writer, enum vm_column column)
{
	for (size_t i = 0; i < writer->count; i++) {
		if (writer->columns[i] == column)
			return true;
	}
	return false;
}

/* A key must not stand twice in an object. */
static void add_column(struct vm_difference_json *writer, enum vm_column column)
{
	if (vm_column_is_listed(column) && vm_column_info(column).summable &&
	    !has_column(writer, column))
		writer->columns[writer->count++] = column;
}

void vm_difference_json_init(struct vm_difference_json *writer, struct vm_json *json,
			     const struct vm_difference *difference, const enum vm_column *columns,
			     size_t count)
{
	*writer = (struct vm_difference_json){ .json = json, .difference = difference };
	for (size_t i = 0; i < count; i++)
		add_column(writer, columns[i]);
	for (enum vm_column column = 0; !count && column < VM_COLUMN_COUNT; column++)
		add_column(writer, column);
	vm_json_mappings_init(&writer->one, json, identity, IDENTITY_COUNT);
	vm_json_mappings_init(&writer->several, json, identity + COMMON, IDENTITY_COUNT - COMMON);
}

void vm_difference_json_deinit(struct vm_difference_json *writer)
{
	vm_json_mappings_deinit(&writer->one);
	vm_json_mappings_deinit(&writer->several);
}

static void put_delta(struct vm_json *json, const char *key, const struct vm_delta *delta)
{
	if (!delta->known[VM_SIDE_BEFORE] && !delta->known[VM_SIDE_AFTER])
		return;
	vm_json_object(json, key);
	if (delta->known[VM_SIDE_BEFORE])
		vm_json_number(json, "before", delta->sums[VM_SIDE_BEFORE]);
	if (delta->known[VM_SIDE_AFTER])
		vm_json_number(json, "after", delta->sums[VM_SIDE_AFTER]);
	if (vm_delta_known(delta))
		vm_json_signed(json, "delta", vm_delta_value(delta));
	vm_json_end(json);
}

static void put_counts(struct vm_json *json, const struct vm_difference_row *row)
{
	struct vm_delta delta = {
		.sums = { row->count[VM_SIDE_BEFORE], row->count[VM_SIDE_AFTER] },
		.known = { true, true },
	};

	put_delta(json, "mappings", &delta);
}

static void put_old_perms(struct vm_difference_json *writer, const struct vm_difference_row *row,
			  const struct vm_mapping *shown)
{
	const struct vm_mapping *old;

	if (!row->count[VM_SIDE_BEFORE])
		return;
	old = vm_difference_member(writer->difference, row, VM_SIDE_BEFORE, 0);
	if (memcmp(old->perms, shown->perms, sizeof(old->perms)) != 0)
		vm_json_string(writer->json, "old_perms",
			       (struct vm_str){ old->perms, sizeof(old->perms) });
}

void vm_difference_json_row(struct vm_difference_json *writer, const struct vm_difference_row *row)
{
	const struct vm_difference *difference = writer->difference;
	enum vm_side side = vm_difference_side(row);
	const struct vm_mapping *shown = vm_difference_member(difference, row, side, 0);
	bool stayed = row->change == VM_CHANGE_COUNT;

	vm_json_text(writer->json, "change",
		     stayed ? "numbers" : vm_change_info(row->change)->name);
	put_counts(writer->json, row);
	put_old_perms(writer, row, shown);
	/* Of chosen columns there is but one reason. */
	if (vm_json_mapping(row->count[side] > 1 ? &writer->several : &writer->one, shown) < 0)
		writer->json->text->failed = true;
	for (size_t i = 0; i < writer->count; i++) {
		struct vm_delta delta = vm_difference_delta(difference, row, writer->columns[i]);

		put_delta(writer->json, vm_column_info(writer->columns[i]).name, &delta);
	}
}

void vm_difference_json_totals(struct vm_difference_json *writer, const uint32_t *rows,
			       size_t row_count)
{
	struct vm_delta delta = vm_difference_mappings(writer->difference, rows, row_count);

	put_delta(writer->json, "mappings", &delta);
	for (size_t i = 0; i < writer->count; i++) {
		delta = vm_difference_total(writer->difference, rows, row_count,
					    writer->columns[i]);
		put_delta(writer->json, vm_column_info(writer->columns[i]).name, &delta);
	}
}

#include "pmap_columns.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pmap_private.h"
#include "vmview/scan.h"

/* No kernel has a tenth of this; a capture made to be hostile could have millions. */
#define COLUMN_LIMIT 1000

/* What -X leaves out. */
static const char *const unimportant[] = { "AnonHugePages", "KernelPageSize", "MMUPageSize",
					   "Shared_Dirty",  "Private_Dirty",  "Shared_Clean",
					   "Private_Clean", "VmFlags" };

static bool is_unimportant(struct vm_str title)
{
	for (size_t i = 0; i < sizeof(unimportant) / sizeof(unimportant[0]); i++) {
		if (vm_str_equal(title, vm_str_from(unimportant[i])))
			return true;
	}
	return false;
}

static bool is_chosen(const struct vm_pmap_options *options, struct vm_str title)
{
	for (size_t i = 0; i < options->chosen_count; i++) {
		if (vm_str_equal(title, options->chosen[i]))
			return true;
	}
	return false;
}

bool vm_pmap_is_enabled(const struct vm_pmap_options *options, struct vm_str title)
{
	if (options->format == VM_PMAP_FULL)
		return !is_unimportant(title);
	return options->format != VM_PMAP_CHOSEN || is_chosen(options, title);
}

void vm_pmap_columns_deinit(struct vm_pmap *pmap)
{
	for (size_t i = 0; i < pmap->column_count; i++)
		free(pmap->columns[i].key);
	free(pmap->columns);
}

size_t vm_pmap_digits(uint64_t number)
{
	size_t n = 1;

	while (number /= 10)
		n++;
	return n;
}

size_t vm_pmap_hex_digits(uint64_t number)
{
	size_t n = 1;

	while (number >>= 4)
		n++;
	return n;
}

/* A number in a field that vmview does not know: `12` or `12 kB`. */
static bool extra_number(struct vm_str value, uint64_t *number)
{
	return vm_scan_dec(&value, number) &&
	       (value.len == 0 || vm_str_equal(value, VM_STR(" kB")));
}

/* Walks the numeric fields of a mapping in the kernel's order. */
struct walk {
	const struct vm_usage *usage;
	uint32_t next, next_extra;
	enum vm_field field; /* VM_FIELD_COUNT: one that vmview does not know */
	struct vm_str key;
	uint64_t number; /* kB or plain */
};

static void read_known(struct walk *walk, enum vm_field field)
{
	const struct vm_field_info *info = vm_field_info(field);

	walk->field = field;
	walk->key = info->key;
	walk->number = vm_usage_get(walk->usage, field);
	if (info->unit == VM_UNIT_BYTES)
		walk->number /= 1024;
}

static bool walk_on(struct walk *walk)
{
	const struct vm_usage *usage = walk->usage;

	while (walk->next < usage->order_count) {
		uint8_t field = usage->order[walk->next++];

		if (field != VM_ORDER_EXTRA) {
			read_known(walk, field);
			return true;
		}
		walk->field = VM_FIELD_COUNT;
		walk->key = usage->extras[walk->next_extra].key;
		if (extra_number(usage->extras[walk->next_extra++].value, &walk->number))
			return true;
	}
	return false;
}

static bool is_column(const struct vm_pmap_column *column, struct vm_str key)
{
	return column->len == key.len && memcmp(column->key, key.p, key.len) == 0;
}

/* What @column_of has for a field: nothing yet, that it has no column, or else the column's index + 1. */
#define NOT_LOOKED_FOR 0
#define HIDDEN UINT16_MAX
static_assert(COLUMN_LIMIT + 1 < HIDDEN, "an index fits beside what stands for none");

static size_t search_column(const struct vm_pmap *pmap, struct vm_str key, size_t guess)
{
	if (guess < pmap->column_count && is_column(&pmap->columns[guess], key))
		return guess;
	for (size_t i = 0; i < pmap->column_count; i++) {
		if (is_column(&pmap->columns[i], key))
			return i;
	}
	return pmap->column_count;
}

/*
 * Find the column of what the walk is at: of a field that vmview knows where it was the last time, else first of all
 * at @guess, where the kernel's order has it. Returns its index, or the number of columns where there is none.
 */
static size_t find_column(const struct vm_pmap *pmap, const struct walk *walk, size_t guess)
{
	uint16_t known =
		walk->field < VM_FIELD_COUNT ? pmap->column_of[walk->field] : NOT_LOOKED_FOR;

	if (known == HIDDEN)
		return pmap->column_count;
	return known == NOT_LOOKED_FOR ? search_column(pmap, walk->key, guess) : known - 1u;
}

static void note_column(struct vm_pmap *pmap, const struct walk *walk, uint16_t note)
{
	if (walk->field < VM_FIELD_COUNT)
		pmap->column_of[walk->field] = note;
}

static int append_column(struct vm_pmap *pmap, struct vm_str key)
{
	struct vm_pmap_column *column;

	if (pmap->column_count == COLUMN_LIMIT)
		return -E2BIG;
	if (pmap->column_count == pmap->column_cap) {
		size_t cap = pmap->column_cap ? pmap->column_cap * 2 : 32;

		column = reallocarray(pmap->columns, cap, sizeof(*column));
		if (!column)
			return -ENOMEM;
		pmap->columns = column;
		pmap->column_cap = cap;
	}
	column = &pmap->columns[pmap->column_count];
	*column = (struct vm_pmap_column){ .key = malloc(key.len), .len = key.len };
	if (!column->key)
		return -ENOMEM;
	memcpy(column->key, key.p, key.len);
	column->width = pmap->options.quiet ? 0 : key.len;
	pmap->column_count++;
	return 0;
}

/* Returns 1, 0 where such a column is not shown, or a negative errno. */
static int make_column(struct vm_pmap *pmap, const struct walk *walk)
{
	int r;

	if (walk->field < VM_FIELD_COUNT && pmap->column_of[walk->field] == HIDDEN)
		return 0;
	if (!vm_pmap_is_enabled(&pmap->options, walk->key)) {
		note_column(pmap, walk, HIDDEN);
		return 0;
	}
	r = append_column(pmap, walk->key);
	if (r < 0)
		return r;
	note_column(pmap, walk, (uint16_t)pmap->column_count);
	return 1;
}

/* Every field makes its column, in range or not, as in pmap; only rows in range count. */
int vm_pmap_columns_measure(struct vm_pmap *pmap, const struct vm_mapping *mapping)
{
	bool in_range = vm_pmap_in_range(&pmap->options, mapping);
	struct walk walk = { .usage = &mapping->usage };
	size_t guess = 0;

	while (walk_on(&walk)) {
		size_t at = find_column(pmap, &walk, guess);
		struct vm_pmap_column *column;
		int r;

		if (at == pmap->column_count) {
			r = make_column(pmap, &walk);
			if (r < 0)
				return r;
			if (r == 0)
				continue;
		}
		guess = at + 1;
		column = &pmap->columns[at];
		if (!in_range)
			continue;
		column->total = vm_add_capped(column->total, walk.number);
		if (pmap->options.quiet)
			vm_pmap_widen(&column->width, vm_pmap_digits(walk.number));
	}
	return 0;
}

void vm_pmap_columns_load(struct vm_pmap *pmap, const struct vm_mapping *mapping)
{
	struct walk walk = { .usage = &mapping->usage };
	size_t guess = 0;

	for (size_t i = 0; i < pmap->column_count; i++)
		pmap->columns[i].has_cell = false;
	while (walk_on(&walk)) {
		size_t at = find_column(pmap, &walk, guess);

		if (at == pmap->column_count)
			continue;
		guess = at + 1;
		pmap->columns[at].cell = walk.number;
		pmap->columns[at].has_cell = true;
	}
}

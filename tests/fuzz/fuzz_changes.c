/*
 * What changed between two snapshots. The first byte says how many mappings there were, three bytes make each: how far it is
 * behind the one before it and how long it is, its permissions and what is mapped, which part of that.
 */
#include "fuzz.h"
#include "vmview/difference.h"

#define PAGE UINT64_C(4096)
#define LIMIT 64

/* What can be mapped: neighbours that may join, and such as must not be taken for each other. */
static const struct {
	const char *name;
	uint64_t inode;
	uint32_t minor;
} objects[] = {
	{ "", 0, 0 },
	{ "[heap]", 0, 0 },
	{ "/lib/a", 1, 1 },
	{ "/lib/b", 1, 2 },
	{ "/lib/a (deleted)", 1, 1 },
	{ "[anon:x]", 0, 0 },
	{ "/dev/zero (deleted)", 3, 5 },
	{ "[vdso]", 0, 0 },
};

static struct vm_mapping make(struct vm_str *rest, uint64_t *end)
{
	uint8_t place = fuzz_take_byte(rest), look = fuzz_take_byte(rest);
	uint8_t part = fuzz_take_byte(rest), object = look >> 4 & 7;
	struct vm_mapping m = { .start = *end + (place & 7) * PAGE };

	m.end = *end = m.start + (place >> 3) * PAGE;
	/* The same page of the same file at the same address, unless told otherwise. */
	m.offset = objects[object].inode ? m.start + part * PAGE : 0;
	m.name = vm_str_from(objects[object].name);
	m.inode = objects[object].inode;
	m.dev_minor = objects[object].minor;
	m.perms[0] = look & 1 ? 'r' : '-';
	m.perms[1] = look & 2 ? 'w' : '-';
	m.perms[2] = look & 4 ? 'x' : '-';
	m.perms[3] = look & 8 ? 's' : 'p';
	return m;
}

static struct vm_snapshot take(struct vm_str *rest, size_t count)
{
	struct vm_snapshot snapshot = { 0 };
	uint64_t end = 0x400000;

	while (count-- && rest->len) {
		struct vm_mapping m = make(rest, &end);

		promise(vm_snapshot_add(&snapshot, &m) == 0);
	}
	promise(vm_snapshot_arrange(&snapshot) == 0);
	promise(vm_snapshot_classify(&snapshot, NULL, 0) == 0);
	return snapshot;
}

static struct vm_changes find(const struct vm_snapshot *before, const struct vm_snapshot *after)
{
	struct vm_changes changes = { 0 };

	promise(vm_changes_find(before, after, &changes) == 0);
	return changes;
}

static void check_same(const struct vm_snapshot *snapshot)
{
	struct vm_changes none = find(snapshot, snapshot);

	promise(none.count == 0);
	vm_changes_deinit(&none);
}

static bool mirrors(const struct vm_change *a, const struct vm_change *b)
{
	static const enum vm_change_type mirrored[] = {
		[VM_CHANGE_NEW] = VM_CHANGE_GONE,     [VM_CHANGE_GONE] = VM_CHANGE_NEW,
		[VM_CHANGE_GROWN] = VM_CHANGE_SHRUNK, [VM_CHANGE_SHRUNK] = VM_CHANGE_GROWN,
		[VM_CHANGE_PERMS] = VM_CHANGE_PERMS,  [VM_CHANGE_SPLIT] = VM_CHANGE_MERGED,
		[VM_CHANGE_MERGED] = VM_CHANGE_SPLIT,
	};

	return b->type == mirrored[a->type] && a->before == b->after && a->after == b->before &&
	       a->before_count == b->after_count && a->after_count == b->before_count &&
	       a->others == b->others && a->delta == -b->delta &&
	       a->perms_changed == b->perms_changed;
}

static void check_mirror(const struct vm_changes *changes, const struct vm_changes *back)
{
	promise(changes->count == back->count);
	for (size_t i = 0; i < changes->count; i++) {
		size_t at = 0;

		while (at < back->count && !mirrors(&changes->items[i], &back->items[at]))
			at++;
		promise(at < back->count);
	}
}

/* How many mappings of each side a change of this type has: at least and at most. */
static const struct {
	size_t before_min, before_max, after_min, after_max;
} shapes[] = {
	[VM_CHANGE_NEW] = { 0, 0, 1, 1 },        [VM_CHANGE_GONE] = { 1, 1, 0, 0 },
	[VM_CHANGE_GROWN] = { 1, 1, 1, 1 },      [VM_CHANGE_SHRUNK] = { 1, 1, 1, 1 },
	[VM_CHANGE_PERMS] = { 1, 1, 1, 1 },      [VM_CHANGE_SPLIT] = { 1, 1, 2, LIMIT },
	[VM_CHANGE_MERGED] = { 2, LIMIT, 1, 1 },
};

static void check_shape(const struct vm_change *c, size_t before, size_t after)
{
	promise(c->type < VM_CHANGE_COUNT);
	promise(c->before_count >= shapes[c->type].before_min &&
		c->before_count <= shapes[c->type].before_max);
	promise(c->after_count >= shapes[c->type].after_min &&
		c->after_count <= shapes[c->type].after_max);
	promise(!c->before_count || c->before + c->before_count <= before);
	promise(!c->after_count || c->after + c->after_count <= after);
	promise(c->type != VM_CHANGE_PERMS || (c->perms_changed && !c->delta));
	promise((c->type != VM_CHANGE_NEW && c->type != VM_CHANGE_GROWN) || c->delta > 0);
	promise((c->type != VM_CHANGE_GONE && c->type != VM_CHANGE_SHRUNK) || c->delta < 0);
	promise(!c->others || c->type == VM_CHANGE_SPLIT || c->type == VM_CHANGE_MERGED);
	promise(c->others < c->before_count + c->after_count);
}

static uint64_t start_of(const struct vm_snapshot *snapshot, size_t first, size_t count)
{
	return count ? snapshot->mappings[first].start : UINT64_MAX;
}

static void check_changes(const struct vm_changes *changes, const struct vm_snapshot *before,
			  const struct vm_snapshot *after)
{
	int64_t size = 0;
	uint64_t addr = 0;

	for (size_t i = 0; i < changes->count; i++) {
		const struct vm_change *c = &changes->items[i];
		uint64_t was = start_of(before, c->before, c->before_count);
		uint64_t is = start_of(after, c->after, c->after_count);

		check_shape(c, before->count, after->count);
		promise(addr <= (was < is ? was : is));
		addr = was < is ? was : is;
		size += c->delta;
	}
	for (size_t i = 0; i < before->count; i++)
		size += (int64_t)vm_mapping_size(&before->mappings[i]);
	for (size_t i = 0; i < after->count; i++)
		size -= (int64_t)vm_mapping_size(&after->mappings[i]);
	promise(size == 0);
}

/* Nothing of either side is lost or counted twice, whatever is paired with whatever. */
static void check_difference(const struct vm_snapshot *before, const struct vm_snapshot *after,
			     enum vm_pairing pairing)
{
	const struct vm_snapshot *snapshots[VM_SIDE_COUNT] = { before, after };
	struct vm_difference difference = { 0 };
	uint64_t sizes[VM_SIDE_COUNT] = { 0 };

	promise(vm_difference_make(before, after, pairing, &difference) == 0);
	for (size_t i = 0; i < difference.count; i++) {
		const struct vm_difference_row *row = &difference.rows[i];
		struct vm_delta delta = vm_difference_delta(&difference, row, VM_COLUMN_SIZE);

		promise(row->count[VM_SIDE_BEFORE] || row->count[VM_SIDE_AFTER]);
		promise((row->change == VM_CHANGE_NEW) == !row->count[VM_SIDE_BEFORE]);
		promise((row->change == VM_CHANGE_GONE) == !row->count[VM_SIDE_AFTER]);
		promise(row->change != VM_CHANGE_COUNT || !vm_delta_value(&delta));
		for (enum vm_side side = 0; side < VM_SIDE_COUNT; side++)
			sizes[side] += delta.sums[side];
	}
	for (enum vm_side side = 0; side < VM_SIDE_COUNT; side++) {
		for (size_t i = 0; i < snapshots[side]->count; i++)
			sizes[side] -= vm_mapping_size(&snapshots[side]->mappings[i]);
		promise(!sizes[side]);
	}
	vm_difference_deinit(&difference);
}

static void check_pairing(const struct vm_snapshot *before, const struct vm_snapshot *after)
{
	enum vm_pairing pairing, back;

	promise(vm_pairing_find(before, after, &pairing) == 0);
	promise(vm_pairing_find(after, before, &back) == 0);
	promise(pairing == back);
	check_difference(before, after, VM_PAIRING_ADDRESS);
	check_difference(before, after, VM_PAIRING_NAME);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct vm_str rest = fuzz_str(bytes, size);
	struct vm_snapshot before = take(&rest, fuzz_take_byte(&rest) % LIMIT);
	struct vm_snapshot after = take(&rest, LIMIT);
	struct vm_changes changes = find(&before, &after), back = find(&after, &before);

	check_same(&before);
	check_same(&after);
	check_changes(&changes, &before, &after);
	check_mirror(&changes, &back);
	check_pairing(&before, &after);
	vm_changes_deinit(&changes);
	vm_changes_deinit(&back);
	vm_snapshot_deinit(&before);
	vm_snapshot_deinit(&after);
	return 0;
}

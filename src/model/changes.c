#include "vmview/changes.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
static const struct vm_change_info infos[] = {
	[VM_CHANGE_NEW] = { "new", '+', "mapped: mmap, mremap to here, the first brk" },
	[VM_CHANGE_GONE] = { "gone", '-', "unmapped or mapped over: munmap, mremap, MAP_FIXED" },
	[VM_CHANGE_GROWN] = { "grown", '^', "longer: brk, a stack in use, mremap, mmap beside it" },
	[VM_CHANGE_SHRUNK] = { "shrunk", 'v', "shorter: brk, mremap, munmap of an end" },
	[VM_CHANGE_PERMS] = { "perms", '~', "other permissions: mprotect of the whole" },
	[VM_CHANGE_SPLIT] = { "split", '/', "cut up: mprotect of a part, munmap of the middle" },
	[VM_CHANGE_MERGED] = { "merged", '=', "joined: mprotect to the same, a gap filled" },
};
/* clang-format on */
static_assert(sizeof(infos) / sizeof(infos[0]) == VM_CHANGE_COUNT, "describe every change");

const struct vm_change_info *vm_change_info(enum vm_change_type type)
{
	assert(type < VM_CHANGE_COUNT);
	return &infos[type];
}

void vm_changes_deinit(struct vm_changes *changes)
{
	free(changes->items);
	*changes = (struct vm_changes){ 0 };
}

/*
 * Most of what follows is the same seen from either snapshot, and written once: so the changes from
 * after to before mirror those from before to after.
 */
enum side { BEFORE, AFTER, SIDE_COUNT };

static enum side other(enum side side)
{
	return side == BEFORE ? AFTER : BEFORE;
}

/*
 * Two mappings that overlap and are the same object. Links by ascending address form chains: two in
 * a row share the mapping before (divided here), the one after (joined here), or none (the next
 * chain begins).
 */
struct link {
	size_t at[SIDE_COUNT]; /* indexes of the mappings */
	bool cut;
};

struct finder {
	const struct vm_snapshot *snapshots[SIDE_COUNT];
	struct link *links;
	size_t count;
	size_t cursors[SIDE_COUNT]; /* the first link not below what is told of now */
	size_t next;                /* the first link that is not yet told of */
	struct vm_changes *changes;
};

static const struct vm_mapping *mapping_at(const struct finder *finder, enum side side, size_t i)
{
	return &finder->snapshots[side]->mappings[i];
}

static const struct vm_mapping *linked(const struct finder *finder, size_t i, enum side side)
{
	return mapping_at(finder, side, finder->links[i].at[side]);
}

static uint64_t overlap(const struct vm_mapping *a, const struct vm_mapping *b)
{
	uint64_t start = a->start > b->start ? a->start : b->start;
	uint64_t end = a->end < b->end ? a->end : b->end;

	return end > start ? end - start : 0;
}

/*
 * The kernel names memory without a file by where it lies ([heap], [stack]) or as the process calls
 * it ([anon:NAME]): a part of a heap or stack can lose the name, any memory can get one.
 */
static bool is_anonymous(const struct vm_mapping *m)
{
	return vm_backing_of(m, vm_kind_of(m, NULL)) == VM_BACKING_ANONYMOUS;
}

static bool same_fileless(const struct vm_mapping *a, const struct vm_mapping *b)
{
	return vm_str_equal(a->name, b->name) || (is_anonymous(a) && is_anonymous(b));
}

/* No call changes the sharing of a mapping. The inode number of a System V segment can be 0. */
static bool same_object(const struct vm_mapping *a, const struct vm_mapping *b)
{
	struct vm_file_id file = vm_mapping_file(a), file_b = vm_mapping_file(b);
	bool has_file = file.inode || file.dev_major || file.dev_minor;

	if (vm_mapping_shared(a) != vm_mapping_shared(b) || vm_file_id_compare(&file, &file_b) != 0)
		return false;
	return has_file ? a->offset - a->start == b->offset - b->start : same_fileless(a, b);
}

static bool same_perms(const struct vm_mapping *a, const struct vm_mapping *b)
{
	return memcmp(a->perms, b->perms, sizeof(a->perms)) == 0;
}

static void find_links(struct finder *finder)
{
	size_t at[SIDE_COUNT] = { 0 };

	while (at[BEFORE] < finder->snapshots[BEFORE]->count &&
	       at[AFTER] < finder->snapshots[AFTER]->count) {
		const struct vm_mapping *a = mapping_at(finder, BEFORE, at[BEFORE]);
		const struct vm_mapping *b = mapping_at(finder, AFTER, at[AFTER]);

		if (overlap(a, b) && same_object(a, b))
			finder->links[finder->count++] =
				(struct link){ { at[BEFORE], at[AFTER] }, false };
		at[a->end <= b->end ? BEFORE : AFTER]++;
	}
}

/* Whether link @i and the one after it have the mapping of @side in common. */
static bool shares(const struct finder *finder, size_t i, enum side side)
{
	return i + 1 < finder->count && finder->links[i].at[side] == finder->links[i + 1].at[side];
}

/*
 * Whether a mapping that was divided and one that was joined meet in link @i: a boundary moved past
 * what they have in common. No change has several mappings on both sides: the chain is to be cut.
 */
static bool is_crossing(const struct finder *finder, size_t i)
{
	if (i == 0)
		return false;
	return (shares(finder, i - 1, BEFORE) && shares(finder, i, AFTER)) ||
	       (shares(finder, i - 1, AFTER) && shares(finder, i, BEFORE));
}

/* Memory whose permissions stayed holds a mapping together most, then its name, then its size. */
static bool is_weaker(const struct finder *finder, size_t i, size_t than)
{
	const struct vm_mapping *a = linked(finder, i, BEFORE), *b = linked(finder, i, AFTER);
	const struct vm_mapping *c = linked(finder, than, BEFORE), *d = linked(finder, than, AFTER);
	bool perms = same_perms(a, b), name = vm_str_equal(a->name, b->name);

	if (perms != same_perms(c, d))
		return !perms;
	if (name != vm_str_equal(c->name, d->name))
		return !name;
	return overlap(a, b) < overlap(c, d);
}

/* Crossing links from @i on that get weaker one by one: cut the last and each second back. */
static size_t cut_run(struct finder *finder, size_t i)
{
	size_t low = i;

	while (is_crossing(finder, low + 1) && is_weaker(finder, low + 1, low))
		low++;
	for (size_t back = 0; back <= low - i; back += 2)
		finder->links[low - back].cut = true;
	return low + 2;
}

/*
 * The weakest first. Beside one that is cut none is crossing any more, and none may be cut: each
 * mapping keeps a link, so that no memory that lives on is told as gone.
 */
static void cut_crossings(struct finder *finder)
{
	for (size_t i = 0; i < finder->count;)
		i = is_crossing(finder, i) ? cut_run(finder, i) : i + 1;
}

static void drop_cut_links(struct finder *finder)
{
	size_t kept = 0;

	for (size_t i = 0; i < finder->count; i++) {
		if (!finder->links[i].cut)
			finder->links[kept++] = finder->links[i];
	}
	finder->count = kept;
}

static int add(struct vm_changes *changes, struct vm_change change)
{
	if (changes->count == changes->cap) {
		size_t cap = changes->cap ? changes->cap * 2 : 16;
		struct vm_change *p = reallocarray(changes->items, cap, sizeof(*p));

		if (!p)
			return -ENOMEM;
		changes->items = p;
		changes->cap = cap;
	}
	changes->items[changes->count++] = change;
	return 0;
}

/* What a capture claims may be larger than any address space. */
static int64_t difference(uint64_t won, uint64_t lost)
{
	uint64_t size = won > lost ? won - lost : lost - won;
	int64_t capped = size > INT64_MAX ? INT64_MAX : (int64_t)size;

	return won > lost ? capped : -capped;
}

static int tell_lone(struct finder *finder, enum side side, size_t i)
{
	uint64_t size = vm_mapping_size(mapping_at(finder, side, i));
	struct vm_change change = { .type = VM_CHANGE_NEW, .after = i, .after_count = 1 };

	if (!size)
		return 0;
	change.delta = difference(size, 0);
	if (side == BEFORE)
		change = (struct vm_change){ .type = VM_CHANGE_GONE,
					     .before = i,
					     .before_count = 1,
					     .delta = difference(0, size) };
	return add(finder->changes, change);
}

/* @change has both mappings and whether permissions changed. */
static int tell_pair(struct finder *finder, struct vm_change change)
{
	const struct vm_mapping *a = mapping_at(finder, BEFORE, change.before);
	const struct vm_mapping *b = mapping_at(finder, AFTER, change.after);
	uint64_t lost = vm_mapping_size(a) - overlap(a, b);
	uint64_t won = vm_mapping_size(b) - overlap(a, b);
	struct vm_change shrunk = change, grown = change;
	int r;

	shrunk.type = VM_CHANGE_SHRUNK;
	shrunk.delta = difference(0, lost);
	grown.type = VM_CHANGE_GROWN;
	grown.delta = difference(won, 0);
	if (lost && won) {
		*(a->start < b->start ? &grown.perms_changed : &shrunk.perms_changed) = false;
		r = add(finder->changes, a->start < b->start ? shrunk : grown);
		return r < 0 ? r : add(finder->changes, a->start < b->start ? grown : shrunk);
	}
	if (lost || won)
		return add(finder->changes, lost ? shrunk : grown);
	return change.perms_changed ? add(finder->changes, change) : 0;
}

/* Links @from to @to have one mapping on the side of @one and several parts on the other. */
static int tell_star(struct finder *finder, struct vm_change change, size_t from, size_t to,
		     enum side one)
{
	uint64_t sizes[SIDE_COUNT] = { 0 };

	sizes[one] = vm_mapping_size(linked(finder, from, one));
	for (size_t i = from; i < to; i++)
		sizes[other(one)] += vm_mapping_size(linked(finder, i, other(one)));
	change.type = one == BEFORE ? VM_CHANGE_SPLIT : VM_CHANGE_MERGED;
	change.others = change.before_count + change.after_count - 1 - (to - from);
	change.delta = difference(sizes[AFTER], sizes[BEFORE]);
	return add(finder->changes, change);
}

/* Of the next links that hang together. */
static int tell_linked(struct finder *finder)
{
	const struct link *first = &finder->links[finder->next], *last;
	struct vm_change change = { .type = VM_CHANGE_PERMS };
	size_t from = finder->next, i = from;
	enum side one = shares(finder, from, BEFORE) ? BEFORE : AFTER;

	while (shares(finder, i, one))
		i++;
	last = &finder->links[i];
	finder->next = i + 1;
	for (i = from; i < finder->next; i++) {
		if (!same_perms(linked(finder, i, BEFORE), linked(finder, i, AFTER)))
			change.perms_changed = true;
	}
	change.before = first->at[BEFORE];
	change.before_count = last->at[BEFORE] - first->at[BEFORE] + 1;
	change.after = first->at[AFTER];
	change.after_count = last->at[AFTER] - first->at[AFTER] + 1;
	return first == last ? tell_pair(finder, change) :
			       tell_star(finder, change, from, finder->next, one);
}

static int tell(struct finder *finder, enum side side, size_t i)
{
	size_t cursor = finder->cursors[side];

	while (cursor < finder->count && finder->links[cursor].at[side] < i)
		cursor++;
	finder->cursors[side] = cursor;
	if (cursor == finder->count || finder->links[cursor].at[side] != i)
		return tell_lone(finder, side, i);
	return cursor == finder->next ? tell_linked(finder) : 0;
}

/* Walk both snapshots by address; what hangs together is told where its lowest mapping comes. */
static int tell_all(struct finder *finder)
{
	size_t at[SIDE_COUNT] = { 0 }, count = finder->snapshots[BEFORE]->count;
	int r = 0;

	while (r == 0 && (at[BEFORE] < count || at[AFTER] < finder->snapshots[AFTER]->count)) {
		enum side side = AFTER;

		if (at[AFTER] == finder->snapshots[AFTER]->count ||
		    (at[BEFORE] < count && mapping_at(finder, BEFORE, at[BEFORE])->start <=
						   mapping_at(finder, AFTER, at[AFTER])->start))
			side = BEFORE;
		r = tell(finder, side, at[side]++);
	}
	return r;
}

int vm_changes_find(const struct vm_snapshot *before, const struct vm_snapshot *after,
		    struct vm_changes *changes)
{
	struct finder finder = { .snapshots = { before, after }, .changes = changes };
	int r;

	if (!before->count && !after->count)
		return 0;
	/* Each link ends at the end of a mapping. */
	finder.links = reallocarray(NULL, before->count + after->count, sizeof(*finder.links));
	if (!finder.links)
		return -ENOMEM;
	find_links(&finder);
	cut_crossings(&finder);
	drop_cut_links(&finder);
	r = tell_all(&finder);
	free(finder.links);
	if (r < 0)
		vm_changes_deinit(changes);
	return r;
}

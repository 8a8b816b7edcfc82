/*
 * Address spaces are drawn: one character is one page of a mapping, see the marks; equal neighbours
 * are one mapping, save where | parts them.
 */
#include "changes_support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define PAGES 32
#define BASE (UINT64_C(0x7f0000000000))

/* A page: marks of the same object differ in permissions or names only. */
struct mark {
	char mark, object;
	const char *perms, *name;
	uint64_t inode, shift;
};

static const struct mark marks[] = {
	{ '.', '.', "", "", 0, 0 },
	{ 'r', 'a', "r--p", "", 0, 0 },
	{ 'w', 'a', "rw-p", "", 0, 0 },
	{ 'x', 'a', "r-xp", "", 0, 0 },
	{ 'h', 'a', "rw-p", "[heap]", 0, 0 },
	{ 'k', 'a', "rw-p", "[stack]", 0, 0 },
	{ 'n', 'a', "rw-p", "[anon:pool]", 0, 0 },
	{ 'F', 'F', "r--p", "/lib/f.so", 7, 0 },
	{ 'W', 'F', "rw-p", "/lib/f.so", 7, 0 },
	{ 'D', 'F', "r--p", "/lib/f.so (deleted)", 7, 0 },
	{ 'O', 'O', "r--p", "/lib/f.so", 7, 16 * PAGE },
	{ 'G', 'G', "r--p", "/lib/f.so", 8, 0 },
	{ 'S', 'S', "r--s", "/lib/f.so", 7, 0 },
	{ 'Y', 'Y', "rw-s", "/SYSV00000000 (deleted)", 0, 0 },
	{ 'Z', 'Z', "rw-s", "/SYSV00000000 (deleted)", 0, 16 * PAGE },
	{ 'v', 'v', "r-xp", "[vdso]", 0, 0 },
	{ 'V', 'V', "r--p", "[vvar]", 0, 0 },
};

static const struct mark *mark_of(char c)
{
	for (size_t i = 0; i < COUNT(marks); i++) {
		if (marks[i].mark == c)
			return &marks[i];
	}
	fail_msg("no such mark: %c", c);
	return NULL;
}

struct drawing {
	const struct mark *pages[PAGES];
	size_t owners[PAGES]; /* indexes of mappings, SIZE_MAX for none */
	struct vm_snapshot snapshot;
};

static void drawing_deinit(struct drawing *drawing)
{
	vm_snapshot_deinit(&drawing->snapshot);
}

static void add(struct vm_snapshot *snapshot, const struct mark *mark, size_t page, size_t count)
{
	bool is_file = mark->name[0] == '/';
	struct vm_mapping m = {
		.start = BASE + page * PAGE,
		.end = BASE + (page + count) * PAGE,
		.offset = is_file ? page * PAGE + mark->shift : 0,
		.inode = mark->inode,
		.dev_major = is_file ? 8 : 0,
		.name = vm_str_from(mark->name),
	};

	memcpy(m.perms, mark->perms, sizeof(m.perms));
	assert_int_equal(vm_snapshot_add(snapshot, &m), 0);
}

static void draw(const char *text, struct drawing *drawing)
{
	size_t page = 0, count;

	*drawing = (struct drawing){ 0 };
	for (; *text; text += count, page += count) {
		const struct mark *mark;

		text += *text == '|';
		mark = mark_of(*text);
		count = strspn(text, (const char[]){ *text, '\0' });
		assert_true(page + count <= PAGES);
		for (size_t i = page; i < page + count; i++) {
			drawing->pages[i] = mark;
			drawing->owners[i] = *text == '.' ? SIZE_MAX : drawing->snapshot.count;
		}
		if (*text != '.')
			add(&drawing->snapshot, mark, page, count);
	}
	for (; page < PAGES; page++) {
		drawing->pages[page] = mark_of('.');
		drawing->owners[page] = SIZE_MAX;
	}
}

/* Two drawings, and how often their changes tell of each page. */
struct check {
	const struct drawing *before, *after;
	struct {
		int lost, won, perms;
	} told[PAGES];
};

static char object_at(const struct drawing *drawing, size_t mapping)
{
	return drawing->pages[(drawing->snapshot.mappings[mapping].start - BASE) / PAGE]->object;
}

/* How many of the mappings are of the object; the others have changes of their own. */
static size_t count_parts(const struct drawing *drawing, size_t first, size_t count, char object)
{
	size_t parts = 0;

	for (size_t i = first; i < first + count; i++)
		parts += object_at(drawing, i) == object;
	return parts;
}

/* Whether the page is in one of these parts. */
static bool holds(const struct drawing *drawing, size_t first, size_t count, char object,
		  size_t page)
{
	return drawing->pages[page]->object == object && drawing->owners[page] >= first &&
	       drawing->owners[page] < first + count;
}

/* @links: how many pairs of a mapping before and one after have pages in common. */
static void check_numbers(const struct check *check, const struct vm_change *c, char object,
			  size_t links)
{
	size_t before = count_parts(check->before, c->before, c->before_count, object);
	size_t after = count_parts(check->after, c->after, c->after_count, object);

	assert_int_equal(c->before_count + c->after_count - before - after, c->others);
	assert_true(before == c->before_count || c->type == VM_CHANGE_MERGED);
	assert_true(after == c->after_count || c->type == VM_CHANGE_SPLIT);
	assert_true(c->type == VM_CHANGE_MERGED ? before > 1 :
						  before == (c->type != VM_CHANGE_NEW));
	assert_true(c->type == VM_CHANGE_SPLIT ? after > 1 : after == (c->type != VM_CHANGE_GONE));
	assert_int_equal(links, before + after - 1);
}

static bool is_new_link(const struct check *check, size_t page)
{
	return page == 0 || check->before->owners[page] != check->before->owners[page - 1] ||
	       check->after->owners[page] != check->after->owners[page - 1];
}

static void check_change(struct check *check, const struct vm_change *c)
{
	char object = c->before_count ? object_at(check->before, c->before) :
					object_at(check->after, c->after);
	bool perms_changed = false;
	int64_t delta = 0;
	size_t links = 0;

	for (size_t i = 0; i < PAGES; i++) {
		const struct mark *was = check->before->pages[i], *is = check->after->pages[i];
		bool before = holds(check->before, c->before, c->before_count, object, i);
		bool after = holds(check->after, c->after, c->after_count, object, i);
		int lost = before && !after && c->type != VM_CHANGE_GROWN;
		int won = after && !before && c->type != VM_CHANGE_SHRUNK;

		check->told[i].lost += lost;
		check->told[i].won += won;
		check->told[i].perms += before && after && c->perms_changed;
		perms_changed |= before && after && strcmp(was->perms, is->perms) != 0;
		links += before && after && is_new_link(check, i);
		delta += (won - lost) * PAGE;
		if ((c->type == VM_CHANGE_NEW && won) || (c->type == VM_CHANGE_GONE && lost))
			assert_true(was->object != is->object);
	}
	check_numbers(check, c, object, links);
	assert_int_equal(c->delta, delta);
	assert_true(perms_changed || !c->perms_changed);
}

/* A page that changed is told once: lost by what had it, won by what has it, or as permissions. */
static void check_page(const struct check *check, size_t page)
{
	const struct mark *was = check->before->pages[page], *is = check->after->pages[page];
	int lost = check->told[page].lost, won = check->told[page].won;
	int perms = check->told[page].perms;

	assert_in_range(perms, 0, 1);
	if (was->object == is->object) {
		assert_in_range(lost, 0, 1);
		assert_int_equal(lost, won);
		assert_true(lost || perms || strcmp(was->perms, is->perms) == 0);
	} else {
		assert_int_equal(lost, was->object != '.');
		assert_int_equal(won, is->object != '.');
	}
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

static void check_mirror(const struct check *check, const struct vm_changes *changes)
{
	vm_cleanup(vm_changes_deinit) struct vm_changes back = { 0 };

	changes_find(&check->after->snapshot, &check->before->snapshot, &back);
	assert_int_equal(back.count, changes->count);
	for (size_t i = 0; i < changes->count; i++) {
		size_t at = 0;

		while (at < back.count && !mirrors(&changes->items[i], &back.items[at]))
			at++;
		assert_true(at < back.count);
	}
}

static uint64_t start_of(const struct drawing *drawing, size_t first, size_t count)
{
	return count ? drawing->snapshot.mappings[first].start : UINT64_MAX;
}

static uint64_t lowest(const struct check *check, const struct vm_change *c)
{
	uint64_t before = start_of(check->before, c->before, c->before_count);
	uint64_t after = start_of(check->after, c->after, c->after_count);

	return before < after ? before : after;
}

/* All that holds of any two drawings. */
static void check_all(const struct drawing *before, const struct drawing *after,
		      const struct vm_changes *changes)
{
	struct check check = { .before = before, .after = after };
	int64_t sum = 0, size = 0;
	uint64_t addr = 0;

	for (size_t i = 0; i < changes->count; i++) {
		check_change(&check, &changes->items[i]);
		sum += changes->items[i].delta;
		assert_true(lowest(&check, &changes->items[i]) >= addr);
		addr = lowest(&check, &changes->items[i]);
	}
	for (size_t i = 0; i < PAGES; i++) {
		check_page(&check, i);
		size += after->pages[i]->object == '.' ? 0 : PAGE;
		size -= before->pages[i]->object == '.' ? 0 : PAGE;
	}
	assert_int_equal(sum, size);
	check_mirror(&check, changes);
}

static void check_drawn(const char *before_text, const char *after_text, const char *expected)
{
	vm_cleanup(drawing_deinit) struct drawing before, after;
	vm_cleanup(vm_changes_deinit) struct vm_changes changes = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	draw(before_text, &before);
	draw(after_text, &after);
	changes_find(&before.snapshot, &after.snapshot, &changes);
	check_all(&before, &after, &changes);
	if (!expected)
		return;
	changes_write(&changes, &text);
	assert_string_equal(text.p, expected);
}

struct claim {
	const char *before, *after, *expected;
};

static void check_claim(void **state)
{
	const struct claim *claim = *state;

	check_drawn(claim->before, claim->after, claim->expected);
}

static unsigned draw_number(uint64_t *seed, unsigned below)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(*seed >> 33) % below;
}

/* What mmap, munmap and mprotect do to a range of pages. */
static void change_pages(char *pages, uint64_t *seed)
{
	static const char mapped[] = "rwxFGOS", perms[] = "rwx";
	unsigned start = draw_number(seed, PAGES), call = draw_number(seed, 4);
	unsigned end = start + 1 + draw_number(seed, PAGES - start);
	char to = mapped[draw_number(seed, sizeof(mapped) - 1)];
	char perm = perms[draw_number(seed, sizeof(perms) - 1)];

	for (unsigned i = start; i < end; i++) {
		if (call == 0)
			pages[i] = to;
		else if (call == 1)
			pages[i] = '.';
		else if (mark_of(pages[i])->object == 'a')
			pages[i] = perm;
		else if (mark_of(pages[i])->object == 'F')
			pages[i] = perm == 'r' ? 'F' : 'W';
	}
}

TEST(random_calls_are_told_page_by_page)
{
	char before[PAGES + 1], after[PAGES + 1] = "";
	uint64_t seed = 20200229;

	memset(after, '.', PAGES);
	for (int round = 0; round < 5000; round++) {
		memcpy(before, after, sizeof(before));
		for (unsigned calls = 1 + draw_number(&seed, 5); calls; calls--)
			change_pages(after, &seed);
		check_drawn(before, after, NULL);
		check_drawn(after, after, "");
	}
}

/* The @number-th drawing of four pages. */
static void draw_four(unsigned number, char text[5])
{
	for (int i = 0; i < 4; i++, number /= 4)
		text[i] = ".rwF"[number % 4];
	text[4] = '\0';
}

TEST(all_changes_of_four_pages_are_told_page_by_page)
{
	char before[5], after[5];

	for (unsigned number = 0; number < 256 * 256; number++) {
		draw_four(number % 256, before);
		draw_four(number / 256, after);
		check_drawn(before, after, NULL);
	}
}

#define MANY 64000

/* @size pages each at every 16th, moved by @shift pages, every other one writable. */
static void draw_many(struct vm_snapshot *snapshot, size_t shift, size_t size)
{
	for (size_t i = 0; i < MANY; i++)
		add(snapshot, mark_of("rw"[i % 2]), i * 16 + (i ? shift : 0), size);
}

TEST(one_change_among_64000_mappings_is_found_in_no_time)
{
	vm_cleanup(vm_snapshot_deinit) struct vm_snapshot before = { 0 }, after = { 0 };
	vm_cleanup(vm_changes_deinit) struct vm_changes changes = { 0 };
	clock_t start;

	draw_many(&before, 0, 8);
	draw_many(&after, 0, 8);
	after.mappings[MANY / 2].end += PAGE;
	start = clock();
	changes_find(&before, &after, &changes);
	assert_true(clock() - start < CLOCKS_PER_SEC / 2);
	assert_int_equal(changes.count, 1);
	assert_int_equal(changes.items[0].type, VM_CHANGE_GROWN);
	assert_int_equal(changes.items[0].before, MANY / 2);
	assert_int_equal(changes.items[0].after, MANY / 2);
}

TEST(moving_all_boundaries_of_64000_neighbours_splits_and_merges_nothing)
{
	vm_cleanup(vm_snapshot_deinit) struct vm_snapshot before = { 0 }, after = { 0 };
	vm_cleanup(vm_changes_deinit) struct vm_changes changes = { 0 };

	draw_many(&before, 0, 16);
	draw_many(&after, 4, 16);
	after.mappings[0].end += 4 * PAGE;
	changes_find(&before, &after, &changes);
	assert_int_equal(changes.count, 2 * MANY - 1);
	for (size_t i = 0; i < changes.count; i++)
		assert_int_equal(changes.items[i].type, i % 2 ? VM_CHANGE_SHRUNK : VM_CHANGE_GROWN);
}

TEST(mapping_without_a_size_is_not_told)
{
	vm_cleanup(drawing_deinit) struct drawing before, after;
	vm_cleanup(vm_changes_deinit) struct vm_changes changes = { 0 };

	draw("r.w", &before);
	draw("r.w", &after);
	after.snapshot.mappings[0].end = after.snapshot.mappings[0].start;
	changes_find(&before.snapshot, &after.snapshot, &changes);
	assert_int_equal(changes.count, 1);
	assert_int_equal(changes.items[0].type, VM_CHANGE_GONE);
}

TEST(delta_of_half_of_all_addresses_is_capped)
{
	vm_cleanup(drawing_deinit) struct drawing before, after;
	vm_cleanup(vm_changes_deinit) struct vm_changes changes = { 0 };

	draw("", &before);
	draw("r", &after);
	after.snapshot.mappings[0].start = 0;
	after.snapshot.mappings[0].end = UINT64_MAX;
	changes_find(&before.snapshot, &after.snapshot, &changes);
	assert_true(changes.items[0].delta == INT64_MAX);
}

/* How many more calls of reallocarray() succeed; negative: all. */
static int allocations = -1;

/* In place of the C library's. */
void *reallocarray(void *p, size_t count, size_t size)
{
	if (allocations == 0)
		return NULL;
	allocations -= allocations > 0;
	return realloc(p, count * size);
}

TEST(without_memory_there_are_no_changes)
{
	vm_cleanup(drawing_deinit) struct drawing before, after;
	int r = -ENOMEM;

	draw("", &before);
	draw("r.r.r.r.r.r.r.r.r.r.r.r.r.r.r.r.", &after);
	add(&after.snapshot, mark_of('r'), PAGES + 1, 1);
	for (int i = 0; r == -ENOMEM; i++) {
		vm_cleanup(vm_changes_deinit) struct vm_changes changes = { 0 };

		allocations = i;
		r = vm_changes_find(&before.snapshot, &after.snapshot, &changes);
		allocations = -1;
		assert_int_equal(r, i < 3 ? -ENOMEM : 0);
		assert_int_equal(changes.count, r < 0 ? 0 : after.snapshot.count);
		assert_true(r == 0 || !changes.items);
	}
}

#define CLAIM(name, before, after, expected)                    \
	{                                                       \
#name, check_claim, NULL, NULL, &(struct claim) \
		{                                               \
			before, after, expected                 \
		}                                               \
	}

/* clang-format off */
static const struct CMUnitTest tests[] = {
	CLAIM(equal_address_spaces_have_no_changes, "rw.FGv", "rw.FGv", ""),
	CLAIM(nothing_has_no_changes, "", "", ""),
	CLAIM(mapping_where_nothing_was_is_new, "r..", "r.w", "new 0>1 +1"),
	CLAIM(unmapped_mapping_is_gone, "r.w", "r..", "gone 1>0 -1"),
	CLAIM(brk_grows_the_heap, ".hh..", ".hhhh", "grown 1>1 +2"),
	CLAIM(brk_shrinks_the_heap, ".hhhh", ".hh..", "shrunk 1>1 -2"),
	CLAIM(stack_grows_at_its_start, "..kk", "kkkk", "grown 1>1 +2"),
	CLAIM(new_neighbour_that_was_joined_grows, "..ww..", ".wwww.", "grown 1>1 +2"),
	CLAIM(new_neighbour_that_was_not_joined_is_new, "ww..", "wwr.", "new 0>1 +1"),
	CLAIM(unmapped_first_part_shrinks, "rrrr", "..rr", "shrunk 1>1 -2"),
	CLAIM(unmapped_last_part_shrinks, "FFFF", "FFF.", "shrunk 1>1 -1"),
	CLAIM(both_ends_moved_in_shrinks_once, "rrrr", ".rr.", "shrunk 1>1 -2"),
	CLAIM(one_end_out_and_one_in_are_two_changes, "rrr..", ".rrrr",
	      "shrunk 1>1 -1, grown 1>1 +2"),
	CLAIM(permissions_of_a_moved_one_are_told_once, "ww...", ".rrrr",
	      "shrunk 1>1 -1 ~, grown 1>1 +3"),
	CLAIM(unmapped_middle_splits, "FFFF", "F..F", "split 1>2 -2"),
	CLAIM(filled_gap_merges, "ww..ww", "wwwwww", "merged 2>1 +2"),
	CLAIM(permissions_of_the_whole_change, "FF", "WW", "perms 1>1 +0 ~"),
	CLAIM(permissions_of_a_grown_one_change, "ww..", "rrr.", "grown 1>1 +1 ~"),
	CLAIM(permissions_of_the_middle_split, "FFFF", "FWWF", "split 1>3 +0 ~"),
	CLAIM(permissions_of_an_end_split, "rrrr", "rrxx", "split 1>2 +0 ~"),
	CLAIM(permissions_back_merge, "FWWF", "FFFF", "merged 3>1 +0 ~"),
	CLAIM(flags_that_maps_does_not_show_split, "rrrr", "rr|rr", "split 1>2 +0"),
	CLAIM(boundary_of_neighbours_moves, "rrrrwwww", "rrwwwwww", "shrunk 1>1 -2, grown 1>1 +2"),
	CLAIM(boundary_of_equal_neighbours_moves, "rrrr|rrrr", "rr|rrrrrr",
	      "shrunk 1>1 -2, grown 1>1 +2"),
	CLAIM(boundary_and_other_permissions_move, "rrrrwwww", "xxxxxxww",
	      "grown 1>1 +2 ~, shrunk 1>1 -2"),
	CLAIM(all_boundaries_move, "wwwwrrrrwwww", "wwrrrrrrrrww",
	      "shrunk 1>1 -2, grown 1>1 +4, shrunk 1>1 -2"),
	CLAIM(new_permissions_over_a_boundary_stay_with_the_larger_part, "rrrxxxxxx", "rwwwwwxxx",
	      "shrunk 1>1 -2, split 1>2 +2 ~"),
	CLAIM(new_permissions_over_a_boundary_stay_with_the_larger_first, "rrrrrrxxx", "rwwwwwwwx",
	      "split 1>2 +2 ~, shrunk 1>1 -2"),
	CLAIM(memory_keeps_to_what_has_its_name, "wwwwnnnn", "nnwwwwnn",
	      "split 1>2 +2, shrunk 1>1 -2"),
	CLAIM(split_of_one_and_growth_of_the_next_are_apart, "wwwwwwrr", "wrwwrrrr",
	      "split 1>3 -2 ~, grown 1>1 +2"),
	CLAIM(other_file_at_the_same_address_replaces, "FFFF", "GGGG", "gone 1>0 -4, new 0>1 +4"),
	CLAIM(other_offset_of_the_same_file_replaces, "FFFF", "OOOO", "gone 1>0 -4, new 0>1 +4"),
	CLAIM(shared_mapping_replaces_a_private_one, "FFFF", "SSSS", "gone 1>0 -4, new 0>1 +4"),
	CLAIM(segment_of_inode_0_at_another_offset_replaces, "YYYY", "ZZZZ",
	      "gone 1>0 -4, new 0>1 +4"),
	CLAIM(file_replaces_memory, "wwww", "FFFF", "gone 1>0 -4, new 0>1 +4"),
	CLAIM(kernel_mappings_of_other_names_replace, "vv", "VV", "gone 1>0 -2, new 0>1 +2"),
	CLAIM(something_over_the_end_shrinks_and_is_new, "FFFF", "FFww",
	      "shrunk 1>1 -2, new 0>1 +2"),
	CLAIM(something_over_the_middle_splits_and_is_new, "FFFF", "FwrF",
	      "split 1>2 -2, new 0>1 +1, new 0>1 +1"),
	CLAIM(moved_mapping_is_gone_and_new, "ww.....", ".....ww", "gone 1>0 -2, new 0>1 +2"),
	CLAIM(named_memory_lives_on, "ww.ww", "nn.ww", ""),
	CLAIM(named_part_splits, "wwww", "wwnn", "split 1>2 +0"),
	CLAIM(boundary_of_names_moves, "wwwnnn", "wnnnnn", "shrunk 1>1 -2, grown 1>1 +2"),
	CLAIM(part_of_the_stack_that_loses_the_name_lives_on, "kkkk", "xxkk", "split 1>2 +0 ~"),
	CLAIM(memory_that_becomes_heap_grows, "w...", "hhhh", "grown 1>1 +3"),
	CLAIM(deleted_file_lives_on, "FF", "DD", ""),
	CLAIM(another_program_replaces_all, "FFW.hh...kk", "...GG.S.V..",
	      "gone 1>0 -2, gone 1>0 -1, new 0>1 +2, gone 1>0 -2, new 0>1 +1, new 0>1 +1, "
	      "gone 1>0 -2"),
	cmocka_unit_test(random_calls_are_told_page_by_page),
	cmocka_unit_test(all_changes_of_four_pages_are_told_page_by_page),
	cmocka_unit_test(one_change_among_64000_mappings_is_found_in_no_time),
	cmocka_unit_test(moving_all_boundaries_of_64000_neighbours_splits_and_merges_nothing),
	cmocka_unit_test(mapping_without_a_size_is_not_told),
	cmocka_unit_test(delta_of_half_of_all_addresses_is_capped),
	cmocka_unit_test(without_memory_there_are_no_changes),
};
/* clang-format on */

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "helper.h"

#include <errno.h>

#include "vmview/arena.h"

TEST(memory_is_aligned_for_numbers)
{
	vm_cleanup(vm_arena_deinit) struct vm_arena arena = { 0 };

	for (size_t size = 0; size < 40; size++)
		assert_int_equal((uintptr_t)vm_arena_alloc(&arena, size) % _Alignof(uint64_t), 0);
}

TEST(pieces_do_not_overlap)
{
	vm_cleanup(vm_arena_deinit) struct vm_arena arena = { 0 };
	unsigned char *pieces[2000];

	for (size_t i = 0; i < COUNT(pieces); i++) {
		pieces[i] = vm_arena_alloc(&arena, i % 50 + 1);
		memset(pieces[i], (int)(i % 251), i % 50 + 1);
	}
	for (size_t i = 0; i < COUNT(pieces); i++) {
		for (size_t j = 0; j < i % 50 + 1; j++)
			assert_int_equal(pieces[i][j], i % 251);
	}
}

TEST(piece_larger_than_any_block_is_given)
{
	vm_cleanup(vm_arena_deinit) struct vm_arena arena = { 0 };
	const size_t size = (size_t)5 << 20;
	char *small = vm_arena_alloc(&arena, 3), *large = vm_arena_alloc(&arena, size);

	assert_non_null(large);
	memset(large, 'x', size);
	memset(small, 's', 3);
	assert_non_null(vm_arena_alloc(&arena, 8));
	assert_int_equal(large[size - 1], 'x');
}

TEST(piece_of_no_bytes_is_no_failure)
{
	vm_cleanup(vm_arena_deinit) struct vm_arena arena = { 0 };

	assert_non_null(vm_arena_alloc(&arena, 0));
}

TEST(size_that_wraps_is_refused)
{
	vm_cleanup(vm_arena_deinit) struct vm_arena arena = { 0 };

	/* Sizes below these are merely too large: sanitizers end the program on them. */
	for (size_t less = 0; less < 15; less++)
		assert_null(vm_arena_alloc(&arena, SIZE_MAX - less));
}

TEST(copy_is_independent_of_the_original)
{
	vm_cleanup(vm_arena_deinit) struct vm_arena arena = { 0 };
	char text[] = { 'a', '\0', 'b' };
	struct vm_str copy;

	assert_int_equal(vm_arena_copy(&arena, (struct vm_str){ text, 3 }, &copy), 0);
	memset(text, 'x', sizeof(text));
	assert_slice(copy, "a\0b");
}

TEST(copy_of_the_empty_slice_has_a_place)
{
	vm_cleanup(vm_arena_deinit) struct vm_arena arena = { 0 };
	struct vm_str copy = { 0 };

	assert_int_equal(vm_arena_copy(&arena, (struct vm_str){ 0 }, &copy), 0);
	assert_non_null(copy.p);
	assert_int_equal(copy.len, 0);
}

TEST(copy_that_cannot_be_made_leaves_the_result)
{
	vm_cleanup(vm_arena_deinit) struct vm_arena arena = { 0 };
	struct vm_str copy = VM_STR("before");

	assert_int_equal(vm_arena_copy(&arena, (struct vm_str){ "x", SIZE_MAX }, &copy), -ENOMEM);
	assert_slice(copy, "before");
}

TEST(arena_can_be_used_again_after_deinit)
{
	struct vm_arena arena = { 0 };

	vm_arena_alloc(&arena, 10);
	vm_arena_deinit(&arena);
	assert_null(arena.blocks);
	assert_non_null(vm_arena_alloc(&arena, 10));
	vm_arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_aligned_for_numbers),
		cmocka_unit_test(pieces_do_not_overlap),
		cmocka_unit_test(piece_larger_than_any_block_is_given),
		cmocka_unit_test(piece_of_no_bytes_is_no_failure),
		cmocka_unit_test(size_that_wraps_is_refused),
		cmocka_unit_test(copy_is_independent_of_the_original),
		cmocka_unit_test(copy_of_the_empty_slice_has_a_place),
		cmocka_unit_test(copy_that_cannot_be_made_leaves_the_result),
		cmocka_unit_test(arena_can_be_used_again_after_deinit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

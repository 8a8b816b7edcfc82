#include "helper.h"

#include "vmview/size.h"

#define KIB UINT64_C(1024)
#define MIB (KIB * 1024)
#define GIB (MIB * 1024)
#define EIB (GIB * GIB)

struct written {
	uint64_t bytes;
	const char *text;
};

static void check_written(enum vm_size_style style, const struct written *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

		vm_size_put(&text, rows[i].bytes, style);
		assert_same(vm_buf_str(&text), vm_str_from(rows[i].text));
	}
}

TEST(exact_human_size_has_no_digit_behind_a_point)
{
	static const struct written rows[] = {
		{ 0, "0" },        { 4 * KIB, "4K" },    { 132 * KIB, "132K" }, { MIB, "1M" },
		{ 2 * GIB, "2G" }, { 1024 * GIB, "1T" }, { EIB / 1024, "1P" },  { 15 * EIB, "15E" },
	};

	check_written(VM_SIZE_HUMAN, rows, COUNT(rows));
}

TEST(human_size_below_10_has_one_digit_behind_the_point)
{
	static const struct written rows[] = {
		{ MIB + 512 * KIB, "1.5M" }, { MIB + 204 * KIB, "1.2M" },
		{ 2 * GIB + 4 * KIB, "2G" }, { 9 * MIB + 972 * KIB, "9.9M" },
		{ 1000 * KIB, "1M" },
	};

	check_written(VM_SIZE_HUMAN, rows, COUNT(rows));
}

/* Also not first to tenths and then to whole numbers: 10.46M would become 11M. */
TEST(human_size_is_rounded_to_the_nearest)
{
	static const struct written rows[] = {
		{ 10 * MIB + 472 * KIB, "10M" },
		{ 10 * MIB + 512 * KIB, "11M" },
		{ 10 * MIB + 512 * KIB - 1, "10M" },
		{ 9 * MIB + 972 * KIB + 819, "9.9M" },
		{ 9 * MIB + 972 * KIB + 820, "10M" },
		{ 976 * MIB + 500 * KIB, "976M" },
		{ 1000 * MIB - 1, "1000M" },
		{ UINT64_MAX, "16E" },
		{ EIB + EIB / 20, "1E" },
		{ EIB + EIB / 20 + 1, "1.1E" },
	};

	check_written(VM_SIZE_HUMAN, rows, COUNT(rows));
}

TEST(human_size_that_is_not_0_does_not_read_as_0)
{
	static const struct written rows[] = {
		{ 1, "0.1K" },
		{ 51, "0.1K" },
		{ 512, "0.5K" },
		{ 1023, "1K" },
	};

	check_written(VM_SIZE_HUMAN, rows, COUNT(rows));
}

/* Every power of two and what lies around it, and numbers of every length between. */
static void each_size(void (*check)(uint64_t bytes))
{
	uint64_t random = 1;

	for (unsigned shift = 0; shift < 64; shift++) {
		for (uint64_t near = 0; near < 5; near++)
			check((UINT64_C(1) << shift) + near - 2);
		for (unsigned i = 0; i < 500; i++) {
			random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
			check(random >> shift);
		}
	}
}

static void check_short(uint64_t bytes)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	vm_size_put(&text, bytes, VM_SIZE_HUMAN);
	assert_in_range(text.len, 1, 5);
}

TEST(human_size_has_at_most_5_characters)
{
	each_size(check_short);
}

/* By half of the last digit that is shown, and what the parser rounds. */
static void check_near(uint64_t bytes)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	uint64_t shown, unit;
	bool point;

	vm_size_put(&text, bytes, VM_SIZE_HUMAN);
	point = vm_str_find(vm_buf_str(&text), '.') < text.len;
	if (bytes < KIB / 20 || !vm_size_parse(vm_buf_str(&text), &shown))
		return; /* 0.1K also stands for less, and 16E for no number of bytes */
	text.p[text.len - 2] = '1';
	assert_true(vm_size_parse(vm_str_skip(vm_buf_str(&text), text.len - 2), &unit));
	assert_in_range(bytes, shown - unit / (point ? 20 : 2) - 1,
			shown + unit / (point ? 20 : 2) + 1);
}

TEST(human_size_is_at_most_half_a_digit_off)
{
	each_size(check_near);
}

TEST(kib_and_bytes_are_plain_numbers)
{
	static const struct written kib[] = {
		{ 0, "0" },
		{ 4 * KIB, "4" },
		{ 3 * GIB, "3145728" },
	};
	static const struct written bytes[] = {
		{ 0, "0" },
		{ 4096, "4096" },
		{ UINT64_MAX, "18446744073709551615" },
	};

	check_written(VM_SIZE_KIB, kib, COUNT(kib));
	check_written(VM_SIZE_BYTES, bytes, COUNT(bytes));
}

TEST(size_is_appended)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	vm_buf_put_text(&text, "RSS ");
	vm_size_put(&text, 4 * KIB, VM_SIZE_HUMAN);
	assert_slice(vm_buf_str(&text), "RSS 4K");
}

TEST(sizes_are_read_as_people_write_them)
{
	static const struct written rows[] = {
		{ 0, "0" },
		{ 0, "0G" },
		{ 4096, "4096" },
		{ 4096, "4096B" },
		{ 64 * KIB, "64k" },
		{ 64 * KIB, "64K" },
		{ KIB, "1kB" },
		{ KIB, "1KiB" },
		{ MIB + 512 * KIB, "1.5M" },
		{ MIB / 4, "0.25M" },
		{ MIB + MIB / 10, "1.1M" },
		{ 2 * GIB, "2G" },
		{ 2 * GIB, "2GiB" },
		{ 1024 * GIB, "1t" },
		{ 1024 * MIB * MIB, "1P" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		uint64_t bytes = 77;

		assert_row(vm_size_parse(vm_str_from(rows[i].text), &bytes), rows[i].text);
		assert_row(bytes == rows[i].bytes, rows[i].text);
	}
}

TEST(largest_sizes_are_read_to_the_byte)
{
	static const struct written rows[] = {
		{ UINT64_MAX, "18446744073709551615" },
		{ 15 * EIB, "15E" },
		{ 15 * EIB + EIB / 2, "15.5E" },
		{ EIB - 1, "0.99999999999999999999999999999999999999999E" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		uint64_t bytes = 77;

		assert_row(vm_size_parse(vm_str_from(rows[i].text), &bytes), rows[i].text);
		assert_row(bytes == rows[i].bytes, rows[i].text);
	}
}

static void check_refused(const char *const *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t bytes = 77;

		assert_row(!vm_size_parse(vm_str_from(rows[i]), &bytes), rows[i]);
		assert_row(bytes == 77, rows[i]);
	}
}

TEST(what_is_no_size_is_refused_and_the_result_unchanged)
{
	static const char *const rows[] = {
		"",    "k",    "lots",  "-1",   "+1",   " 1",  "1 ",    "1 k",   "1.",
		".5M", "1.k",  "1..5M", "1,5M", "1kk",  "1Bk", "1BB",   "1BiB",  "1kiB ",
		"1x",  "0x10", "1e3",   "1.5",  "1.5B", "1kb", "1\x02", "1\xcb", "1\x0b",
	};

	check_refused(rows, COUNT(rows));
}

TEST(bytes_behind_a_nul_are_not_overlooked)
{
	uint64_t bytes;

	assert_false(vm_size_parse(VM_STR("1\0k"), &bytes));
	assert_false(vm_size_parse(VM_STR("1\0"), &bytes));
}

TEST(size_beyond_64_bits_is_refused)
{
	static const char *const rows[] = {
		"18446744073709551616", "18014398509481984K",   "16E", "15.5E0",
		"17179869184G",         "99999999999999999999",
	};

	check_refused(rows, COUNT(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exact_human_size_has_no_digit_behind_a_point),
		cmocka_unit_test(human_size_below_10_has_one_digit_behind_the_point),
		cmocka_unit_test(human_size_is_rounded_to_the_nearest),
		cmocka_unit_test(human_size_that_is_not_0_does_not_read_as_0),
		cmocka_unit_test(human_size_has_at_most_5_characters),
		cmocka_unit_test(human_size_is_at_most_half_a_digit_off),
		cmocka_unit_test(kib_and_bytes_are_plain_numbers),
		cmocka_unit_test(size_is_appended),
		cmocka_unit_test(sizes_are_read_as_people_write_them),
		cmocka_unit_test(largest_sizes_are_read_to_the_byte),
		cmocka_unit_test(what_is_no_size_is_refused_and_the_result_unchanged),
		cmocka_unit_test(bytes_behind_a_nul_are_not_overlooked),
		cmocka_unit_test(size_beyond_64_bits_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

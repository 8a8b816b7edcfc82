#include "tui_support.h"

#include <assert.h>
#include <errno.h>

#define ALL ((1u << TUI_COLUMN_COUNT) - 1)
#define BIT(id) (1u << (id))

/* Widths */

/* Wider than any name has to be before a column is left out for it. */
#define NAME_ENOUGH 20

static int sum_of(uint32_t shown, const int widths[TUI_COLUMN_COUNT])
{
	int sum = -1;

	for (enum tui_column_id id = 0; id < TUI_COLUMN_COUNT; id++)
		sum += shown >> id & 1 ? widths[id] + 1 : 0;
	return sum;
}

/* Of a set of columns the one with the largest or smallest `keep`. */
static enum tui_column_id extreme(uint32_t set, bool largest)
{
	enum tui_column_id found = TUI_COLUMN_COUNT;

	for (enum tui_column_id id = 0; id < TUI_COLUMN_COUNT; id++) {
		if ((set >> id & 1) &&
		    (found == TUI_COLUMN_COUNT ||
		     (tui_column(id)->keep > tui_column(found)->keep) == largest))
			found = id;
	}
	return found;
}

static void check_fit(uint32_t chosen, enum vm_size_style units, int address, int width)
{
	int widths[TUI_COLUMN_COUNT];
	uint32_t shown = tui_columns_fit(chosen, units, address, width, widths);
	uint32_t dropped = chosen & ~shown;
	enum tui_column_id best = extreme(dropped, true);

	assert_true(shown & BIT(TUI_COLUMN_NAME));
	assert_int_equal(shown & ~(chosen | BIT(TUI_COLUMN_NAME)), 0);
	/* The name takes all that is left. */
	assert_int_equal(sum_of(shown, widths), width);
	assert_true(widths[TUI_COLUMN_NAME] >= (width < 5 ? width : 5));
	if (!dropped)
		return;
	assert_true(tui_column(best)->keep < tui_column(extreme(shown, false))->keep);
	assert_true(widths[TUI_COLUMN_NAME] - widths[best] - 1 < NAME_ENOUGH);
}

static void check_fits(uint32_t chosen, int width)
{
	check_fit(chosen, VM_SIZE_HUMAN, 12, width);
	check_fit(chosen, VM_SIZE_KIB, 8 + (int)(chosen % 9), width);
}

TEST(every_set_of_columns_fits_usual_widths)
{
	static const int widths[] = { 1, 18, 78, 198 };

	for (size_t i = 0; i < COUNT(widths); i++) {
		for (uint32_t chosen = 0; chosen <= ALL; chosen++)
			check_fits(chosen, widths[i]);
	}
}

/* Each column with and without each other, and every 641st set: a prime, so that all mixtures come. */
TEST(sets_of_columns_fit_every_width)
{
	for (int width = 1; width <= 300; width++) {
		check_fits(0, width);
		check_fits(ALL, width);
		check_fits(TUI_COLUMNS_DEFAULT, width);
		for (uint32_t chosen = (uint32_t)width; chosen <= ALL; chosen += 641)
			check_fits(chosen, width);
		for (enum tui_column_id id = 0; id < TUI_COLUMN_COUNT; id++) {
			check_fits(BIT(id), width);
			check_fits(ALL & ~BIT(id), width);
		}
	}
}

TEST(no_two_columns_are_worth_the_same)
{
	for (enum tui_column_id id = 0; id < TUI_COLUMN_COUNT; id++) {
		for (enum tui_column_id other = 0; other < id; other++) {
			assert_int_not_equal(tui_column(id)->keep, tui_column(other)->keep);
			assert_string_not_equal(tui_column_name(id), tui_column_name(other));
		}
	}
}

TEST(of_the_default_columns_swap_alone_has_no_room_at_80_and_all_have_at_100)
{
	int widths[TUI_COLUMN_COUNT];

	assert_int_equal(tui_columns_fit(TUI_COLUMNS_DEFAULT, VM_SIZE_HUMAN, 12, 78, widths),
			 TUI_COLUMNS_DEFAULT & ~BIT(TUI_COLUMN_SWAP));
	assert_int_equal(tui_columns_fit(TUI_COLUMNS_DEFAULT, VM_SIZE_HUMAN, 12, 98, widths),
			 TUI_COLUMNS_DEFAULT);
}

TEST(at_80_each_column_that_is_switched_on_has_room)
{
	uint32_t always = BIT(TUI_COLUMN_ADDRESS) | BIT(TUI_COLUMN_SIZE) | BIT(TUI_COLUMN_RSS) |
			  BIT(TUI_COLUMN_PERMS) | BIT(TUI_COLUMN_KIND) | BIT(TUI_COLUMN_NAME);

	for (enum tui_column_id id = 0; id < TUI_COLUMN_COUNT; id++) {
		uint32_t wanted = always | (TUI_COLUMNS_DEFAULT & BIT(id) ? 0 : BIT(id)), shown;
		int widths[TUI_COLUMN_COUNT];

		shown = tui_columns_fit(TUI_COLUMNS_DEFAULT | BIT(id), VM_SIZE_HUMAN, 12, 78,
					widths);
		assert_int_equal(shown & wanted, wanted);
		shown = tui_columns_fit(TUI_COLUMNS_DEFAULT | BIT(id), VM_SIZE_KIB, 12, 78, widths);
		assert_int_equal(shown & wanted, wanted);
	}
}

TEST(at_20_columns_address_and_name_are_shown)
{
	int widths[TUI_COLUMN_COUNT];
	uint32_t shown = tui_columns_fit(TUI_COLUMNS_DEFAULT, VM_SIZE_HUMAN, 12, 18, widths);

	assert_int_equal(shown, BIT(TUI_COLUMN_ADDRESS) | BIT(TUI_COLUMN_NAME));
}

/* Titles are cut like cells: they must fit into the width that is kept for cells. */
TEST(titles_fit_their_columns)
{
	for (enum tui_column_id id = 0; id < TUI_COLUMN_COUNT; id++) {
		const struct tui_column *column = tui_column(id);
		size_t width = (size_t)(column->width < 0 ? -column->width : column->width);

		assert_row(!width || strlen(column->title) <= width, tui_column_name(id));
		assert_true(tui_column_help(id)[0] != '\0');
	}
}

/* Cells */

static struct vm_buf cell(enum tui_column_id id, const struct tui_cell_context *context,
			  const struct tui_row *row)
{
	struct vm_buf text = { 0 };

	tui_column_put(id, context, row, &text);
	assert_false(text.failed);
	return text;
}

#define assert_cell(id, context, row, wanted) \
	check_cell((id), (context), (row), (wanted), __FILE__, __LINE__)

static void check_cell(enum tui_column_id id, const struct tui_cell_context *context,
		       const struct tui_row *row, const char *wanted, const char *file, int line)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = cell(id, context, row);

	check_slice(vm_buf_str(&text), vm_str_from(wanted), file, line);
}

/* A file mapping of 1M, half of it resident, with every number that a column needs. */
#define FULL                                                                 \
	FILE_AT("7f0000001000-7f0000101000", "r-xp", "4711", "/lib/libx.so") \
	KB("Rss", 512)                                                       \
	KB("Pss", 128)                                                       \
	KB("Shared_Clean", 400)                                              \
	KB("Shared_Dirty", 4)                                                \
	KB("Private_Clean", 100)                                             \
	KB("Private_Dirty", 8) KB("Anonymous", 12) KB("Swap", 2048) KB("Locked", 16)

/* The same without any. */
#define BARE FILE_AT("7f0000001000-7f0000101000", "r-xp", "4711", "/lib/libx.so")

/* What each column shows of it: numbers there, in kB, and in the ways of not being there. */
static const struct {
	enum tui_column_id id;
	const char *human, *kib, *unreported, *denied, *awaited, *ghost;
} cells[] = {
	{ TUI_COLUMN_ADDRESS, "7f0000001000", "7f0000001000", "7f0000001000", "7f0000001000",
	  "7f0000001000", "7f0000001000" },
	{ TUI_COLUMN_END, "7f0000101000", "7f0000101000", "7f0000101000", "7f0000101000",
	  "7f0000101000", "7f0000101000" },
	{ TUI_COLUMN_SIZE, "1M", "1024", "1M", "1M", "1M", "1M" },
	{ TUI_COLUMN_RSS, "512K", "512", "-", "n/a", "", "" },
	{ TUI_COLUMN_RESIDENT, "\xe2\x96\x88\xe2\x96\x88  ", "\xe2\x96\x88\xe2\x96\x88  ", "", "",
	  "", "" },
	{ TUI_COLUMN_PSS, "128K", "128", "-", "n/a", "", "" },
	{ TUI_COLUMN_USS, "108K", "108", "-", "n/a", "", "" },
	{ TUI_COLUMN_SHARED, "404K", "404", "-", "n/a", "", "" },
	{ TUI_COLUMN_DIRTY, "12K", "12", "-", "n/a", "", "" },
	{ TUI_COLUMN_SWAP, "2M", "2048", "-", "n/a", "", "" },
	{ TUI_COLUMN_LOCKED, "16K", "16", "-", "n/a", "", "" },
	{ TUI_COLUMN_COPIED, "12K", "12", "-", "n/a", "", "" },
	{ TUI_COLUMN_OFFSET, "0", "0", "0", "0", "0", "0" },
	{ TUI_COLUMN_DEVICE, "08:01", "08:01", "08:01", "08:01", "08:01", "08:01" },
	{ TUI_COLUMN_INODE, "4711", "4711", "4711", "4711", "4711", "4711" },
	{ TUI_COLUMN_PERMS, "r-xp", "r-xp", "r-xp", "r-xp", "r-xp", "r-xp" },
	{ TUI_COLUMN_KIND, "x", "x", "x", "x", "x", "x" },
	{ TUI_COLUMN_NAME, "/lib/libx.so", "/lib/libx.so", "/lib/libx.so", "/lib/libx.so",
	  "/lib/libx.so", "/lib/libx.so" },
	{ TUI_COLUMN_CHANGE, "", "", "", "", "", "gone" },
};
static_assert(COUNT(cells) == TUI_COLUMN_COUNT, "check every column");

static struct tui_row only_row(const struct tui_data *data)
{
	assert_int_equal(data->now.count, 1);
	return (struct tui_row){ .mapping = &data->now.mappings[0] };
}

TEST(numbers_are_shown_in_the_chosen_units)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };
	struct tui_row row;

	feed(&data, FULL);
	row = only_row(&data);
	for (size_t i = 0; i < COUNT(cells); i++) {
		struct tui_cell_context human = { &data, VM_SIZE_HUMAN, true };
		struct tui_cell_context kib = { &data, VM_SIZE_KIB, true };

		assert_cell(cells[i].id, &human, &row, cells[i].human);
		assert_cell(cells[i].id, &kib, &row, cells[i].kib);
	}
}

TEST(numbers_that_are_not_there_are_shown_as_what_they_are)
{
	vm_cleanup(tui_data_deinit) struct tui_data awaited = { 0 };
	struct tui_data unreported, denied;
	struct tui_row row;

	feed(&awaited, BARE);
	row = only_row(&awaited);
	unreported = denied = awaited;
	unreported.has_usage = true;
	denied.error = -EACCES;
	for (size_t i = 0; i < COUNT(cells); i++) {
		struct tui_cell_context none = { &unreported, VM_SIZE_HUMAN, true };
		struct tui_cell_context no = { &denied, VM_SIZE_HUMAN, true };
		struct tui_cell_context not_yet = { &awaited, VM_SIZE_HUMAN, true };

		assert_cell(cells[i].id, &none, &row, cells[i].unreported);
		assert_cell(cells[i].id, &no, &row, cells[i].denied);
		assert_cell(cells[i].id, &not_yet, &row, cells[i].awaited);
	}
}

TEST(of_what_is_gone_no_numbers_are_shown)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };
	struct tui_cell_context context = { &data, VM_SIZE_HUMAN, true };
	struct tui_row row;

	feed(&data, FULL);
	feed(&data, ANON("1000-2000", "rw-p", "") KB("Rss", 0));
	assert_int_equal(data.ghost_count, 1);
	row = (struct tui_row){ &data.ghosts[0].mapping, { VM_CHANGE_GONE + 1, 0 }, true };
	for (size_t i = 0; i < COUNT(cells); i++)
		assert_cell(cells[i].id, &context, &row, cells[i].ghost);
}

TEST(a_zero_is_a_zero)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };
	struct tui_cell_context context = { &data, VM_SIZE_HUMAN, true };
	struct tui_row row;

	feed(&data, ANON("1000-2000", "---p", "") KB("Rss", 0) KB("Swap", 0));
	row = only_row(&data);
	assert_cell(TUI_COLUMN_RSS, &context, &row, "0");
	assert_cell(TUI_COLUMN_SWAP, &context, &row, "0");
	assert_cell(TUI_COLUMN_PSS, &context, &row, "-");
}

TEST(anonymous_memory_has_no_place_in_a_file)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };
	struct tui_cell_context context = { &data, VM_SIZE_HUMAN, true };
	struct tui_row row;

	feed(&data, "1000-2000 rw-p 00005000 00:00 0\n");
	row = only_row(&data);
	assert_cell(TUI_COLUMN_OFFSET, &context, &row, "");
	assert_cell(TUI_COLUMN_DEVICE, &context, &row, "");
	assert_cell(TUI_COLUMN_INODE, &context, &row, "");
	assert_cell(TUI_COLUMN_ADDRESS, &context, &row, "00001000");
	feed(&data,
	     "ffffffffff600000-ffffffffff601000 --xp 0000a000 103:0a 18446744073709551615 /x\n");
	row = only_row(&data);
	assert_cell(TUI_COLUMN_ADDRESS, &context, &row, "ffffffffff600000");
	assert_cell(TUI_COLUMN_OFFSET, &context, &row, "a000");
	assert_cell(TUI_COLUMN_DEVICE, &context, &row, "103:0a");
	assert_cell(TUI_COLUMN_INODE, &context, &row, "18446744073709551615");
}

TEST(names_say_what_is_worth_a_warning_and_are_safe)
{
	static const struct {
		const char *line, *name;
	} cases[] = {
		{ "1000-2000 rwxp 00000000 00:00 0\n", "!W+X [anon]" },
		{ "1000-2000 rw-p 00000000 00:00 0\n", "[anon]" },
		{ "1000-2000 ---p 00000000 00:00 0\n", "[reserved]" },
		{ "1000-2000 rw-p 00000000 00:00 0 [heap]\n", "[heap]" },
		{ "1000-2000 r--p 00000000 08:01 5 /tmp/a (deleted)\n", "[deleted] /tmp/a" },
		{ "1000-2000 rwxs 00000000 08:01 5 /tmp/a (deleted)\n", "!W+X [deleted] /tmp/a" },
		{ "1000-2000 rw-s 00000000 00:01 5 /memfd:x (deleted)\n", "/memfd:x (deleted)" },
		{ "1000-2000 r--p 00000000 08:01 5 /a\x1b]0;t\x07\xff b\n", "/a?]0;t?? b" },
		{ "1000-2000 r--p 00000000 08:01 5 /\xe4\xb8\xad\xe2\x80\xaex\n",
		  "/\xe4\xb8\xad???x" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };
		struct tui_cell_context context = { &data, VM_SIZE_HUMAN, true };
		struct tui_row row;

		feed(&data, cases[i].line);
		row = only_row(&data);
		assert_cell(TUI_COLUMN_NAME, &context, &row, cases[i].name);
	}
}

TEST(a_thread_stack_without_a_name_is_called_one)
{
	struct vm_mapping stack = { .start = 0x1000, .end = 0x2000, .kind = VM_KIND_STACK };
	struct tui_data data = { 0 };
	struct tui_cell_context context = { &data, VM_SIZE_HUMAN, true };
	struct tui_row row = { .mapping = &stack };

	memcpy(stack.perms, "rw-p", 4);
	assert_cell(TUI_COLUMN_NAME, &context, &row, "[thread stack]");
	assert_cell(TUI_COLUMN_KIND, &context, &row, "S");
}

TEST(the_bar_shows_any_page_at_all_and_is_full_for_all_only)
{
	static const struct {
		const char *text, *utf8, *ascii;
	} cases[] = {
		{ ANON("0-40000000", "rw-p", "") KB("Rss", 0), "    ", "    " },
		{ ANON("0-40000000", "rw-p", "") KB("Rss", 4), "\xe2\x96\x8e   ", ".   " },
		{ ANON("0-4000", "rw-p", "") KB("Rss", 4), "\xe2\x96\x88   ", "#   " },
		{ ANON("0-40000000", "rw-p", "") KB("Rss", 1048572),
		  "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x8a", "###=" },
		{ ANON("0-1000", "rw-p", "") KB("Rss", 4),
		  "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88", "####" },
		/* A reading that was torn: more than there is room for. */
		{ ANON("0-1000", "rw-p", "") KB("Rss", 400),
		  "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88", "####" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };
		struct tui_cell_context utf8 = { &data, VM_SIZE_HUMAN, true };
		struct tui_cell_context ascii = { &data, VM_SIZE_HUMAN, false };
		struct tui_row row;

		feed(&data, cases[i].text);
		row = only_row(&data);
		assert_cell(TUI_COLUMN_RESIDENT, &utf8, &row, cases[i].utf8);
		assert_cell(TUI_COLUMN_RESIDENT, &ascii, &row, cases[i].ascii);
	}
}

TEST(the_change_is_its_name_or_what_was_won_since_the_baseline)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };
	struct tui_cell_context human = { &data, VM_SIZE_HUMAN, true };
	struct tui_cell_context kib = { &data, VM_SIZE_KIB, true };
	struct tui_row row;

	feed(&data, ANON("0-800000", "rw-p", "") KB("Rss", 1024));
	feed(&data, ANON("0-800000", "rw-p", "") KB("Rss", 2560));
	row = only_row(&data);
	assert_cell(TUI_COLUMN_CHANGE, &human, &row, "+1.5M");
	assert_cell(TUI_COLUMN_CHANGE, &kib, &row, "+1536");
	feed(&data, ANON("0-800000", "rw-p", "") KB("Rss", 1020));
	row = only_row(&data);
	assert_cell(TUI_COLUMN_CHANGE, &human, &row, "-4K");
	for (uint8_t type = 0; type < VM_CHANGE_COUNT; type++) {
		row.mark.change = (uint8_t)(type + 1);
		assert_cell(TUI_COLUMN_CHANGE, &human, &row, vm_change_info(type)->name);
		assert_true(strlen(vm_change_info(type)->name) <= 7);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_set_of_columns_fits_usual_widths),
		cmocka_unit_test(sets_of_columns_fit_every_width),
		cmocka_unit_test(no_two_columns_are_worth_the_same),
		cmocka_unit_test(
			of_the_default_columns_swap_alone_has_no_room_at_80_and_all_have_at_100),
		cmocka_unit_test(at_80_each_column_that_is_switched_on_has_room),
		cmocka_unit_test(at_20_columns_address_and_name_are_shown),
		cmocka_unit_test(titles_fit_their_columns),
		cmocka_unit_test(numbers_are_shown_in_the_chosen_units),
		cmocka_unit_test(numbers_that_are_not_there_are_shown_as_what_they_are),
		cmocka_unit_test(of_what_is_gone_no_numbers_are_shown),
		cmocka_unit_test(a_zero_is_a_zero),
		cmocka_unit_test(anonymous_memory_has_no_place_in_a_file),
		cmocka_unit_test(names_say_what_is_worth_a_warning_and_are_safe),
		cmocka_unit_test(a_thread_stack_without_a_name_is_called_one),
		cmocka_unit_test(the_bar_shows_any_page_at_all_and_is_full_for_all_only),
		cmocka_unit_test(the_change_is_its_name_or_what_was_won_since_the_baseline),
	};

	return cmocka_run_group_tests(tests, tui_setup, NULL);
}

#include "helper.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/rc.h"

/* What was complained of, as "LINE WHAT\n" for each. */
static void note(const char *what, size_t line, void *user)
{
	vm_buf_put_dec(user, line, 0, ' ');
	vm_buf_put_char(user, ' ');
	vm_buf_put_text(user, what);
	vm_buf_put_char(user, '\n');
}

/* Columns as "A B C", with " +path" where whole paths are wanted. */
static void describe(const struct vm_rc *rc, struct vm_buf *text)
{
	for (size_t i = 0; i < rc->count; i++) {
		if (i)
			vm_buf_put_char(text, ' ');
		vm_buf_put_str(text, rc->columns[i]);
	}
	if (rc->toggle_path)
		vm_buf_put_text(text, " +path");
}

static void check(const char *text, const char *columns, const char *warnings)
{
	vm_cleanup(vm_rc_deinit) struct vm_rc rc = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf said = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf found = { 0 };

	vm_buf_put_text(&rc.text, text);
	assert_int_equal(vm_rc_parse(&rc, note, &said), 0);
	describe(&rc, &found);
	assert_same(vm_buf_str(&found), vm_str_from(columns));
	assert_same(vm_buf_str(&said), vm_str_from(warnings));
}

TEST(columns_are_those_of_their_section_in_order)
{
	check("[Fields Display]\nRss\nPss\n\n[Mapping]\n", "Rss Pss", "");
}

TEST(blanks_comments_and_empty_lines_do_not_count)
{
	check("# a comment\n\n \t# another\n  [Fields Display]  # a third\n\t Rss \t # why\n#Pss\n",
	      "Rss", "");
}

TEST(last_line_needs_no_newline)
{
	check("[Fields Display]\nRss", "Rss", "");
}

TEST(section_may_come_again)
{
	check("[Fields Display]\nRss\n[Mapping]\n[Fields Display]\nPss\n", "Rss Pss", "");
}

TEST(entry_may_stand_behind_its_section)
{
	check("[Fields Display] Rss\n", "Rss", "1 text behind a section\n");
}

TEST(show_path_toggles)
{
	check("[Mapping]\nShowPath\n", " +path", "");
	check("[Mapping]\nShowPath\nShowPath\n", "", "");
	check("[Mapping]\nShowPath\nShowPath\nShowPath\n", " +path", "");
}

TEST(show_path_outside_of_its_section_is_a_column)
{
	check("[Fields Display]\nShowPath\n", "ShowPath", "");
}

TEST(unknown_entry_of_mapping_is_ignored)
{
	check("[Mapping]\nShowName\n", "", "");
}

TEST(what_is_not_understood_is_told_with_its_line)
{
	static const struct {
		const char *text, *columns, *warnings;
	} rows[] = {
		{ "Rss\n", "", "1 an entry before the first section\n" },
		{ "\n[Other]\nRss\n", "", "2 a section that vmview does not know\n" },
		{ "[Fields Display\nRss\n", "",
		  "1 a section without its closing bracket\n2 an entry before the first section\n" },
		{ "[Fields Display]\nRss Pss\n", "Rss", "2 text behind an entry\n" },
		{ "[fields display]\nRss\n", "", "1 a section that vmview does not know\n" },
		{ "[Other] Rss\n", "",
		  "1 a section that vmview does not know\n1 text behind a section\n" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		check(rows[i].text, rows[i].columns, rows[i].warnings);
}

TEST(known_section_after_an_unknown_one_counts)
{
	check("[Other]\nRss\n[Fields Display]\nPss\n", "Pss",
	      "1 a section that vmview does not know\n");
}

TEST(hundreds_of_columns_are_kept)
{
	vm_cleanup(vm_rc_deinit) struct vm_rc rc = { 0 };

	vm_buf_put_text(&rc.text, "[Fields Display]\n");
	for (unsigned i = 0; i < 500; i++) {
		vm_buf_put_dec(&rc.text, i, 0, ' ');
		vm_buf_put_char(&rc.text, '\n');
	}
	assert_int_equal(vm_rc_parse(&rc, note, NULL), 0);
	assert_int_equal(rc.count, 500);
	assert_slice(rc.columns[499], "499");
}

/* Files */

static int read_rc(const char *path, struct vm_rc *rc)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf said = { 0 };
	int r = vm_rc_read(path, rc, note, &said);

	assert_int_equal(said.len, 0);
	return r;
}

TEST(file_is_read_as_a_whole)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	vm_cleanup(text_free) char *path = folder_join(&folder, "rc");
	vm_cleanup(vm_rc_deinit) struct vm_rc rc = { 0 };

	folder_write(&folder, "rc", "[Fields Display]\nRss\n");
	assert_int_equal(read_rc(path, &rc), 0);
	assert_int_equal(rc.count, 1);
	assert_slice(rc.columns[0], "Rss");
}

TEST(file_that_cannot_be_read_is_an_error)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	vm_cleanup(text_free) char *path = folder_join(&folder, "missing");
	vm_cleanup(vm_rc_deinit) struct vm_rc rc = { 0 };

	assert_int_equal(read_rc(path, &rc), -ENOENT);
	assert_int_equal(read_rc(folder.path, &rc), -EISDIR);
}

TEST(file_without_end_is_refused)
{
	vm_cleanup(vm_rc_deinit) struct vm_rc rc = { 0 };

	assert_int_equal(read_rc("/dev/zero", &rc), -EFBIG);
}

TEST(template_chooses_nothing_and_is_understood)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	vm_cleanup(text_free) char *path = folder_join(&folder, "rc");
	vm_cleanup(vm_rc_deinit) struct vm_rc rc = { 0 };

	assert_int_equal(vm_rc_create(path), 0);
	assert_int_equal(read_rc(path, &rc), 0);
	assert_int_equal(rc.count, 0);
	assert_false(rc.toggle_path);
}

TEST(template_offers_columns_that_exist)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	vm_cleanup(text_free) char *path = folder_join(&folder, "rc");
	vm_cleanup(vm_rc_deinit) struct vm_rc rc = { 0 };
	size_t known = 0;

	assert_int_equal(vm_rc_create(path), 0);
	read_file(path, &rc.text);
	for (size_t i = 0; i < rc.text.len; i++) {
		if (rc.text.p[i] == '#' && i + 1 < rc.text.len && rc.text.p[i + 1] != ' ')
			rc.text.p[i] = ' ';
	}
	assert_int_equal(vm_rc_parse(&rc, note, NULL), 0);
	for (size_t i = 0; i < rc.count; i++)
		known += vm_field_find(rc.columns[i]) != VM_FIELD_COUNT;
	assert_int_equal(rc.count, 20);
	assert_int_equal(known, 20 - 6); /* Perm Offset Device Inode VmFlags Mapping */
	assert_true(rc.toggle_path);
}

TEST(file_that_exists_is_not_overwritten)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	vm_cleanup(text_free) char *path = folder_join(&folder, "rc");
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	folder_write(&folder, "rc", "mine");
	assert_int_equal(vm_rc_create(path), -EEXIST);
	read_file(path, &text);
	assert_slice(vm_buf_str(&text), "mine");
}

TEST(link_that_somebody_put_there_is_not_followed)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	vm_cleanup(text_free) char *path = folder_join(&folder, "rc");
	vm_cleanup(text_free) char *target = folder_join(&folder, "target");

	assert_int_equal(symlink(target, path), 0);
	assert_int_equal(vm_rc_create(path), -EEXIST);
	assert_int_equal(access(target, F_OK), -1);
}

TEST(file_is_not_created_in_a_folder_that_is_missing)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	vm_cleanup(text_free) char *path = folder_join(&folder, "missing/rc");

	assert_int_equal(vm_rc_create(path), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_those_of_their_section_in_order),
		cmocka_unit_test(blanks_comments_and_empty_lines_do_not_count),
		cmocka_unit_test(last_line_needs_no_newline),
		cmocka_unit_test(section_may_come_again),
		cmocka_unit_test(entry_may_stand_behind_its_section),
		cmocka_unit_test(show_path_toggles),
		cmocka_unit_test(show_path_outside_of_its_section_is_a_column),
		cmocka_unit_test(unknown_entry_of_mapping_is_ignored),
		cmocka_unit_test(what_is_not_understood_is_told_with_its_line),
		cmocka_unit_test(known_section_after_an_unknown_one_counts),
		cmocka_unit_test(hundreds_of_columns_are_kept),
		cmocka_unit_test(file_is_read_as_a_whole),
		cmocka_unit_test(file_that_cannot_be_read_is_an_error),
		cmocka_unit_test(file_without_end_is_refused),
		cmocka_unit_test(template_chooses_nothing_and_is_understood),
		cmocka_unit_test(template_offers_columns_that_exist),
		cmocka_unit_test(file_that_exists_is_not_overwritten),
		cmocka_unit_test(link_that_somebody_put_there_is_not_followed),
		cmocka_unit_test(file_is_not_created_in_a_folder_that_is_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "helper.h"

#include "vmview/pmap.h"

struct row {
	struct vm_str cmdline;
	const char *utf8, *other; /* how it is shown in a UTF-8 locale and in another */
};

#define LINE(literal)                        \
	{                                    \
		literal, sizeof(literal) - 1 \
	}

static void check(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		vm_cleanup(vm_process_deinit) struct vm_process process = { .state = 'S' };
		vm_cleanup(vm_buf_deinit) struct vm_buf utf8 = { 0 };
		vm_cleanup(vm_buf_deinit) struct vm_buf other = { 0 };

		vm_buf_put_str(&process.cmdline, rows[i].cmdline);
		vm_pmap_command(&utf8, &process, true);
		vm_pmap_command(&other, &process, false);
		assert_same(vm_buf_str(&utf8), vm_str_from(rows[i].utf8));
		assert_same(vm_buf_str(&other),
			    vm_str_from(rows[i].other ? rows[i].other : rows[i].utf8));
	}
}

TEST(arguments_are_joined_by_blanks)
{
	static const struct row rows[] = {
		{ LINE("cat\0file\0"), "cat file", NULL },
		{ LINE("sleep\0"), "sleep", NULL },
		{ LINE("sh\0-c\0echo  a\0"), "sh -c echo  a", NULL },
		{ LINE("two\nlines\0"), "two lines", NULL },
	};

	check(rows, COUNT(rows));
}

TEST(empty_arguments_at_the_end_are_dropped)
{
	static const struct row rows[] = {
		{ LINE("x\0\0y\0\0\0"), "x  y", NULL },
		{ LINE("\0x\0"), " x", NULL },
	};

	check(rows, COUNT(rows));
}

TEST(blank_at_the_end_stays_where_an_argument_ends_in_it)
{
	static const struct row rows[] = {
		{ LINE("x \0"), "x ", NULL },
		{ LINE("x "), "x", NULL },
		{ LINE("x  "), "x ", NULL },
	};

	check(rows, COUNT(rows));
}

TEST(title_without_nul_is_shown_as_it_is)
{
	static const struct row rows[] = { { LINE("postgres: checkpointer"),
					     "postgres: checkpointer", NULL } };

	check(rows, COUNT(rows));
}

TEST(nothing_that_controls_a_terminal_is_shown)
{
	static const struct row rows[] = {
		{ LINE("a\033[31mb\a\0"), "a?[31mb?", "a.[31mb." },
		{ LINE("tab\tdel\177cr\r\0"), "tab?del?cr?", "tab.del.cr." },
		{ LINE("c1 \302\233m\0"), "c1 ??m", "c1 ??m" },
		{ LINE("bidi \342\200\256x\0"), "bidi ???x", "bidi ???x" },
	};

	check(rows, COUNT(rows));
}

TEST(characters_are_shown_where_the_locale_has_them)
{
	static const struct row rows[] = {
		{ LINE("gr\303\274n\0"), "gr\303\274n", "gr??n" },
		{ LINE("\302\240\337\277\0"), "\302\240\337\277", "????" },
		{ LINE("\340\240\200\357\277\275\0"), "\340\240\200\357\277\275", "??????" },
		{ LINE("\360\220\200\200\364\217\277\277\0"), "\360\220\200\200\364\217\277\277",
		  "????????" },
		{ LINE("\342\202\254 \360\237\230\200\0"), "\342\202\254 \360\237\230\200",
		  "??? ????" },
	};

	check(rows, COUNT(rows));
}

TEST(broken_characters_are_shown_as_question_marks)
{
	static const struct row rows[] = {
		{ LINE("a\377b\0"), "a?b", NULL },
		{ LINE("\300\257\0"), "??", NULL },
		{ LINE("\355\240\200x\0"), "???x", NULL },
		{ LINE("cut\342\202\0"), "cut??", NULL },
		{ LINE("\303\0"), "?", NULL },
		{ LINE("\200abcd\0"), "?abcd", NULL },
		{ LINE("\365abcd\0"), "?abcd", NULL },
	};

	check(rows, COUNT(rows));
}

TEST(command_line_of_nul_bytes_only_is_a_question_mark)
{
	static const struct row rows[] = { { LINE("\0\0\0"), "?", NULL } };

	check(rows, COUNT(rows));
}

static void check_name(const char *comm, char state, const char *shown)
{
	vm_cleanup(vm_process_deinit) struct vm_process process = { .state = state };
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	vm_buf_put_text(&process.comm, comm);
	vm_pmap_command(&text, &process, true);
	assert_same(vm_buf_str(&text), vm_str_from(shown));
}

TEST(process_without_arguments_is_named_in_brackets)
{
	check_name("kthreadd", 'S', "[kthreadd]");
	check_name("kworker/0:1-ev", 'I', "[kworker/0:1-ev]");
}

TEST(zombie_is_called_defunct)
{
	check_name("sleep", 'Z', "[sleep] <defunct>");
}

TEST(name_is_made_safe_too)
{
	check_name("\033[31m", 'Z', "[?[31m] <defunct>");
	check_name("", 'S', "[]");
}

TEST(command_is_appended)
{
	vm_cleanup(vm_process_deinit) struct vm_process process = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	vm_buf_put_text(&text, "17: ");
	vm_buf_put(&process.cmdline, "x\0y\0", 4);
	vm_pmap_command(&text, &process, true);
	assert_slice(vm_buf_str(&text), "17: x y");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arguments_are_joined_by_blanks),
		cmocka_unit_test(empty_arguments_at_the_end_are_dropped),
		cmocka_unit_test(blank_at_the_end_stays_where_an_argument_ends_in_it),
		cmocka_unit_test(title_without_nul_is_shown_as_it_is),
		cmocka_unit_test(nothing_that_controls_a_terminal_is_shown),
		cmocka_unit_test(characters_are_shown_where_the_locale_has_them),
		cmocka_unit_test(broken_characters_are_shown_as_question_marks),
		cmocka_unit_test(command_line_of_nul_bytes_only_is_a_question_mark),
		cmocka_unit_test(process_without_arguments_is_named_in_brackets),
		cmocka_unit_test(zombie_is_called_defunct),
		cmocka_unit_test(name_is_made_safe_too),
		cmocka_unit_test(command_is_appended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

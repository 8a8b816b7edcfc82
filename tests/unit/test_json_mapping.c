#include "helper.h"

#include <errno.h>
#include <stdio.h>

#include "vmview/json_mapping.h"

/* Columns by their names, as the command line has them. */
struct columns {
	enum vm_column list[8];
	size_t count;
};

static struct columns columns(const char *names)
{
	struct vm_str rest = vm_str_from(names);
	struct columns result = { 0 };

	while (rest.len) {
		struct vm_str name = { rest.p, vm_str_find(rest, ',') };

		result.list[result.count] = vm_column_find(name);
		assert_true(result.list[result.count++] < VM_COLUMN_COUNT);
		rest = vm_str_skip(rest, name.len + 1);
	}
	return result;
}

/* Every mapping of @maps as an object, each on a line, and a last one with their sums. No @names: all. */
static struct vm_buf write_all(const char *maps, const char *names)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = classified(maps);
	vm_cleanup(vm_json_mappings_deinit) struct vm_json_mappings mappings;
	struct columns chosen = columns(names);
	struct vm_buf text = { 0 };
	struct vm_json json = { .text = &text };

	vm_json_mappings_init(&mappings, &json, chosen.list, chosen.count);
	for (size_t i = 0; i <= parsed.snapshot.count; i++) {
		vm_json_object(&json, NULL);
		if (i < parsed.snapshot.count)
			assert_int_equal(vm_json_mapping(&mappings, &parsed.snapshot.mappings[i]),
					 0);
		else
			vm_json_totals(&mappings);
		vm_json_end(&json);
		vm_buf_put_char(&text, '\n');
	}
	assert_false(text.failed);
	return text;
}

static void check(const char *maps, const char *names, const char *wanted)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = write_all(maps, names);

	assert_same(vm_buf_str(&text), vm_str_from(wanted));
}

/* The same of the first object alone. */
static void check_first(const char *maps, const char *names, const char *wanted)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = write_all(maps, names);

	assert_same(((struct vm_str){ text.p, vm_str_find(vm_buf_str(&text), '\n') }),
		    vm_str_from(wanted));
}

static const char library[] = "1000-4000 rwxp 00002000 fe:01 77         /usr/lib/x.so (deleted)\n"
			      "Size:                 16 kB\n"
			      "KernelPageSize:        4 kB\n"
			      "Rss:                  12 kB\n"
			      "Private_Clean:         4 kB\n"
			      "Private_Dirty:         8 kB\n"
			      "Anonymous:             8 kB\n"
			      "Swap:                  0 kB\n"
			      "THPeligible:           1\n"
			      "VmFlags: rd wr ex \n";

TEST(without_columns_all_that_is_reported_is_told)
{
	check_first(library, "",
		    "{\"start\":\"0x1000\",\"end\":\"0x4000\",\"size\":12288,\"perms\":\"rwxp\","
		    "\"backing\":\"file\",\"sharing\":\"private\",\"kind\":\"code\","
		    "\"flags\":[\"deleted\",\"wx\"],\"deleted\":true,\"offset\":8192,"
		    "\"device\":\"fe:01\",\"inode\":77,\"path\":\"/usr/lib/x.so\","
		    "\"vm_flags\":[\"rd\",\"wr\",\"ex\"],"
		    "\"rss\":12288,\"uss\":12288,\"swap\":0,\"copied\":8192,\"kernel_size\":16384,"
		    "\"kernelpagesize\":4096,\"private_clean\":4096,\"private_dirty\":8192,"
		    "\"anonymous\":8192,\"thpeligible\":1}");
}

TEST(text_of_maps_has_no_numbers_of_smaps)
{
	check("1000-2000 rw-p 00000000 00:00 0 \n", "",
	      "{\"start\":\"0x1000\",\"end\":\"0x2000\",\"size\":4096,\"perms\":\"rw-p\","
	      "\"backing\":\"anonymous\",\"sharing\":\"private\",\"kind\":\"anon\",\"flags\":[],"
	      "\"deleted\":false,\"offset\":0,\"device\":\"00:00\",\"inode\":0,\"path\":\"\"}\n"
	      "{\"count\":1,\"size\":4096}\n");
}

TEST(chosen_columns_are_the_keys_each_once)
{
	check(library, "rss,address,mapping,rss,thpeligible,address,pss",
	      "{\"start\":\"0x1000\",\"mapping\":\"x.so\",\"rss\":12288,\"thpeligible\":1}\n"
	      "{\"count\":1,\"rss\":12288}\n");
	check(library, "swap", "{\"swap\":0}\n{\"count\":1,\"swap\":0}\n");
	check(library, "pss", "{}\n{\"count\":1}\n");
}

/* What the kernel reports may differ from one mapping to the next, and so may which numbers are 0. */
TEST(numbers_are_those_of_each_mapping)
{
	check("1000-2000 rw-p 0 0:0 0\nRss: 0 kB\nPss: 4 kB\nSwap: 0 kB\n"
	      "2000-3000 rw-p 0 0:0 0\nRss: 8 kB\nPss: 0 kB\nSwap: 12 kB\n"
	      "3000-4000 rw-p 0 0:0 0\nRss: 0 kB\n"
	      "4000-5000 rw-p 0 0:0 0\n"
	      "5000-6000 rw-p 0 0:0 0\nRss: 16 kB\nPss: 1 kB\nSwap: 0 kB\n",
	      "rss,pss,swap",
	      "{\"rss\":0,\"pss\":4096,\"swap\":0}\n"
	      "{\"rss\":8192,\"pss\":0,\"swap\":12288}\n"
	      "{\"rss\":0}\n"
	      "{}\n"
	      "{\"rss\":16384,\"pss\":1024,\"swap\":0}\n"
	      "{\"count\":5,\"rss\":24576,\"pss\":5120,\"swap\":12288}\n");
}

TEST(sums_stop_at_the_largest_number)
{
	check("1000-2000 rw-p 0 0:0 0\nRss: 18014398509481983 kB\n"
	      "2000-3000 rw-p 0 0:0 0\nRss: 18014398509481983 kB\n",
	      "rss",
	      "{\"rss\":18446744073709550592}\n{\"rss\":18446744073709550592}\n"
	      "{\"count\":2,\"rss\":18446744073709551615}\n");
}

TEST(sums_begin_anew)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = parse(library);
	vm_cleanup(vm_json_mappings_deinit) struct vm_json_mappings mappings;
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	struct vm_json json = { .text = &text };
	enum vm_column size[] = { VM_COLUMN_SIZE, VM_COLUMN_RSS };

	vm_json_mappings_init(&mappings, &json, size, COUNT(size));
	for (int i = 0; i < 2; i++) {
		vm_buf_clear(&text);
		vm_json_object(&json, NULL);
		assert_int_equal(vm_json_mapping(&mappings, only(&parsed)), 0);
		vm_json_end(&json);
		vm_buf_clear(&text);
		vm_json_object(&json, NULL);
		vm_json_totals(&mappings);
		vm_json_end(&json);
		assert_slice(vm_buf_str(&text), "{\"count\":1,\"size\":12288,\"rss\":12288}");
	}
	vm_buf_clear(&text);
	vm_json_object(&json, NULL);
	vm_json_totals(&mappings);
	vm_json_end(&json);
	assert_slice(vm_buf_str(&text), "{\"count\":0,\"size\":0}");
}

#define FIRST                                                                               \
	"{\"start\":\"0x1000\",\"end\":\"0x2000\",\"size\":4096,\"perms\":\"rw-p\","        \
	"\"backing\":\"anonymous\",\"sharing\":\"private\",\"kind\":\"anon\",\"flags\":[]," \
	"\"deleted\":false,\"offset\":0,\"device\":\"00:00\",\"inode\":0,\"path\":\"\""
#define ANONYMOUS "1000-2000 rw-p 00000000 00:00 0 \n"

TEST(fields_of_other_kernels_are_told_as_what_they_look_like)
{
	check_first(ANONYMOUS "Frozen_Pages: 12 kB\nGeneration: 7\nNothing:\nName: [anon:\xff]\n"
			      "Huge: 18014398509481984 kB\nLarger: 18446744073709551616\n",
		    "",
		    FIRST ",\"frozen_pages\":12288,\"generation\":7,\"nothing\":\"\","
			  "\"name\":\"[anon:\\ufffd]\",\"name_hex\":\"5b616e6f6e3aff5d\","
			  "\"huge\":\"18014398509481984 kB\",\"larger\":\"18446744073709551616\"}");
}

TEST(field_that_is_called_like_a_key_of_ours_is_the_kernels)
{
	check_first(ANONYMOUS "Start: 1\nPath_Hex: 00\nUSS: 1 kB\nRSS: 2 kB\nPid: 3\nTime: 4\n", "",
		    FIRST ",\"kernel_start\":1,\"kernel_path_hex\":0,\"kernel_uss\":1024,"
			  "\"kernel_rss\":2048,\"kernel_pid\":3,\"kernel_time\":4}");
}

TEST(of_a_field_that_is_repeated_the_first_one_counts)
{
	check_first(ANONYMOUS "Odd: 1\nEven: 2\nODD: 3\nOdd: 4\n", "",
		    FIRST ",\"odd\":1,\"even\":2}");
}

TEST(no_key_stands_twice_whatever_fields_are_called)
{
	check_first(ANONYMOUS "Path: 1\nKernel_Path: 2\n", "", FIRST ",\"kernel_path\":1}");
	check_first(ANONYMOUS "Size: 4 kB\nsize: 8 kB\n", "",
		    FIRST ",\"kernel_size\":4096,\"kernel_kernel_size\":8192}");
	check_first(ANONYMOUS "Odd: \xff\nOdd_Hex: 2\n", "",
		    FIRST ",\"odd\":\"\\ufffd\",\"odd_hex\":\"ff\"}");
	check_first(ANONYMOUS "Kernel_: \xff\nKernel__Hex: 2\n", "",
		    FIRST ",\"kernel_\":\"\\ufffd\",\"kernel__hex\":\"ff\"}");
	check_first(ANONYMOUS "Path: \xff\nPath_HEX: 2\nKERNEL_path_hex_hex: 3\n", "",
		    FIRST ",\"kernel_path\":\"\\ufffd\",\"kernel_path_hex\":\"ff\"}");
}

TEST(more_fields_than_make_sense_are_refused)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf maps = { 0 }, text = { 0 };
	struct vm_json json = { .text = &text };
	vm_cleanup(vm_json_mappings_deinit) struct vm_json_mappings mappings;
	enum vm_column size = VM_COLUMN_SIZE;

	vm_buf_put_text(&maps, ANONYMOUS);
	for (unsigned i = 0; i < 1000; i++) {
		vm_buf_put_char(&maps, 'F');
		vm_buf_put_dec(&maps, i, 0, ' ');
		vm_buf_put_text(&maps, ": 1\n");
	}
	vm_cleanup(parsed_deinit) struct parsed parsed = parse_in_pieces(vm_buf_str(&maps), 0);

	vm_json_mappings_init(&mappings, &json, NULL, 0);
	assert_int_equal(vm_json_mapping(&mappings, only(&parsed)), -E2BIG);
	assert_int_equal(text.len, 0);
	vm_json_mappings_deinit(&mappings);
	vm_json_mappings_init(&mappings, &json, &size, 1);
	assert_int_equal(vm_json_mapping(&mappings, only(&parsed)), 0);
}

TEST(fields_of_other_kernels_are_left_out_where_columns_are_chosen)
{
	check_first(ANONYMOUS "Rss: 4 kB\nGeneration: 7\n", "rss", "{\"rss\":4096}");
}

TEST(vm_flags_are_words_of_any_length)
{
	static const struct {
		const char *flags, *wanted;
	} rows[] = {
		{ "VmFlags: rd\n", "{\"vm_flags\":[\"rd\"]}" },
		{ "VmFlags: rd wr mr\n", "{\"vm_flags\":[\"rd\",\"wr\",\"mr\"]}" },
		{ "VmFlags: \n", "{\"vm_flags\":[]}" },
		{ "VmFlags: rd  long x \n", "{\"vm_flags\":[\"rd\",\"long\",\"x\"]}" },
		{ "VmFlags: ab-cd\n", "{\"vm_flags\":[\"ab-cd\"]}" },
		{ "VmFlags: a\" \\b\n", "{\"vm_flags\":[\"a\\\"\",\"\\\\b\"]}" },
		{ "VmFlags: \033[ ??\n", "{\"vm_flags\":[\"\\u001b[\",\"??\"]}" },
		{ "", "{}" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		char maps[100];

		snprintf(maps, sizeof(maps), "%s%s", ANONYMOUS, rows[i].flags);
		check_first(maps, "vm_flags", rows[i].wanted);
	}
}

TEST(names_lose_no_byte)
{
	check_first("1000-2000 r--p 0 8:1 7 /tmp/\xe9\"\\\033[31m\n", "path",
		    "{\"path\":\"/tmp/\\ufffd\\\"\\\\\\u001b[31m\","
		    "\"path_hex\":\"2f746d702fe9225c1b5b33316d\"}");
	check_first("1000-2000 r--p 0 8:1 7 /a/\xe9\n", "mapping",
		    "{\"mapping\":\"\\ufffd\",\"mapping_hex\":\"e9\"}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_columns_all_that_is_reported_is_told),
		cmocka_unit_test(text_of_maps_has_no_numbers_of_smaps),
		cmocka_unit_test(chosen_columns_are_the_keys_each_once),
		cmocka_unit_test(numbers_are_those_of_each_mapping),
		cmocka_unit_test(sums_stop_at_the_largest_number),
		cmocka_unit_test(sums_begin_anew),
		cmocka_unit_test(fields_of_other_kernels_are_told_as_what_they_look_like),
		cmocka_unit_test(field_that_is_called_like_a_key_of_ours_is_the_kernels),
		cmocka_unit_test(of_a_field_that_is_repeated_the_first_one_counts),
		cmocka_unit_test(no_key_stands_twice_whatever_fields_are_called),
		cmocka_unit_test(more_fields_than_make_sense_are_refused),
		cmocka_unit_test(fields_of_other_kernels_are_left_out_where_columns_are_chosen),
		cmocka_unit_test(vm_flags_are_words_of_any_length),
		cmocka_unit_test(names_lose_no_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

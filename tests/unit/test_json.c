#include "helper.h"

#include "vmview/json.h"
#include "vmview/safe.h"

static struct vm_json writer(struct vm_buf *text)
{
	return (struct vm_json){ .text = text };
}

TEST(values_are_separated_inside_objects_and_arrays)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	struct vm_json json = writer(&text);

	vm_json_object(&json, NULL);
	vm_json_number(&json, "pid", 1);
	vm_json_array(&json, "limited");
	vm_json_text(&json, NULL, "a");
	vm_json_text(&json, NULL, "b");
	vm_json_end(&json);
	vm_json_object(&json, "totals");
	vm_json_end(&json);
	vm_json_array(&json, "rows");
	vm_json_object(&json, NULL);
	vm_json_bool(&json, "deleted", true);
	vm_json_bool(&json, "wx", false);
	vm_json_end(&json);
	vm_json_array(&json, NULL);
	vm_json_end(&json);
	vm_json_end(&json);
	vm_json_end(&json);
	assert_int_equal(json.depth, 0);
	assert_slice(vm_buf_str(&text), "{\"pid\":1,\"limited\":[\"a\",\"b\"],\"totals\":{},"
					"\"rows\":[{\"deleted\":true,\"wx\":false},[]]}");
}

TEST(a_line_begins_before_a_value_or_an_end)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	struct vm_json json = writer(&text);

	vm_json_array(&json, NULL);
	vm_json_line(&json);
	vm_json_number(&json, NULL, 1);
	vm_json_line(&json);
	vm_json_number(&json, NULL, 2);
	vm_json_line(&json);
	vm_json_end(&json);
	assert_slice(vm_buf_str(&text), "[\n1,\n2\n]");
}

TEST(text_may_be_taken_away_in_between)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	struct vm_json json = writer(&text);

	vm_json_object(&json, NULL);
	vm_json_number(&json, "a", 1);
	vm_buf_clear(&text);
	vm_json_number(&json, "b", 2);
	vm_json_end(&json);
	assert_slice(vm_buf_str(&text), ",\"b\":2}");
}

TEST(as_many_may_be_open_as_promised)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 }, wanted = { 0 };
	struct vm_json json = writer(&text);

	for (size_t i = 0; i < VM_JSON_DEPTH_MAX / 2; i++) {
		vm_json_array(&json, i ? "a" : NULL);
		vm_json_object(&json, NULL);
		vm_buf_put_text(&wanted, i ? "\"a\":[{" : "[{");
	}
	while (json.depth)
		vm_json_end(&json);
	for (size_t i = 0; i < VM_JSON_DEPTH_MAX / 2; i++)
		vm_buf_put_text(&wanted, "}]");
	assert_same(vm_buf_str(&text), vm_buf_str(&wanted));
}

TEST(numbers_keep_every_digit)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	struct vm_json json = writer(&text);

	vm_json_array(&json, NULL);
	vm_json_number(&json, NULL, 0);
	vm_json_number(&json, NULL, UINT64_MAX);
	vm_json_signed(&json, NULL, 0);
	vm_json_signed(&json, NULL, -1);
	vm_json_signed(&json, NULL, INT64_MAX);
	vm_json_signed(&json, NULL, INT64_MIN);
	vm_json_end(&json);
	assert_slice(vm_buf_str(&text), "[0,18446744073709551615,0,-1,9223372036854775807,"
					"-9223372036854775808]");
}

TEST(strings_are_escaped)
{
	/* clang-format off */
	static const struct {
		struct vm_str bytes;
		const char *string; /* without its quotes */
	} rows[] = {
		{ { "", 0 }, "" },
		{ { "plain ~", 7 }, "plain ~" },
		{ { "a\"b\\c/", 6 }, "a\\\"b\\\\c/" },
		{ { "\b\t\n\v\f\r", 6 }, "\\b\\t\\n\\u000b\\f\\r" },
		{ { "\0\x07\x0e\x1b[m\x7f", 7 }, "\\u0000\\u0007\\u000e\\u001b[m\\u007f" },
		/* well-formed, and left as it is */
		{ { "\xc3\xbc", 2 }, "\xc3\xbc" },
		{ { "\xe2\x82\xac", 3 }, "\xe2\x82\xac" },
		{ { "\xf0\x9f\x98\x80", 4 }, "\xf0\x9f\x98\x80" },
		{ { "\xf4\x8f\xbf\xbf", 4 }, "\xf4\x8f\xbf\xbf" },
		{ { "\xef\xbf\xbd", 3 }, "\xef\xbf\xbd" },
		/* well-formed, and nothing for a terminal */
		{ { "\xc2\x80\xc2\x9b\xc2\x9f", 6 }, "\\u0080\\u009b\\u009f" },
		{ { "\xd8\x9c\xe2\x80\x8e", 5 }, "\\u061c\\u200e" },
		{ { "\xe2\x80\xa8\xe2\x80\xae\xe2\x81\xa9", 9 }, "\\u2028\\u202e\\u2069" },
		/* not well-formed: lonely, overlong, surrogate, too high, cut */
		{ { "a\x80" "b", 3 }, "a\\ufffdb" },
		{ { "\xc0\x80", 2 }, "\\ufffd\\ufffd" },
		{ { "\xe0\x9f\xbf", 3 }, "\\ufffd\\ufffd\\ufffd" },
		{ { "\xed\xa0\x80", 3 }, "\\ufffd\\ufffd\\ufffd" },
		{ { "\xf4\x90\x80\x80", 4 }, "\\ufffd\\ufffd\\ufffd\\ufffd" },
		{ { "\xff", 1 }, "\\ufffd" },
		{ { "x\xe2\x82", 3 }, "x\\ufffd\\ufffd" },
		{ { "\xc3(", 2 }, "\\ufffd(" },
	};
	/* clang-format on */

	for (size_t i = 0; i < COUNT(rows); i++) {
		vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 }, wanted = { 0 };
		struct vm_json json = writer(&text);

		vm_json_string(&json, NULL, rows[i].bytes);
		vm_buf_put_char(&wanted, '"');
		vm_buf_put_text(&wanted, rows[i].string);
		vm_buf_put_char(&wanted, '"');
		assert_same(vm_buf_str(&text), vm_buf_str(&wanted));
	}
}

TEST(whatever_is_put_is_safe_and_has_no_quote_inside)
{
	char bytes[3];

	for (uint32_t i = 0; i < 1 << 24; i += 251) {
		vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
		struct vm_json json = writer(&text);
		struct vm_str rest;

		memcpy(bytes, &i, 3);
		vm_json_string(&json, NULL, (struct vm_str){ bytes, 3 });
		rest = (struct vm_str){ text.p + 1, text.len - 2 };
		while (rest.len) {
			size_t n = rest.p[0] == '\\' ? 2 : vm_safe_char(rest);

			assert_true(n > 0 && n <= rest.len && rest.p[0] != '"');
			rest = vm_str_skip(rest, n);
		}
	}
}

TEST(lost_bytes_are_given_in_hexadecimal)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	struct vm_json json = writer(&text);

	vm_json_object(&json, NULL);
	vm_json_bytes(&json, "path", VM_STR("/tmp/\xe9\n"));
	vm_json_bytes(&json, "command", VM_STR("gr\xc3\xbcn\x1b"));
	vm_json_hex(&json, "raw", VM_STR("a\0"));
	vm_json_end(&json);
	assert_slice(vm_buf_str(&text),
		     "{\"path\":\"/tmp/\\ufffd\\n\",\"path_hex\":\"2f746d702fe90a\","
		     "\"command\":\"gr\xc3\xbcn\\u001b\",\"raw\":\"6100\"}");
}

TEST(values_outside_of_everything_are_not_separated)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	struct vm_json json = writer(&text);

	for (int i = 0; i < 2; i++) {
		vm_json_object(&json, NULL);
		vm_json_number(&json, "a", 1);
		vm_json_end(&json);
		vm_buf_put_char(&text, '\n');
	}
	assert_slice(vm_buf_str(&text), "{\"a\":1}\n{\"a\":1}\n");
}

TEST(members_of_the_caller_follow_with_their_commas)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	struct vm_json json = writer(&text);
	const struct vm_str members = VM_STR(",\"x\":1");

	vm_json_object(&json, NULL);
	vm_buf_put_str(&text, vm_str_skip(members, vm_json_follow(&json)));
	vm_buf_put_str(&text, vm_str_skip(members, vm_json_follow(&json)));
	vm_json_number(&json, "a", 2);
	vm_json_end(&json);
	assert_slice(vm_buf_str(&text), "{\"x\":1,\"x\":1,\"a\":2}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_separated_inside_objects_and_arrays),
		cmocka_unit_test(a_line_begins_before_a_value_or_an_end),
		cmocka_unit_test(text_may_be_taken_away_in_between),
		cmocka_unit_test(as_many_may_be_open_as_promised),
		cmocka_unit_test(numbers_keep_every_digit),
		cmocka_unit_test(strings_are_escaped),
		cmocka_unit_test(whatever_is_put_is_safe_and_has_no_quote_inside),
		cmocka_unit_test(lost_bytes_are_given_in_hexadecimal),
		cmocka_unit_test(values_outside_of_everything_are_not_separated),
		cmocka_unit_test(members_of_the_caller_follow_with_their_commas),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

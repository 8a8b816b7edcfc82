#include "helper.h"

#include "vmview/limits_parser.h"

static void assert_quantity(struct vm_quantity got, enum vm_known known, uint64_t number)
{
	assert_int_equal(got.known, known);
	assert_int_equal(got.number, number);
}

TEST(soft_limits_are_read)
{
	struct vm_limits limits = { 0 };

	vm_limits_parse(
		VM_STR("Limit                     Soft Limit           Hard Limit           Units     \n"
		       "Max cpu time              unlimited            unlimited            seconds   \n"
		       "Max data size             1048576              2097152              bytes     \n"
		       "Max stack size            8388608              unlimited            bytes     \n"
		       "Max locked memory         0                    67108864             bytes     \n"
		       "Max address space         unlimited            unlimited            bytes     \n"),
		&limits);
	assert_quantity(limits.items[VM_LIMIT_DATA].most, VM_KNOWN_NUMBER, 1048576);
	assert_quantity(limits.items[VM_LIMIT_STACK].most, VM_KNOWN_NUMBER, 8388608);
	assert_quantity(limits.items[VM_LIMIT_LOCKED].most, VM_KNOWN_NUMBER, 0);
	assert_quantity(limits.items[VM_LIMIT_ADDRESS_SPACE].most, VM_KNOWN_UNLIMITED, 0);
	assert_quantity(limits.items[VM_LIMIT_MAPPINGS].most, VM_KNOWN_NOT, 0);
}

TEST(what_is_no_limit_is_left_alone)
{
	struct vm_limits limits = { 0 };

	vm_limits_parse(
		VM_STR("Max stack sizes 1\nMax data size\nMax data size some\n\n"
		       "Max locked memory 99999999999999999999 1 bytes\nMax address space "),
		&limits);
	for (enum vm_limit_id id = 0; id < VM_LIMIT_COUNT; id++)
		assert_false(vm_limit_is_known(&limits.items[id]));
}

TEST(status_tells_what_there_is_now)
{
	struct vm_limits limits = { 0 };

	vm_limits_parse_status(VM_STR("Name:\tx\nVmPeak:\t    9999 kB\nVmSize:\t    9460 kB\n"
				      "VmLck:\t       0 kB\nVmData:\t    8424 kB\n"),
			       &limits);
	assert_quantity(limits.items[VM_LIMIT_ADDRESS_SPACE].now, VM_KNOWN_NUMBER, 9460 * 1024);
	assert_quantity(limits.items[VM_LIMIT_DATA].now, VM_KNOWN_NUMBER, 8424 * 1024);
	assert_quantity(limits.items[VM_LIMIT_LOCKED].now, VM_KNOWN_NUMBER, 0);
	assert_quantity(limits.items[VM_LIMIT_STACK].now, VM_KNOWN_NOT, 0);
}

TEST(meminfo_tells_what_is_committed)
{
	struct vm_limits limits = { 0 };

	vm_limits_parse_meminfo(
		VM_STR("MemTotal:       24684084 kB\n"
		       "CommitLimit:    12342040 kB\nCommitted_AS:     503456 kB\n"),
		&limits);
	assert_quantity(limits.items[VM_LIMIT_COMMITTED].most, VM_KNOWN_NUMBER,
			UINT64_C(12342040) * 1024);
	assert_quantity(limits.items[VM_LIMIT_COMMITTED].now, VM_KNOWN_NUMBER, 503456 * 1024);
}

/* UINT64_MAX: cannot be told. */
static uint64_t percent(struct vm_quantity now, struct vm_quantity most)
{
	struct vm_limit limit = { .now = now, .most = most };
	uint64_t result;

	return vm_limit_percent(&limit, &result) ? result : UINT64_MAX;
}

#define NUMBER(value) ((struct vm_quantity){ VM_KNOWN_NUMBER, (value) })
#define KNOWN(word) ((struct vm_quantity){ .known = VM_KNOWN_##word })

TEST(percent_is_rounded_down_and_does_not_overflow)
{
	assert_int_equal(percent(NUMBER(0), NUMBER(10)), 0);
	assert_int_equal(percent(NUMBER(99), NUMBER(1000)), 9);
	assert_int_equal(percent(NUMBER(10), NUMBER(10)), 100);
	assert_int_equal(percent(NUMBER(25), NUMBER(10)), 250);
	assert_int_equal(percent(NUMBER(UINT64_MAX), NUMBER(UINT64_MAX)), 100);
	assert_int_equal(percent(NUMBER(UINT64_MAX / 2), NUMBER(UINT64_MAX)), 50);
	assert_int_equal(percent(NUMBER(UINT64_MAX), NUMBER(1)), UINT64_MAX);
}

TEST(percent_of_what_is_not_known_is_not_known)
{
	assert_int_equal(percent(NUMBER(1), NUMBER(0)), UINT64_MAX);
	assert_int_equal(percent(NUMBER(1), KNOWN(UNLIMITED)), UINT64_MAX);
	assert_int_equal(percent(NUMBER(1), KNOWN(NOT)), UINT64_MAX);
	assert_int_equal(percent(KNOWN(UNREADABLE), NUMBER(1)), UINT64_MAX);
	assert_int_equal(percent(KNOWN(NOT), NUMBER(1)), UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(soft_limits_are_read),
		cmocka_unit_test(what_is_no_limit_is_left_alone),
		cmocka_unit_test(status_tells_what_there_is_now),
		cmocka_unit_test(meminfo_tells_what_is_committed),
		cmocka_unit_test(percent_is_rounded_down_and_does_not_overflow),
		cmocka_unit_test(percent_of_what_is_not_known_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "helper.h"

#include <sys/mman.h>
#include <unistd.h>

#include "vmview/shm.h"

/* The mapping of this process that begins at @p. */
static struct vm_mapping find_own(const void *p)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	read_file("/proc/self/maps", &text);
	vm_cleanup(parsed_deinit) struct parsed parsed = parse_in_pieces(vm_buf_str(&text), 0);
	for (size_t i = 0; i < parsed.snapshot.count; i++) {
		if (parsed.snapshot.mappings[i].start == (uintptr_t)p)
			return parsed.snapshot.mappings[i];
	}
	fail();
	return (struct vm_mapping){ 0 };
}

TEST(shared_anonymous_memory_lies_on_the_device_that_is_told)
{
	void *p = mmap(NULL, 4096, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct vm_mapping m;
	uint32_t minor;

	assert_true(p != MAP_FAILED);
	m = find_own(p);
	munmap(p, 4096);
	assert_true(vm_shm_device(&minor));
	assert_int_equal(m.dev_major, 0);
	assert_int_equal(m.dev_minor, minor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shared_anonymous_memory_lies_on_the_device_that_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

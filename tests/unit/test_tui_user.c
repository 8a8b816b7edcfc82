#include "helper.h"

#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>

#include "tui/user.h"

TEST(user_is_called_by_name)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	const struct passwd *root = getpwuid(0);

	tui_put_user(&text, 0);
	assert_same(vm_buf_str(&text), vm_str_from(root ? root->pw_name : "0"));
}

TEST(user_without_a_name_is_a_number)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	char number[16];
	uid_t uid = 4000000000;

	while (getpwuid(uid))
		uid--;
	snprintf(number, sizeof(number), "%" PRIu32, (uint32_t)uid);
	tui_put_user(&text, uid);
	assert_same(vm_buf_str(&text), vm_str_from(number));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(user_is_called_by_name),
		cmocka_unit_test(user_without_a_name_is_a_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

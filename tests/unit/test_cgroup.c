#include "helper.h"

#include <errno.h>
#include <sys/stat.h>

#include "vmview/cgroup.h"

/* Finding it */

#define MOUNTS                                                                       \
	"22 27 0:21 / /proc rw,relatime - proc proc rw\n"                            \
	"31 23 0:28 / /sys/fs/cgroup ro - tmpfs tmpfs rw,mode=755\n"                 \
	"32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"        \
	"35 31 0:32 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory\n" \
	"41 31 0:38 / /sys/fs/cgroup/unified rw shared:3 master:7 - cgroup2 cgroup2 rw\n"

/* `OLD MOUNT FOLDER NAME`, or the error. */
static void assert_found(const char *text, const char *mountinfo, const char *wanted)
{
	vm_cleanup(vm_cgroup_deinit) struct vm_cgroup cgroup = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf line = { 0 };
	int r = vm_cgroup_find(vm_str_from(text), vm_str_from(mountinfo), &cgroup);

	if (r == -ENOENT)
		vm_buf_put_text(&line, "none");
	else
		assert_int_equal(r, 0);
	if (r == 0) {
		vm_buf_put_text(&line, cgroup.old ? "old " : "new ");
		vm_buf_put_str(&line, vm_buf_str(&cgroup.mount));
		vm_buf_put_char(&line, ' ');
		vm_buf_put_str(&line, vm_buf_str(&cgroup.folder));
		vm_buf_put_char(&line, ' ');
		vm_buf_put_str(&line, vm_buf_str(&cgroup.name));
	}
	assert_same(vm_buf_str(&line), vm_str_from(wanted));
}

TEST(group_of_version_2_is_found)
{
	assert_found("0::/user.slice/a.scope\n", MOUNTS,
		     "new /sys/fs/cgroup/unified /user.slice/a.scope /user.slice/a.scope");
}

TEST(memory_controller_of_version_1_goes_first)
{
	assert_found("5:devices:/\n4:cpuacct,memory:/a\n0::/b\n", MOUNTS,
		     "old /sys/fs/cgroup/memory /a /a");
	assert_found("0::/b\n4:memory:/a\n", MOUNTS, "old /sys/fs/cgroup/memory /a /a");
	assert_found("4:memory_x,name=memory:/a\n0::/b\n", MOUNTS,
		     "new /sys/fs/cgroup/unified /b /b");
}

TEST(highest_group_has_no_folder_of_its_own)
{
	assert_found("0::/\n", MOUNTS, "new /sys/fs/cgroup/unified  /");
}

/* As in a container that has no namespace of groups. */
TEST(what_is_mounted_may_be_a_part_of_the_tree)
{
	const char *mounts = "41 31 0:38 /docker/1a /sys/fs/cgroup ro - cgroup2 cgroup2 rw\n";

	assert_found("0::/docker/1a\n", mounts, "new /sys/fs/cgroup  /docker/1a");
	assert_found("0::/docker/1a/x\n", mounts, "new /sys/fs/cgroup /x /docker/1a/x");
	assert_found("0::/docker/1ab\n", mounts, "none");
	assert_found("0::/\n", mounts, "none");
}

TEST(group_outside_of_what_is_seen_is_not_looked_for)
{
	assert_found("0::/../other\n", MOUNTS, "none");
	assert_found("0::/..\n", MOUNTS, "none");
}

TEST(folder_of_the_mount_is_unescaped)
{
	assert_found("0::/a\\040b\n", "1 2 0:3 / /my\\040group\\134s\\ rw - cgroup2 x rw\n",
		     "new /my group\\s\\ /a\\040b /a\\040b");
}

TEST(what_is_no_such_text_is_none)
{
	static const char *const texts[] = {
		"", "\n", "0:", "0::", "0::a\n", "memory\n", "x::/\n"
	};

	for (size_t i = 0; i < COUNT(texts); i++)
		assert_found(texts[i], MOUNTS, "none");
	assert_found("0::/a\n", "", "none");
	assert_found("0::/a\n", "1 2 3\n\n - cgroup2 x y\n41 31 0:38 / /x rw -\n", "none");
}

/* Reading it */

/* A tree of groups: FOLDER/a/b. */
struct tree {
	struct folder folder;
	struct vm_cgroup cgroup; /* of the lowest */
};

static struct tree tree_make(bool old)
{
	struct tree tree = { .folder = folder_make(), .cgroup.old = old };

	assert_int_equal(mkdirat(tree.folder.fd, "a", 0700), 0);
	assert_int_equal(mkdirat(tree.folder.fd, "a/b", 0700), 0);
	vm_buf_put_text(&tree.cgroup.mount, tree.folder.path);
	vm_buf_put_text(&tree.cgroup.folder, "/a/b");
	vm_buf_put_text(&tree.cgroup.name, "/top/a/b");
	return tree;
}

static void tree_deinit(struct tree *tree)
{
	vm_cgroup_deinit(&tree->cgroup);
	folder_deinit(&tree->folder);
}

/* `NOW of MOST in NAME, FILE`, or the error. */
static void assert_use(const struct tree *tree, enum vm_cgroup_resource resource,
		       const char *wanted)
{
	vm_cleanup(vm_cgroup_use_deinit) struct vm_cgroup_use use = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf line = { 0 };
	int r = vm_cgroup_read(&tree->cgroup, resource, &use);

	if (r == -ENOENT)
		vm_buf_put_text(&line, "none");
	else
		assert_int_equal(r, 0);
	if (r == 0) {
		if (use.has_now)
			vm_buf_put_dec(&line, use.now, 0, ' ');
		vm_buf_put_text(&line, " of ");
		if (!use.unlimited)
			vm_buf_put_dec(&line, use.most, 0, ' ');
		vm_buf_put_text(&line, " in ");
		vm_buf_put_str(&line, vm_buf_str(&use.name));
		vm_buf_put_text(&line, ", ");
		vm_buf_put_text(&line, use.source);
	}
	assert_same(vm_buf_str(&line), vm_str_from(wanted));
}

TEST(limit_of_the_group_itself_is_read)
{
	vm_cleanup(tree_deinit) struct tree tree = tree_make(false);

	folder_write(&tree.folder, "a/b/memory.max", "4096\n");
	folder_write(&tree.folder, "a/b/memory.current", "1024\n");
	folder_write(&tree.folder, "a/b/memory.swap.max", "0\n");
	folder_write(&tree.folder, "a/b/memory.swap.current", "0\n");
	assert_use(&tree, VM_CGROUP_MEMORY, "1024 of 4096 in /top/a/b, memory.max");
	assert_use(&tree, VM_CGROUP_SWAP, "0 of 0 in /top/a/b, memory.swap.max");
}

TEST(group_that_leaves_the_least_room_counts)
{
	vm_cleanup(tree_deinit) struct tree tree = tree_make(false);

	folder_write(&tree.folder, "a/b/memory.max", "4096\n");
	folder_write(&tree.folder, "a/b/memory.current", "1024\n");
	folder_write(&tree.folder, "a/memory.max", "9000\n");
	folder_write(&tree.folder, "a/memory.current", "8000\n");
	folder_write(&tree.folder, "memory.max", "max\n");
	folder_write(&tree.folder, "memory.current", "99999\n");
	assert_use(&tree, VM_CGROUP_MEMORY, "8000 of 9000 in /top/a, memory.max");
	folder_write(&tree.folder, "memory.max", "99000\n");
	assert_use(&tree, VM_CGROUP_MEMORY, "99999 of 99000 in /top, memory.max");
}

TEST(without_a_limit_the_process_s_own_group_is_told)
{
	vm_cleanup(tree_deinit) struct tree tree = tree_make(false);

	folder_write(&tree.folder, "a/memory.max", "max\n");
	folder_write(&tree.folder, "a/memory.current", "8000\n");
	folder_write(&tree.folder, "memory.max", "max\n");
	folder_write(&tree.folder, "memory.current", "99999\n");
	assert_use(&tree, VM_CGROUP_MEMORY, "8000 of  in /top/a, memory.max");
}

TEST(limit_of_a_group_above_holds)
{
	vm_cleanup(tree_deinit) struct tree tree = tree_make(false);

	folder_write(&tree.folder, "a/b/memory.max", "max\n");
	folder_write(&tree.folder, "a/b/memory.current", "10\n");
	folder_write(&tree.folder, "memory.max", "5000\n");
	assert_use(&tree, VM_CGROUP_MEMORY, " of 5000 in /top, memory.max");
}

TEST(version_1_has_other_files_and_no_word_for_unlimited)
{
	vm_cleanup(tree_deinit) struct tree tree = tree_make(true);

	folder_write(&tree.folder, "a/b/memory.limit_in_bytes", "9223372036854771712\n");
	folder_write(&tree.folder, "a/b/memory.usage_in_bytes", "7\n");
	folder_write(&tree.folder, "a/b/memory.memsw.limit_in_bytes", "8192\n");
	folder_write(&tree.folder, "a/b/memory.memsw.usage_in_bytes", "9\n");
	folder_write(&tree.folder, "a/b/memory.max", "1\n");
	assert_use(&tree, VM_CGROUP_MEMORY, "7 of  in /top/a/b, memory.limit_in_bytes");
	assert_use(&tree, VM_CGROUP_SWAP, "9 of 8192 in /top/a/b, memory.memsw.limit_in_bytes");
}

TEST(group_without_the_controller_is_none)
{
	vm_cleanup(tree_deinit) struct tree tree = tree_make(false);

	assert_use(&tree, VM_CGROUP_MEMORY, "none");
	assert_use(&tree, VM_CGROUP_SWAP, "none");
}

TEST(group_that_is_gone_leaves_those_above)
{
	vm_cleanup(tree_deinit) struct tree tree = tree_make(false);

	vm_buf_put_text(&tree.cgroup.folder, "/c (deleted)");
	vm_buf_put_text(&tree.cgroup.name, "/c (deleted)");
	folder_write(&tree.folder, "a/b/memory.max", "4096\n");
	assert_use(&tree, VM_CGROUP_MEMORY, " of 4096 in /top/a/b, memory.max");
}

TEST(what_is_no_number_is_an_error)
{
	vm_cleanup(tree_deinit) struct tree tree = tree_make(false);
	vm_cleanup(vm_cgroup_use_deinit) struct vm_cgroup_use use = { 0 };

	folder_write(&tree.folder, "a/b/memory.max", "much\n");
	assert_int_equal(vm_cgroup_read(&tree.cgroup, VM_CGROUP_MEMORY, &use), -EBADMSG);
}

TEST(saved_group_tells_its_version_by_its_files)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	vm_cleanup(vm_cgroup_use_deinit) struct vm_cgroup_use use = { 0 };
	bool old;

	assert_int_equal(vm_source_open_saved(folder.path, &source), 0);
	assert_int_equal(vm_cgroup_read_saved(&source, VM_CGROUP_MEMORY, &old, &use), -ENOENT);
	folder_write(&folder, "memory.limit_in_bytes", "4096\n");
	assert_int_equal(vm_cgroup_read_saved(&source, VM_CGROUP_MEMORY, &old, &use), 0);
	assert_true(old);
	assert_int_equal(use.most, 4096);
	folder_write(&folder, "memory.max", "8192\n");
	assert_int_equal(vm_cgroup_read_saved(&source, VM_CGROUP_MEMORY, &old, &use), 0);
	assert_false(old);
	assert_int_equal(use.most, 8192);
	assert_false(use.has_now);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(group_of_version_2_is_found),
		cmocka_unit_test(memory_controller_of_version_1_goes_first),
		cmocka_unit_test(highest_group_has_no_folder_of_its_own),
		cmocka_unit_test(what_is_mounted_may_be_a_part_of_the_tree),
		cmocka_unit_test(group_outside_of_what_is_seen_is_not_looked_for),
		cmocka_unit_test(folder_of_the_mount_is_unescaped),
		cmocka_unit_test(what_is_no_such_text_is_none),
		cmocka_unit_test(limit_of_the_group_itself_is_read),
		cmocka_unit_test(group_that_leaves_the_least_room_counts),
		cmocka_unit_test(without_a_limit_the_process_s_own_group_is_told),
		cmocka_unit_test(limit_of_a_group_above_holds),
		cmocka_unit_test(version_1_has_other_files_and_no_word_for_unlimited),
		cmocka_unit_test(group_without_the_controller_is_none),
		cmocka_unit_test(group_that_is_gone_leaves_those_above),
		cmocka_unit_test(what_is_no_number_is_an_error),
		cmocka_unit_test(saved_group_tells_its_version_by_its_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

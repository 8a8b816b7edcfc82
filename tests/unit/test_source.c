#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vmview/source.h"

/* Opening */

TEST(process_is_opened_by_its_number)
{
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };

	assert_int_equal(vm_source_open_process(getpid(), &source), 0);
	assert_int_equal(source.type, VM_SOURCE_LIVE);
	assert_int_equal(source.pid, getpid());
}

TEST(process_that_does_not_exist_is_told)
{
	struct vm_source source = { .pid = 7 };

	assert_int_equal(vm_source_open_process(INT_MAX, &source), -ESRCH);
	assert_int_equal(source.type, VM_SOURCE_NONE);
	assert_int_equal(source.pid, 7);
}

static void check_open(const char *path, int result, enum vm_source_type type)
{
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };

	assert_row(vm_source_open_saved(path, &source) == result, path);
	assert_row(source.type == type, path);
}

TEST(folders_and_files_are_captures)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	vm_cleanup(text_free) char *file = folder_join(&folder, "file");

	folder_write(&folder, "file", "");
	check_open(folder.path, 0, VM_SOURCE_FOLDER);
	check_open(file, 0, VM_SOURCE_FILE);
}

TEST(capture_may_be_named_by_a_link)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	vm_cleanup(text_free) char *link = folder_join(&folder, "link");

	folder_write(&folder, "file", "");
	assert_int_equal(symlinkat("file", folder.fd, "link"), 0);
	check_open(link, 0, VM_SOURCE_FILE);
}

TEST(pipe_is_a_capture)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	vm_cleanup(text_free) char *fifo = folder_join(&folder, "fifo");
	int fd;

	assert_int_equal(mkfifo(fifo, 0600), 0);
	fd = open(fifo, O_RDWR | O_CLOEXEC);
	check_open(fifo, 0, VM_SOURCE_FILE);
	close(fd);
}

TEST(devices_are_refused)
{
	check_open("/dev/null", -EINVAL, VM_SOURCE_NONE);
	check_open("/dev/zero", -EINVAL, VM_SOURCE_NONE);
}

TEST(capture_that_does_not_exist_is_told)
{
	check_open("/nonexistent/capture", -ENOENT, VM_SOURCE_NONE);
	check_open("", -ENOENT, VM_SOURCE_NONE);
}

/* What "-" gives when @fd is standard input. */
static int open_input(int fd, enum vm_source_type *type)
{
	struct vm_source source = { 0 };
	int before = dup(STDIN_FILENO), r;

	assert_true(dup2(fd, STDIN_FILENO) == STDIN_FILENO);
	r = vm_source_open_saved("-", &source);
	*type = source.type;
	vm_source_close(&source);
	if (before >= 0) {
		dup2(before, STDIN_FILENO);
		close(before);
	}
	return r;
}

TEST(dash_is_standard_input)
{
	enum vm_source_type type;
	int ends[2], null = open("/dev/null", O_RDONLY | O_CLOEXEC), sockets[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
	assert_int_equal(open_input(ends[0], &type), 0);
	assert_int_equal(type, VM_SOURCE_FILE);
	assert_int_equal(open_input(null, &type), -EINVAL);
	assert_int_equal(open_input(sockets[0], &type), -EINVAL);
	close(ends[0]), close(ends[1]), close(sockets[0]), close(sockets[1]), close(null);
}

TEST(source_can_be_closed_twice)
{
	struct vm_source source = { 0 };
	int fd;

	vm_source_close(&source);
	assert_int_equal(vm_source_open_process(getpid(), &source), 0);
	fd = source.fd;
	vm_source_close(&source);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	vm_source_close(&source);
	assert_int_equal(source.type, VM_SOURCE_NONE);
}

TEST(copy_of_a_source_is_closed_on_its_own)
{
	vm_cleanup(vm_source_close) struct vm_source copy = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	struct vm_source source;

	assert_int_equal(vm_source_copy(&(struct vm_source){ .fd = -1 }, &copy), -EBADF);
	assert_int_equal(vm_source_open_process(getpid(), &source), 0);
	assert_int_equal(vm_source_copy(&source, &copy), 0);
	assert_int_equal(copy.pid, source.pid);
	vm_source_close(&source);
	assert_int_equal(vm_source_read_entry(&copy, "stat", 1000, &text), 0);
}

/* Entries */

static int open_entry(const struct folder *folder, const char *name)
{
	const struct vm_source source = { .type = VM_SOURCE_FOLDER, .fd = folder->fd };
	int fd = vm_source_open_entry(&source, name);

	if (fd >= 0)
		close(fd);
	return fd < 0 ? fd : 0;
}

TEST(regular_file_of_a_saved_folder_is_opened)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();

	folder_write(&folder, "maps", "");
	assert_int_equal(open_entry(&folder, "maps"), 0);
	assert_int_equal(open_entry(&folder, "smaps"), -ENOENT);
}

TEST(link_in_a_saved_folder_is_refused)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();

	folder_write(&folder, "file", "");
	assert_int_equal(symlinkat("file", folder.fd, "maps"), 0);
	assert_int_equal(open_entry(&folder, "maps"), -ELOOP);
}

TEST(fifo_in_a_saved_folder_is_refused_without_waiting)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();

	assert_int_equal(mkfifoat(folder.fd, "maps", 0600), 0);
	assert_int_equal(open_entry(&folder, "maps"), -EINVAL);
}

TEST(folder_in_a_saved_folder_is_refused)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();

	assert_int_equal(mkdirat(folder.fd, "maps", 0700), 0);
	assert_int_equal(open_entry(&folder, "maps"), -EINVAL);
}

/* Only some users may make a device; where it is not allowed there is nothing to refuse. */
TEST(device_in_a_saved_folder_is_refused)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	int r;

	if (mknodat(folder.fd, "maps", S_IFCHR | 0600, makedev(1, 5)) < 0)
		return;
	r = open_entry(&folder, "maps");
	assert_true(r == -EINVAL || r == -EACCES);
}

TEST(saved_file_has_no_entries)
{
	const struct vm_source source = { .type = VM_SOURCE_FILE, .fd = STDIN_FILENO };

	assert_int_equal(vm_source_open_entry(&source, "maps"), -ENOENT);
}

static void check_read(const char *name, size_t limit, const char *wanted)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	const struct vm_source source = { .type = VM_SOURCE_FOLDER, .fd = folder.fd };

	folder_write(&folder, name, "0123456789");
	vm_buf_put_text(&text, "what was there before");
	assert_int_equal(vm_source_read_entry(&source, name, limit, &text), 0);
	assert_same(vm_buf_str(&text), vm_str_from(wanted));
}

TEST(entry_is_read_up_to_the_limit)
{
	check_read("stat", 100, "0123456789");
	check_read("stat", 10, "0123456789");
	check_read("stat", 4, "0123");
	check_read("stat", 0, "");
}

TEST(entry_that_is_missing_cannot_be_read)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	const struct vm_source source = { .type = VM_SOURCE_FOLDER, .fd = folder.fd };

	assert_int_equal(vm_source_read_entry(&source, "stat", 100, &text), -ENOENT);
}

TEST(read_of_what_cannot_be_read_is_an_error)
{
	char room[4];

	assert_int_equal(vm_read(-1, room, sizeof(room)), -EBADF);
}

TEST(entries_of_a_process_that_ended_are_gone)
{
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	pid_t child = fork();
	int fd;

	if (child == 0)
		for (;;)
			pause();
	assert_true(child > 0);
	assert_int_equal(vm_source_open_process(child, &source), 0);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
	fd = vm_source_open_entry(&source, "stat");
	assert_true(fd == -ESRCH || fd == -ENOENT);
}

/* Tasks */

static int look_for(pid_t pid, void *user)
{
	return pid == *(pid_t *)user ? 1234 : 0;
}

TEST(tasks_of_a_process_are_walked_until_told_to_stop)
{
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	pid_t self = getpid(), nobody = INT_MAX;

	assert_int_equal(vm_source_open_process(self, &source), 0);
	assert_int_equal(vm_source_each_task(&source, look_for, &self), 1234);
	assert_int_equal(vm_source_each_task(&source, look_for, &nobody), 0);
}

TEST(processes_are_walked_where_no_source_is_given)
{
	pid_t self = getpid();

	assert_int_equal(vm_source_each_task(NULL, look_for, &self), 1234);
}

TEST(only_numbers_are_tasks)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	const struct vm_source source = { .type = VM_SOURCE_FOLDER, .fd = folder.fd };
	static const char *const names[] = { "task/12x", "task/x", "task/-5", "task/99999999999" };
	pid_t nobody = INT_MAX;

	assert_int_equal(vm_source_each_task(&source, look_for, &nobody), -ENOENT);
	assert_int_equal(mkdirat(folder.fd, "task", 0700), 0);
	for (size_t i = 0; i < COUNT(names); i++)
		folder_write(&folder, names[i], "");
	for (pid_t wrong = -20; wrong < 20; wrong++)
		assert_int_equal(vm_source_each_task(&source, look_for, &wrong), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(process_is_opened_by_its_number),
		cmocka_unit_test(process_that_does_not_exist_is_told),
		cmocka_unit_test(folders_and_files_are_captures),
		cmocka_unit_test(capture_may_be_named_by_a_link),
		cmocka_unit_test(pipe_is_a_capture),
		cmocka_unit_test(devices_are_refused),
		cmocka_unit_test(capture_that_does_not_exist_is_told),
		cmocka_unit_test(dash_is_standard_input),
		cmocka_unit_test(source_can_be_closed_twice),
		cmocka_unit_test(copy_of_a_source_is_closed_on_its_own),
		cmocka_unit_test(regular_file_of_a_saved_folder_is_opened),
		cmocka_unit_test(link_in_a_saved_folder_is_refused),
		cmocka_unit_test(fifo_in_a_saved_folder_is_refused_without_waiting),
		cmocka_unit_test(folder_in_a_saved_folder_is_refused),
		cmocka_unit_test(device_in_a_saved_folder_is_refused),
		cmocka_unit_test(saved_file_has_no_entries),
		cmocka_unit_test(entry_is_read_up_to_the_limit),
		cmocka_unit_test(entry_that_is_missing_cannot_be_read),
		cmocka_unit_test(read_of_what_cannot_be_read_is_an_error),
		cmocka_unit_test(entries_of_a_process_that_ended_are_gone),
		cmocka_unit_test(tasks_of_a_process_are_walked_until_told_to_stop),
		cmocka_unit_test(processes_are_walked_where_no_source_is_given),
		cmocka_unit_test(only_numbers_are_tasks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

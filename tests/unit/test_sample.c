#include "sample_support.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vmview/stat.h"

static const struct vm_mapping *find(const struct sample *sample, const void *address)
{
	for (size_t i = 0; i < sample->snapshot.count; i++) {
		const struct vm_mapping *m = &sample->snapshot.mappings[i];

		if ((uintptr_t)address >= m->start && (uintptr_t)address < m->end)
			return m;
	}
	return NULL;
}

/* A live process */

TEST(own_mappings_are_sorted_disjoint_and_have_numbers)
{
	vm_cleanup(sample_deinit) struct sample sample = sample_process(getpid(), VM_DETAIL_SMAPS);

	assert_int_equal(sample.result, 0);
	assert_true(sample.snapshot.count > 5);
	assert_string_equal(sample.report.entry, "smaps");
	assert_false(sample.report.ended);
	for (size_t i = 0; i < sample.snapshot.count; i++) {
		const struct vm_mapping *m = &sample.snapshot.mappings[i];

		assert_true(i == 0 || m[-1].end <= m->start);
		assert_true(vm_usage_has(&m->usage, VM_FIELD_RSS));
	}
}

TEST(own_code_variables_and_stack_are_recognised)
{
	static int variable = 1;
	vm_cleanup(sample_deinit) struct sample sample = sample_process(getpid(), VM_DETAIL_MAPS);

	assert_string_equal(sample.report.entry, "maps");
	assert_int_equal(find(&sample, (void *)(uintptr_t)sample_process)->kind, VM_KIND_CODE);
	assert_int_equal(find(&sample, &variable)->kind, VM_KIND_DATA);
	assert_int_equal(find(&sample, __builtin_frame_address(0))->kind, VM_KIND_STACK);
	assert_int_equal(find(&sample, &variable)->usage.present, 0);
}

TEST(own_facts_are_known)
{
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	vm_cleanup(vm_process_deinit) struct vm_process process = { 0 };
	char name[16];

	assert_int_equal(vm_source_open_process(getpid(), &source), 0);
	assert_int_equal(vm_sample_process(&source, &process), 0);
	assert_true(process.has_stat);
	assert_int_equal(process.pid, getpid());
	assert_int_equal(process.tgid, getpid());
	assert_int_equal(process.parent, getppid());
	assert_int_equal(process.state, 'R');
	assert_true(process.has_uid);
	assert_int_equal(process.uid, geteuid());
	assert_int_equal(prctl(PR_GET_NAME, name), 0);
	assert_same(vm_buf_str(&process.comm), vm_str_from(name));
	assert_true(process.cmdline.len > 0);
}

/* A child that waits for its end. */
static pid_t start_child(void)
{
	pid_t child = fork();

	if (child == 0)
		for (;;)
			pause();
	assert_true(child > 0);
	return child;
}

static void end_child(pid_t child)
{
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

TEST(process_that_ended_before_is_told)
{
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	vm_cleanup(vm_process_deinit) struct vm_process process = { 0 };
	struct vm_report report;
	pid_t child = start_child();

	assert_int_equal(vm_source_open_process(child, &source), 0);
	end_child(child);
	assert_int_equal(vm_sample_process(&source, &process), -ESRCH);
	assert_true(vm_sample_stream(&source, VM_DETAIL_MAPS, ignore_mapping, NULL, &report) < 0);
}

static int kill_once(const struct vm_mapping *mapping, void *user)
{
	pid_t *child = user;

	(void)mapping;
	if (*child)
		end_child(*child);
	*child = 0;
	return 0;
}

TEST(process_that_ends_meanwhile_is_no_failure_but_told)
{
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	struct vm_report report;
	pid_t child = start_child();

	assert_int_equal(vm_source_open_process(child, &source), 0);
	assert_int_equal(vm_sample_stream(&source, VM_DETAIL_MAPS, kill_once, &child, &report), 0);
	assert_true(report.ended);
	assert_true(report.mappings > 0);
}

TEST(zombie_has_no_mappings_and_its_state)
{
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	vm_cleanup(vm_process_deinit) struct vm_process process = { 0 };
	pid_t child = start_child();
	siginfo_t info;

	assert_int_equal(vm_source_open_process(child, &source), 0);
	kill(child, SIGKILL);
	assert_int_equal(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
	vm_cleanup(sample_deinit) struct sample sample = sample_source(&source, VM_DETAIL_SMAPS);
	assert_int_equal(sample.snapshot.count, 0);
	assert_true(sample.result == 0 || sample.result == -ESRCH);
	assert_int_equal(vm_sample_process(&source, &process), 0);
	assert_true(vm_process_is_zombie(&process));
	end_child(child);
}

/* Deletion */

/* A shared mapping of a new file of this name in the folder. */
static void *map_file(const struct folder *folder, const char *name)
{
	int fd = openat(folder->fd, name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	void *p;

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, 4096), 0);
	p = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	assert_true(p != MAP_FAILED);
	close(fd);
	return p;
}

/* Unmaps it again. */
static bool is_told_deleted(void *p)
{
	vm_cleanup(sample_deinit) struct sample sample = sample_process(getpid(), VM_DETAIL_MAPS);
	const struct vm_mapping *m = find(&sample, p);

	munmap(p, 4096);
	return m && m->deleted;
}

TEST(file_that_was_unlinked_is_deleted)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	void *p = map_file(&folder, "x");

	assert_int_equal(unlinkat(folder.fd, "x", 0), 0);
	assert_true(is_told_deleted(p));
}

TEST(file_that_has_its_link_is_not_deleted)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();

	assert_false(is_told_deleted(map_file(&folder, "x")));
}

/* Root asks map_files, which it may not do in some containers: there it must believe the name. */
static bool may_ask(const void *p)
{
	char path[80];

	snprintf(path, sizeof(path), "/proc/self/map_files/%" PRIxPTR "-%" PRIxPTR, (uintptr_t)p,
		 (uintptr_t)p + (uintptr_t)sysconf(_SC_PAGESIZE));
	return geteuid() != 0 || access(path, F_OK) == 0;
}

TEST(file_that_is_really_called_deleted_is_not)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	void *p = map_file(&folder, "x (deleted)");
	bool asked = may_ask(p);

	assert_int_equal(is_told_deleted(p), !asked);
}

TEST(file_that_is_really_called_deleted_and_was_unlinked_is)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	void *p = map_file(&folder, "x (deleted)");

	assert_int_equal(unlinkat(folder.fd, "x (deleted)", 0), 0);
	assert_true(is_told_deleted(p));
}

TEST(other_file_of_the_name_with_the_remark_changes_nothing)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	void *p = map_file(&folder, "x");

	folder_write(&folder, "x (deleted)", "");
	assert_int_equal(unlinkat(folder.fd, "x", 0), 0);
	assert_true(is_told_deleted(p));
}

/* In a child that is an ordinary user from here on; there the file system is asked by name. */
static bool is_told_deleted_to_nobody(void *p)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		if (geteuid() == 0 &&
		    (setresgid(65534, 65534, 65534) < 0 || setresuid(65534, 65534, 65534) < 0))
			_exit(2);
		prctl(PR_SET_DUMPABLE, 1);
		_exit(is_told_deleted(p));
	}
	munmap(p, 4096);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
	return WEXITSTATUS(status);
}

TEST(ordinary_user_is_told_the_same)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	void *gone = map_file(&folder, "x"), *there = map_file(&folder, "y (deleted)");

	assert_int_equal(fchmod(folder.fd, 0755), 0);
	assert_int_equal(unlinkat(folder.fd, "x", 0), 0);
	assert_true(is_told_deleted_to_nobody(gone));
	assert_false(is_told_deleted_to_nobody(there));
}

TEST(shared_memory_objects_are_not_deleted_files)
{
	int fd = memfd_create("x", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, 4096), 0);
	assert_false(is_told_deleted(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0)));
	assert_false(
		is_told_deleted(mmap(NULL, 4096, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0)));
	close(fd);
}

TEST(anonymous_memory_is_told_apart)
{
	int fd = memfd_create("x", MFD_CLOEXEC), zero = open("/dev/zero", O_RDWR | O_CLOEXEC);
	static const struct {
		int protection, flags;
		enum vm_kind kind;
	} rows[] = {
		{ PROT_READ, MAP_SHARED, VM_KIND_MEMFD },
		{ PROT_READ, MAP_SHARED | MAP_ANONYMOUS, VM_KIND_SHARED_ANON },
		{ PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, VM_KIND_ANON },
		{ PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, VM_KIND_RESERVED },
	};
	void *p[COUNT(rows)], *z = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, zero, 0);

	assert_int_equal(ftruncate(fd, 4096), 0);
	for (size_t i = 0; i < COUNT(rows); i++)
		p[i] = mmap(NULL, 4096, rows[i].protection, rows[i].flags, i ? -1 : fd, 0);
	vm_cleanup(sample_deinit) struct sample sample = sample_process(getpid(), VM_DETAIL_MAPS);
	assert_int_equal(find(&sample, z)->kind, VM_KIND_ANON);
	munmap(z, 4096);
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(find(&sample, p[i])->kind, rows[i].kind);
		assert_int_equal(find(&sample, p[i])->backing, VM_BACKING_ANONYMOUS);
		munmap(p[i], 4096);
	}
	close(fd), close(zero);
}

/* Threads */

struct blocked {
	atomic_int tid;
	int fd; /* to read from */
};

static void *block(void *user)
{
	struct blocked *blocked = user;
	char c;

	atomic_store(&blocked->tid, gettid());
	return vm_read(blocked->fd, &c, 1) < 0 ? user : NULL;
}

static void await_block(struct blocked *blocked)
{
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	char name[64];
	uint64_t pointer;

	while (!atomic_load(&blocked->tid))
		sched_yield();
	snprintf(name, sizeof(name), "task/%d/syscall", atomic_load(&blocked->tid));
	assert_int_equal(vm_source_open_process(getpid(), &source), 0);
	do
		assert_int_equal(vm_source_read_entry(&source, name, 1000, &text), 0);
	while (!vm_syscall_parse(vm_buf_str(&text), &pointer));
}

static void *stack_of(pthread_t thread)
{
	pthread_attr_t attributes;
	void *lowest;
	size_t size;

	assert_int_equal(pthread_getattr_np(thread, &attributes), 0);
	assert_int_equal(pthread_attr_getstack(&attributes, &lowest, &size), 0);
	pthread_attr_destroy(&attributes);
	return (char *)lowest + size - 1;
}

TEST(stack_of_a_blocked_thread_is_found_by_its_stack_pointer)
{
	struct blocked blocked = { 0 };
	pthread_t thread;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	blocked.fd = ends[0];
	assert_int_equal(pthread_create(&thread, NULL, block, &blocked), 0);
	await_block(&blocked);
	vm_cleanup(sample_deinit) struct sample sample = sample_process(getpid(), VM_DETAIL_MAPS);
	const struct vm_mapping *m = find(&sample, stack_of(thread));
	assert_int_equal(m->kind, VM_KIND_STACK);
	close(ends[1]);
	pthread_join(thread, NULL);
	close(ends[0]);
}

/* A sanitizer maps memory while a thread begins. */
static void *stay(void *begun)
{
	atomic_store((atomic_bool *)begun, true);
	for (;;)
		pause();
	return NULL;
}

/* A child of which only another thread is left. */
static pid_t start_headless_child(struct vm_source *source)
{
	pid_t child = fork();
	bool ended = false;

	if (child == 0) {
		static atomic_bool begun;
		pthread_t thread;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (pthread_create(&thread, NULL, stay, &begun) != 0)
			_exit(1);
		while (!atomic_load(&begun))
			sched_yield();
		syscall(SYS_exit, 0);
	}
	assert_true(child > 0);
	assert_int_equal(vm_source_open_process(child, source), 0);
	while (!ended) {
		vm_cleanup(vm_process_deinit) struct vm_process process = { 0 };

		assert_int_equal(vm_sample_process(source, &process), 0);
		ended = vm_process_is_zombie(&process);
		sched_yield();
	}
	return child;
}

TEST(memory_of_a_process_whose_main_thread_ended_is_read_through_another)
{
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	pid_t child = start_headless_child(&source);
	vm_cleanup(sample_deinit) struct sample own = sample_process(getpid(), VM_DETAIL_MAPS);
	vm_cleanup(sample_deinit) struct sample maps = sample_source(&source, VM_DETAIL_MAPS);
	vm_cleanup(sample_deinit) struct sample smaps = sample_source(&source, VM_DETAIL_SMAPS);

	assert_int_equal(smaps.result, 0);
	assert_true(smaps.report.thread > 0 && smaps.report.thread != child);
	assert_false(smaps.report.ended);
	assert_true(vm_usage_has(&smaps.snapshot.mappings[0].usage, VM_FIELD_RSS));
	assert_int_equal(maps.snapshot.count, smaps.snapshot.count);
	assert_non_null(find(&maps, (void *)(uintptr_t)sample_process));
	assert_int_equal(own.report.thread, 0);
	end_child(child);
}

TEST(pmap_sees_nothing_of_a_process_whose_main_thread_ended)
{
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	pid_t child = start_headless_child(&source);
	struct vm_report report;

	assert_int_equal(vm_sample_stream(&source, VM_DETAIL_MAPS, ignore_mapping, NULL, &report),
			 0);
	assert_int_equal(report.mappings, 0);
	assert_true(vm_sample_lives(&source));
	end_child(child);
	assert_false(vm_sample_lives(&source));
}

TEST(memory_and_arguments_are_known_though_the_main_thread_ended)
{
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	vm_cleanup(vm_process_deinit) struct vm_process bare = { 0 };
	vm_cleanup(vm_process_deinit) struct vm_process whole = { 0 };
	pid_t child = start_headless_child(&source);

	assert_int_equal(vm_sample_process(&source, &bare), 0);
	assert_false(bare.has_memory);
	assert_int_equal(bare.cmdline.len, 0);
	assert_int_equal(vm_sample_whole_process(&source, &whole), 0);
	assert_int_equal(whole.state, 'Z');
	assert_int_equal(whole.pid, child);
	assert_true(whole.has_memory && whole.vm_rss > 0);
	assert_true(whole.cmdline.len > 0);
	end_child(child);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_mappings_are_sorted_disjoint_and_have_numbers),
		cmocka_unit_test(own_code_variables_and_stack_are_recognised),
		cmocka_unit_test(own_facts_are_known),
		cmocka_unit_test(process_that_ended_before_is_told),
		cmocka_unit_test(process_that_ends_meanwhile_is_no_failure_but_told),
		cmocka_unit_test(zombie_has_no_mappings_and_its_state),
		cmocka_unit_test(file_that_was_unlinked_is_deleted),
		cmocka_unit_test(file_that_has_its_link_is_not_deleted),
		cmocka_unit_test(file_that_is_really_called_deleted_is_not),
		cmocka_unit_test(file_that_is_really_called_deleted_and_was_unlinked_is),
		cmocka_unit_test(other_file_of_the_name_with_the_remark_changes_nothing),
		cmocka_unit_test(ordinary_user_is_told_the_same),
		cmocka_unit_test(shared_memory_objects_are_not_deleted_files),
		cmocka_unit_test(anonymous_memory_is_told_apart),
		cmocka_unit_test(stack_of_a_blocked_thread_is_found_by_its_stack_pointer),
		cmocka_unit_test(
			memory_of_a_process_whose_main_thread_ended_is_read_through_another),
		cmocka_unit_test(pmap_sees_nothing_of_a_process_whose_main_thread_ended),
		cmocka_unit_test(memory_and_arguments_are_known_though_the_main_thread_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

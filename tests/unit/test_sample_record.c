/*
 * A process that is recorded, and what its frames tell later.
 */
#include "sample_support.h"
#include "session_support.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vmview/limits.h"
#include "vmview/stat.h"
#include "vmview/totals.h"

static struct vm_source live(pid_t pid)
{
	struct vm_source source = { 0 };

	assert_int_equal(vm_source_open_process(pid, &source), 0);
	return source;
}

/* A saved folder, read as if it was that of a live process: one that stands still. */
static struct vm_source as_live(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_true(fd >= 0);
	return (struct vm_source){ .type = VM_SOURCE_LIVE, .fd = fd, .pid = 7 };
}

/* A child that does not outlive the test. */
static pid_t start_child(void)
{
	pid_t child = fork();

	if (child == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		_exit(1);
	assert_true(child >= 0);
	return child;
}

static void end_child(pid_t child)
{
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

/* The same as it was */

static void assert_same_text(const struct vm_buf *a, const struct vm_buf *b)
{
	assert_same(vm_buf_str(a), vm_buf_str(b));
}

static void assert_same_process(const struct vm_source *a, const struct vm_source *b)
{
	vm_cleanup(vm_process_deinit) struct vm_process x = { 0 };
	vm_cleanup(vm_process_deinit) struct vm_process y = { 0 };

	assert_int_equal(vm_sample_whole_process(a, &x), 0);
	assert_int_equal(vm_sample_whole_process(b, &y), 0);
	assert_true(x.has_stat && y.has_stat);
	assert_int_equal(x.pid, y.pid);
	assert_int_equal(x.tgid, y.tgid);
	assert_int_equal(x.parent, y.parent);
	assert_int_equal(x.state, y.state);
	assert_int_equal(x.start_time, y.start_time);
	assert_int_equal(x.start_stack, y.start_stack);
	assert_int_equal(x.uid, y.uid);
	assert_int_equal(x.threads, y.threads);
	assert_int_equal(x.vm_size, y.vm_size);
	assert_same_text(&x.comm, &y.comm);
	assert_same_text(&x.cmdline, &y.cmdline);
}

static void assert_same_snapshot(const struct vm_snapshot *a, const struct vm_snapshot *b)
{
	assert_int_equal(a->count, b->count);
	for (size_t i = 0; i < a->count; i++) {
		assert_same_mapping(&a->mappings[i], &b->mappings[i]);
		assert_int_equal(a->mappings[i].kind, b->mappings[i].kind);
		assert_int_equal(a->mappings[i].backing, b->mappings[i].backing);
		assert_int_equal(a->mappings[i].deleted, b->mappings[i].deleted);
	}
}

static void assert_same_sample(const struct vm_source *a, const struct vm_source *b,
			       enum vm_detail detail)
{
	vm_cleanup(sample_deinit) struct sample x = sample_source(a, detail);
	vm_cleanup(sample_deinit) struct sample y = sample_source(b, detail);

	assert_int_equal(x.result, y.result);
	assert_int_equal(x.report.dropped, y.report.dropped);
	assert_int_equal(x.report.thread, y.report.thread);
	assert_int_equal(x.report.ended, y.report.ended);
	assert_same_snapshot(&x.snapshot, &y.snapshot);
}

static void *stay(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void map_file(const struct folder *folder, const char *name, bool keep)
{
	int fd = openat(folder->fd, name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || ftruncate(fd, 4096) < 0 ||
	    mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED)
		_exit(1);
	close(fd);
	if (!keep)
		unlinkat(folder->fd, name, 0);
}

/* Whether all threads have come to rest, so that their stack pointers show. */
static int is_blocked(pid_t tid, void *user)
{
	const struct vm_source *const *source = user;
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	uint64_t pointer;
	char name[40];

	snprintf(name, sizeof(name), "task/%d/syscall", (int)tid);
	return vm_source_read_entry(*source, name, 1000, &text) < 0 ||
	       !vm_syscall_parse(vm_buf_str(&text), &pointer);
}

static int count_task(pid_t tid, void *user)
{
	(void)tid;
	++*(int *)user;
	return 0;
}

/* Until the process has so many threads, and all of them rest. */
static void await_rest(const struct vm_source *source, int threads)
{
	int tasks = 0;

	while (tasks < threads || vm_source_each_task(source, is_blocked, &source)) {
		tasks = 0;
		assert_int_equal(vm_source_each_task(source, count_task, &tasks), 0);
		sched_yield();
	}
}

/* With two threads, a file that is deleted, and one that is only called so. */
static pid_t start_resting_child(const struct folder *folder)
{
	pid_t child = start_child();
	struct vm_source source;

	if (child == 0) {
		pthread_t thread;

		map_file(folder, "x", false);
		map_file(folder, "y (deleted)", true);
		if (pthread_create(&thread, NULL, stay, NULL) == 0)
			stay(NULL);
		_exit(1);
	}
	source = live(child);
	await_rest(&source, 2);
	vm_source_close(&source);
	return child;
}

static size_t count_kind(const struct vm_snapshot *snapshot, enum vm_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < snapshot->count; i++)
		count += snapshot->mappings[i].kind == kind;
	return count;
}

static size_t count_deleted(const struct vm_snapshot *snapshot)
{
	size_t count = 0;

	for (size_t i = 0; i < snapshot->count; i++)
		count += snapshot->mappings[i].deleted;
	return count;
}

TEST(process_is_told_as_it_was)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	pid_t child = start_resting_child(&folder);
	vm_cleanup(session_deinit) struct session session = session_begin(live(child));

	assert_int_equal(session_record(&session, VM_DETAIL_MAPS), 0);
	assert_int_equal(session.frame.pid, child);
	assert_int_equal(session.frame.text_error, 0);
	assert_same_process(session_replay(&session), &session.source);
	assert_same_sample(&session.replay, &session.source, VM_DETAIL_MAPS);
	end_child(child);
	/* Of the main thread and of the other. */
	vm_cleanup(sample_deinit) struct sample sample =
		sample_source(&session.replay, VM_DETAIL_MAPS);
	assert_true(count_kind(&sample.snapshot, VM_KIND_STACK) >= 2);
	assert_true(count_deleted(&sample.snapshot) >= 1);
}

TEST(frame_of_maps_is_given_where_smaps_is_asked_for_and_the_other_way_round)
{
	vm_cleanup(session_deinit) struct session session = session_begin(live(getpid()));

	assert_int_equal(session_record(&session, VM_DETAIL_MAPS), 0);
	vm_cleanup(sample_deinit) struct sample maps =
		sample_source(session_replay(&session), VM_DETAIL_SMAPS);
	assert_int_equal(maps.result, 0);
	assert_string_equal(maps.report.entry, "maps");
	assert_int_equal(maps.snapshot.count, session.frame.mappings);
	assert_int_equal(session_record(&session, VM_DETAIL_SMAPS), 0);
	vm_cleanup(sample_deinit) struct sample smaps =
		sample_source(session_replay(&session), VM_DETAIL_MAPS);
	assert_int_equal(smaps.result, 0);
	assert_string_equal(smaps.report.entry, "smaps");
	assert_true(vm_usage_has(&smaps.snapshot.mappings[0].usage, VM_FIELD_RSS));
}

TEST(sums_are_told_without_unpacking)
{
	vm_cleanup(session_deinit) struct session session = session_begin(live(getpid()));
	struct vm_totals totals = { 0 };

	assert_int_equal(session_record(&session, VM_DETAIL_SMAPS), 0);
	vm_cleanup(sample_deinit) struct sample sample =
		sample_source(session_replay(&session), VM_DETAIL_SMAPS);
	for (size_t i = 0; i < sample.snapshot.count; i++)
		vm_totals_add(&totals, &sample.snapshot.mappings[i]);
	const struct vm_frame *frame = &session.recording.frames[0];
	assert_true(frame->is_smaps && frame->has_rss && frame->has_pss);
	assert_int_equal(frame->mappings, totals.count);
	assert_int_equal(frame->size, totals.size);
	assert_int_equal(frame->rss, totals.sums[VM_FIELD_RSS]);
	assert_int_equal(frame->pss, totals.sums[VM_FIELD_PSS]);
	assert_int_equal(frame->swap, totals.sums[VM_FIELD_SWAP]);
	assert_true(frame->rss > 0);
}

/* What stands still: saved folders */

static void check_fixture(const char *name)
{
	char path[200], *at;
	vm_cleanup(vm_buf_deinit) struct vm_buf saved = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf recorded = { 0 };

	snprintf(path, sizeof(path), FIXTURES "/%s/smaps", name);
	read_file(path, &saved);
	at = strrchr(path, '/');
	*at = '\0';
	vm_cleanup(session_deinit) struct session session = session_begin(as_live(path));
	assert_row(session_record(&session, VM_DETAIL_SMAPS) == 0, name);
	assert_same_sample(session_replay(&session), &session.source, VM_DETAIL_SMAPS);
	assert_same_process(&session.replay, &session.source);
	assert_int_equal(vm_source_read_entry(&session.replay, "smaps", SIZE_MAX, &recorded), 0);
	assert_same_text(&recorded, &saved);
}

TEST(text_is_recorded_byte_for_byte)
{
	check_fixture("sleep");
	check_fixture("kinds");
	check_fixture("kernel-2.6.16");
}

TEST(kernel_thread_has_a_frame_without_mappings)
{
	vm_cleanup(session_deinit) struct session session =
		session_begin(as_live(FIXTURES "/kernel-thread"));

	assert_int_equal(session_record(&session, VM_DETAIL_MAPS), 0);
	assert_int_equal(session.frame.mappings, 0);
	assert_false(session.frame.has_rss);
	vm_cleanup(sample_deinit) struct sample sample =
		sample_source(session_replay(&session), VM_DETAIL_MAPS);
	assert_int_equal(sample.result, 0);
	assert_int_equal(sample.snapshot.count, 0);
}

static const char living[] =
	"7 (x) S 1 7 7 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 123 4096 1 18446744073709551615 0 0 0 0\n";
static const char ended[] =
	"7 (x) Z 1 7 7 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 123 4096 1 18446744073709551615 0 0 0 0\n";
static const char status[] = "Name:\tx\nTgid:\t7\nUid:\t0\t0\t0\t0\nVmSize:\t8 kB\nVmRSS:\t4 kB\n";

static struct session session_of(const struct folder *folder, const char *stat)
{
	folder_write(folder, "stat", stat);
	folder_write(folder, "status", status);
	folder_write(folder, "cmdline", "x");
	return session_begin(as_live(folder->path));
}

TEST(text_that_cannot_be_read_leaves_the_facts)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	vm_cleanup(session_deinit) struct session session = session_of(&folder, living);

	/* As it is where a kernel was built without it. */
	assert_int_equal(session_record(&session, VM_DETAIL_SMAPS), 0);
	assert_int_equal(session.frame.text_error, -ENOENT);
	assert_int_equal(session.frame.start_time, 123);
	assert_true(session.frame.has_rss);
	assert_int_equal(session.frame.rss, 4096);
	assert_false(session.frame.has_pss);
	assert_same_process(session_replay(&session), &session.source);
	assert_same_sample(&session.replay, &session.source, VM_DETAIL_SMAPS);
}

TEST(text_that_this_vmview_cannot_parse_is_recorded_all_the_same)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf recorded = { 0 };

	vm_buf_put_text(&text, "1000-2000 r-xp 00000000 08:01 7 /bin/x\n");
	vm_buf_put_repeat(&text, 'x', 100000);
	vm_buf_put_text(&text, "\n2000-3000 r-xp 00000000 08:01 7 /bin/x\n");
	vm_buf_put_char(&text, '\0');
	folder_write(&folder, "maps", text.p);
	vm_cleanup(session_deinit) struct session session = session_of(&folder, living);
	assert_int_equal(session_record(&session, VM_DETAIL_MAPS), 0);
	assert_int_equal(session.frame.text_error, 0);
	assert_int_equal(
		vm_source_read_entry(session_replay(&session), "maps", SIZE_MAX, &recorded), 0);
	text.len--;
	assert_same_text(&recorded, &text);
	vm_cleanup(sample_deinit) struct sample sample =
		sample_source(&session.replay, VM_DETAIL_MAPS);
	assert_int_equal(sample.result, -EBADMSG);
	assert_int_equal(sample.report.line, 2);
	assert_non_null(sample.report.reason);
}

/* Neither frames nor bytes of them are left. */
static void check_nothing_written(struct session *session)
{
	vm_cleanup(vm_recording_close) struct vm_recording recording = tape_open(&session->tape);

	assert_int_equal(recording.count, 0);
	assert_null(recording.rest.reason);
	assert_int_equal(session->recorder.frames, 0);
}

/* A process that shows these @maps and this @stat is not recorded, but answered with @error. */
static void check_no_frame(const char *maps, const char *stat, int error)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();

	folder_write(&folder, "maps", maps);
	vm_cleanup(session_deinit) struct session session = session_of(&folder, stat);
	assert_int_equal(session_record(&session, VM_DETAIL_MAPS), error);
	check_nothing_written(&session);
}

TEST(process_that_shows_nothing_for_a_moment_gets_no_frame)
{
	check_no_frame("", living, -EAGAIN);
}

TEST(zombie_gets_no_frame)
{
	check_no_frame("", ended, -ESRCH);
}

/* Its maps are still there while it is a zombie: it was read while it ended. */
TEST(process_that_ends_while_it_is_read_gets_no_frame)
{
	check_no_frame("1000-2000 r-xp 00000000 08:01 7 /bin/x\n", ended, -ESRCH);
}

TEST(process_that_has_gone_gets_no_frame)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	pid_t child = start_resting_child(&folder);
	vm_cleanup(session_deinit) struct session session = session_begin(live(child));

	end_child(child);
	assert_int_equal(session_record(&session, VM_DETAIL_MAPS), -ESRCH);
	check_nothing_written(&session);
}

/* Threads */

/* A child of which only another thread is left. */
static pid_t start_headless_child(void)
{
	pid_t child = start_child();
	struct vm_source source;
	bool is_zombie = false;

	if (child == 0) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, stay, NULL) == 0)
			syscall(SYS_exit, 0);
		_exit(1);
	}
	source = live(child);
	while (!is_zombie) {
		vm_cleanup(vm_process_deinit) struct vm_process process = { 0 };

		assert_int_equal(vm_sample_process(&source, &process), 0);
		is_zombie = vm_process_is_zombie(&process);
		sched_yield();
	}
	await_rest(&source, 2);
	vm_source_close(&source);
	return child;
}

TEST(process_whose_main_thread_ended_is_told_through_another)
{
	pid_t child = start_headless_child();
	vm_cleanup(session_deinit) struct session session = session_begin(live(child));
	vm_cleanup(vm_process_deinit) struct vm_process process = { 0 };
	struct vm_report report;

	assert_int_equal(session_record(&session, VM_DETAIL_MAPS), 0);
	assert_true(session.frame.thread > 0 && session.frame.thread != child);
	assert_true(session.frame.mappings > 0);
	assert_same_process(session_replay(&session), &session.source);
	assert_same_sample(&session.replay, &session.source, VM_DETAIL_MAPS);
	end_child(child);
	assert_int_equal(vm_sample_other_thread(&session.replay), session.frame.thread);
	assert_true(vm_sample_lives(&session.replay));
	assert_int_equal(vm_sample_whole_process(&session.replay, &process), 0);
	assert_true(process.cmdline.len > 0);
	/* As pmap has it. */
	assert_int_equal(
		vm_sample_stream(&session.replay, VM_DETAIL_MAPS, ignore_mapping, NULL, &report),
		0);
	assert_int_equal(report.mappings, 0);
}

/* Programs */

/* Waits for a byte, then executes this very program as "stay". */
static pid_t start_executing_child(int input)
{
	pid_t child = start_child();
	char byte;

	if (child == 0) {
		if (vm_read(input, &byte, 1) == 1)
			execl("/proc/self/exe", "test", "stay", NULL);
		_exit(1);
	}
	return child;
}

static bool has_executed(const struct vm_source *source)
{
	vm_cleanup(vm_process_deinit) struct vm_process process = { 0 };

	assert_int_equal(vm_sample_process(source, &process), 0);
	return vm_str_contains(vm_buf_str(&process.cmdline), VM_STR("stay"));
}

TEST(frames_of_another_program_have_another_number)
{
	uint32_t before;
	pid_t child;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	child = start_executing_child(ends[0]);
	vm_cleanup(session_deinit) struct session session = session_begin(live(child));
	assert_int_equal(session_record(&session, VM_DETAIL_MAPS), 0);
	before = session.frame.program;
	assert_int_equal(session_record(&session, VM_DETAIL_MAPS), 0);
	assert_int_equal(session.frame.program, before);
	assert_int_equal(write(ends[1], "x", 1), 1);
	while (!has_executed(&session.source))
		sched_yield();
	assert_int_equal(session_record(&session, VM_DETAIL_MAPS), 0);
	assert_true(session.frame.program != before);
	session_replay(&session);
	assert_int_equal(session.recording.frames[0].program, before);
	assert_int_equal(session.recording.frames[2].program, session.frame.program);
	end_child(child);
	close(ends[0]), close(ends[1]);
}

/* The machine */

/* What there is now may have changed since. */
TEST(limits_are_told_the_same_live_and_recorded)
{
	vm_cleanup(session_deinit) struct session session = session_begin(live(getpid()));
	vm_cleanup(vm_limits_deinit) struct vm_limits now = { 0 };
	vm_cleanup(vm_limits_deinit) struct vm_limits then = { 0 };

	assert_int_equal(session_record(&session, VM_DETAIL_MAPS), 0);
	assert_int_equal(vm_sample_limits(&session.source, &now), 0);
	assert_int_equal(vm_sample_limits(session_replay(&session), &then), 0);
	for (enum vm_limit_id id = 0; id < VM_LIMIT_COUNT; id++) {
		const struct vm_limit *a = &then.items[id], *b = &now.items[id];

		assert_string_equal(a->source, b->source);
		assert_int_equal(a->most.known, b->most.known);
		assert_int_equal(a->now.known, b->now.known);
		if (id != VM_LIMIT_COMMITTED)
			assert_int_equal(a->most.number, b->most.number);
		assert_same_text(&a->group, &b->group);
	}
}

TEST(device_of_shared_memory_is_told_the_same_live_and_recorded)
{
	vm_cleanup(session_deinit) struct session session = session_begin(live(getpid()));
	uint32_t now = 0, then = 0;

	assert_int_equal(session_record(&session, VM_DETAIL_MAPS), 0);
	assert_int_equal(vm_sample_shm_device(&session.source, &now),
			 vm_sample_shm_device(session_replay(&session), &then));
	assert_int_equal(now, then);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(process_is_told_as_it_was),
		cmocka_unit_test(
			frame_of_maps_is_given_where_smaps_is_asked_for_and_the_other_way_round),
		cmocka_unit_test(sums_are_told_without_unpacking),
		cmocka_unit_test(text_is_recorded_byte_for_byte),
		cmocka_unit_test(kernel_thread_has_a_frame_without_mappings),
		cmocka_unit_test(text_that_cannot_be_read_leaves_the_facts),
		cmocka_unit_test(text_that_this_vmview_cannot_parse_is_recorded_all_the_same),
		cmocka_unit_test(process_that_shows_nothing_for_a_moment_gets_no_frame),
		cmocka_unit_test(zombie_gets_no_frame),
		cmocka_unit_test(process_that_ends_while_it_is_read_gets_no_frame),
		cmocka_unit_test(process_that_has_gone_gets_no_frame),
		cmocka_unit_test(process_whose_main_thread_ended_is_told_through_another),
		cmocka_unit_test(frames_of_another_program_have_another_number),
		cmocka_unit_test(limits_are_told_the_same_live_and_recorded),
		cmocka_unit_test(device_of_shared_memory_is_told_the_same_live_and_recorded),
	};

	if (argc > 1 && strcmp(argv[1], "stay") == 0)
		stay(NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * A process that is recorded, and what its frames tell later.
 */
#include "recording_support.h"
#include "sample_support.h"

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
#include "vmview/program.h"
#include "vmview/stat.h"
#include "vmview/totals.h"

/* Recording */

/* A process, the recording of it, and the last frame. */
struct session {
	struct tape tape;
	struct vm_source source;
	struct vm_program program;
	struct vm_recorder recorder;
	struct vm_frame frame;
	struct vm_recording recording;
	struct vm_source replay; /* the last frame, as a source */
};

static struct session session_begin(struct vm_source source)
{
	struct session session = { .tape = tape_make(),
				   .source = source,
				   .program = VM_PROGRAM_NONE };
	struct vm_recording_fault fault;

	assert_int_equal(vm_recorder_open(session.tape.path, &session.recorder, &fault), 0);
	return session;
}

static void session_deinit(struct session *session)
{
	vm_source_close(&session->replay);
	vm_recording_close(&session->recording);
	vm_recorder_close(&session->recorder);
	vm_program_deinit(&session->program);
	vm_source_close(&session->source);
	tape_deinit(&session->tape);
}

static int record(struct session *session, enum vm_detail detail)
{
	return vm_sample_record(&session->source, detail, &session->program, &session->recorder,
				&session->frame);
}

/* Open the last frame of the file. */
static const struct vm_source *replay(struct session *session)
{
	struct vm_recording_fault fault;

	vm_source_close(&session->replay);
	vm_recording_close(&session->recording);
	session->recording = tape_open(&session->tape);
	assert_null(session->recording.rest.reason);
	assert_int_equal(session->recording.count, session->recorder.frames);
	assert_int_equal(vm_recording_open_frame(&session->recording, session->recording.count - 1,
						 &session->replay, &fault),
			 0);
	return &session->replay;
}

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

	assert_int_equal(record(&session, VM_DETAIL_MAPS), 0);
	assert_int_equal(session.frame.pid, child);
	assert_int_equal(session.frame.text_error, 0);
	assert_same_process(replay(&session), &session.source);
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

	assert_int_equal(record(&session, VM_DETAIL_MAPS), 0);
	vm_cleanup(sample_deinit) struct sample maps =
		sample_source(replay(&session), VM_DETAIL_SMAPS);
	assert_int_equal(maps.result, 0);
	assert_string_equal(maps.report.entry, "maps");
	assert_int_equal(maps.snapshot.count, session.frame.mappings);
	assert_int_equal(record(&session, VM_DETAIL_SMAPS), 0);
	vm_cleanup(sample_deinit) struct sample smaps =
		sample_source(replay(&session), VM_DETAIL_MAPS);
	assert_int_equal(smaps.result, 0);
	assert_string_equal(smaps.report.entry, "smaps");
	assert_true(vm_usage_has(&smaps.snapshot.mappings[0].usage, VM_FIELD_RSS));
}

TEST(sums_are_told_without_unpacking)
{
	vm_cleanup(session_deinit) struct session session = session_begin(live(getpid()));
	struct vm_totals totals = { 0 };

	assert_int_equal(record(&session, VM_DETAIL_SMAPS), 0);
	vm_cleanup(sample_deinit) struct sample sample =
		sample_source(replay(&session), VM_DETAIL_SMAPS);
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
	assert_row(record(&session, VM_DETAIL_SMAPS) == 0, name);
	assert_same_sample(replay(&session), &session.source, VM_DETAIL_SMAPS);
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

	assert_int_equal(record(&session, VM_DETAIL_MAPS), 0);
	assert_int_equal(session.frame.mappings, 0);
	assert_false(session.frame.has_rss);
	vm_cleanup(sample_deinit) struct sample sample =
		sample_source(replay(&session), VM_DETAIL_MAPS);
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
	assert_int_equal(record(&session, VM_DETAIL_SMAPS), 0);
	assert_int_equal(session.frame.text_error, -ENOENT);
	assert_int_equal(session.frame.start_time, 123);
	assert_true(session.frame.has_rss);
	assert_int_equal(session.frame.rss, 4096);
	assert_false(session.frame.has_pss);
	assert_same_process(replay(&session), &session.source);
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
	assert_int_equal(record(&session, VM_DETAIL_MAPS), 0);
	assert_int_equal(session.frame.text_error, 0);
	assert_int_equal(vm_source_read_entry(replay(&session), "maps", SIZE_MAX, &recorded), 0);
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
	assert_int_equal(record(&session, VM_DETAIL_MAPS), error);
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
	assert_int_equal(record(&session, VM_DETAIL_MAPS), -ESRCH);
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

static int ignore(const struct vm_mapping *mapping, void *user)
{
	(void)mapping;
	(void)user;
	return 0;
}

TEST(process_whose_main_thread_ended_is_told_through_another)
{
	pid_t child = start_headless_child();
	vm_cleanup(session_deinit) struct session session = session_begin(live(child));
	vm_cleanup(vm_process_deinit) struct vm_process process = { 0 };
	struct vm_report report;

	assert_int_equal(record(&session, VM_DETAIL_MAPS), 0);
	assert_true(session.frame.thread > 0 && session.frame.thread != child);
	assert_true(session.frame.mappings > 0);
	assert_same_process(replay(&session), &session.source);
	assert_same_sample(&session.replay, &session.source, VM_DETAIL_MAPS);
	end_child(child);
	assert_int_equal(vm_sample_other_thread(&session.replay), session.frame.thread);
	assert_true(vm_sample_lives(&session.replay));
	assert_int_equal(vm_sample_whole_process(&session.replay, &process), 0);
	assert_true(process.cmdline.len > 0);
	/* As pmap has it. */
	assert_int_equal(vm_sample_stream(&session.replay, VM_DETAIL_MAPS, ignore, NULL, &report),
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
	assert_int_equal(record(&session, VM_DETAIL_MAPS), 0);
	before = session.frame.program;
	assert_int_equal(record(&session, VM_DETAIL_MAPS), 0);
	assert_int_equal(session.frame.program, before);
	assert_int_equal(write(ends[1], "x", 1), 1);
	while (!has_executed(&session.source))
		sched_yield();
	assert_int_equal(record(&session, VM_DETAIL_MAPS), 0);
	assert_true(session.frame.program != before);
	replay(&session);
	assert_int_equal(session.recording.frames[0].program, before);
	assert_int_equal(session.recording.frames[2].program, session.frame.program);
	end_child(child);
	close(ends[0]), close(ends[1]);
}

/* The machine */

static void put_machine(struct vm_buf *facts)
{
	raw_put_fact(facts, "max_map_count", 0, VM_STR("12\n"));
	raw_put_fact(facts, "overcommit_memory", 0, VM_STR("2\n"));
	raw_put_fact(facts, "meminfo", 0, VM_STR("CommitLimit: 7 kB\nCommitted_AS: 5 kB\n"));
	raw_put_fact(facts, "memory.max", 0, VM_STR("65536\n"));
	raw_put_fact(facts, "memory.current", 0, VM_STR("4096\n"));
	raw_put_fact(facts, "vmview/group/memory.max", 0, VM_STR("/a/b"));
	raw_put_fact(facts, "memory.swap.max", EACCES, VM_STR(""));
	raw_put_fact(facts, "vmview/shm_minor", 0, VM_STR("3\n"));
	raw_put_fact(facts, "vmview/linked", 0, VM_STR("3000-4000\n9000-a000\n"));
}

/* A recording with one frame that was put together by hand. */
static void write_raw(const struct tape *tape, struct raw_frame frame, struct vm_str text,
		      struct vm_str facts)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf packed_text = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf packed_facts = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf bytes = { 0 };

	raw_pack(text, &packed_text);
	raw_pack(facts, &packed_facts);
	frame.text = vm_buf_str(&packed_text);
	frame.text_size = text.len;
	frame.facts = vm_buf_str(&packed_facts);
	frame.facts_size = facts.len;
	raw_put_line(&bytes);
	raw_put_frame(&bytes, &frame);
	tape_write(tape, vm_buf_str(&bytes));
}

static struct vm_source only_frame(const struct tape *tape)
{
	vm_cleanup(vm_recording_close) struct vm_recording recording = tape_open(tape);
	struct vm_source source = { 0 };
	struct vm_recording_fault fault;

	assert_int_equal(recording.count, 1);
	assert_int_equal(vm_recording_open_frame(&recording, 0, &source, &fault), 0);
	return source;
}

static void assert_limit(const struct vm_limit *limit, enum vm_known known, uint64_t now,
			 uint64_t most)
{
	assert_int_equal(limit->most.known, known);
	assert_int_equal(limit->most.number, most);
	assert_int_equal(limit->now.number, now);
}

TEST(limits_of_a_frame_are_those_of_the_machine_that_recorded_it)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_buf_deinit) struct vm_buf facts = { 0 };
	vm_cleanup(vm_limits_deinit) struct vm_limits limits = { 0 };
	const struct vm_limit *items = limits.items;

	put_machine(&facts);
	write_raw(&tape, (struct raw_frame){ 0 }, VM_STR(""), vm_buf_str(&facts));
	vm_cleanup(vm_source_close) struct vm_source source = only_frame(&tape);
	assert_int_equal(vm_sample_limits(&source, &limits), 0);
	assert_limit(&items[VM_LIMIT_MAPPINGS], VM_KNOWN_NUMBER, 0, 12);
	assert_limit(&items[VM_LIMIT_COMMITTED], VM_KNOWN_NUMBER, 5 * 1024, 7 * 1024);
	assert_limit(&items[VM_LIMIT_CGROUP], VM_KNOWN_NUMBER, 4096, 65536);
	assert_slice(vm_buf_str(&items[VM_LIMIT_CGROUP].group), "/a/b");
	assert_limit(&items[VM_LIMIT_CGROUP_SWAP], VM_KNOWN_UNREADABLE, 0, 0);
	assert_limit(&items[VM_LIMIT_STACK], VM_KNOWN_NOT, 0, 0);
}

/* What there is now may have changed since. */
TEST(limits_are_told_the_same_live_and_recorded)
{
	vm_cleanup(session_deinit) struct session session = session_begin(live(getpid()));
	vm_cleanup(vm_limits_deinit) struct vm_limits now = { 0 };
	vm_cleanup(vm_limits_deinit) struct vm_limits then = { 0 };

	assert_int_equal(record(&session, VM_DETAIL_MAPS), 0);
	assert_int_equal(vm_sample_limits(&session.source, &now), 0);
	assert_int_equal(vm_sample_limits(replay(&session), &then), 0);
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

TEST(device_of_shared_memory_is_that_of_the_machine_that_recorded_it)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_buf_deinit) struct vm_buf facts = { 0 };
	uint32_t minor;

	put_machine(&facts);
	write_raw(&tape, (struct raw_frame){ 0 }, VM_STR(""), vm_buf_str(&facts));
	vm_cleanup(vm_source_close) struct vm_source source = only_frame(&tape);
	assert_true(vm_sample_shm_device(&source, &minor));
	assert_int_equal(minor, 3);
}

TEST(device_of_shared_memory_is_told_the_same_live_and_recorded)
{
	vm_cleanup(session_deinit) struct session session = session_begin(live(getpid()));
	uint32_t now = 0, then = 0;

	assert_int_equal(record(&session, VM_DETAIL_MAPS), 0);
	assert_int_equal(vm_sample_shm_device(&session.source, &now),
			 vm_sample_shm_device(replay(&session), &then));
	assert_int_equal(now, then);
}

TEST(machine_that_is_not_told_of_is_not_known)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_limits_deinit) struct vm_limits limits = { 0 };
	uint32_t minor;

	write_raw(&tape, (struct raw_frame){ 0 }, VM_STR(""), VM_STR(""));
	vm_cleanup(vm_source_close) struct vm_source source = only_frame(&tape);
	assert_int_equal(vm_sample_limits(&source, &limits), 0);
	assert_null(limits.unread);
	for (enum vm_limit_id id = 0; id < VM_LIMIT_COUNT; id++)
		assert_int_equal(limits.items[id].most.known, VM_KNOWN_NOT);
	assert_false(vm_sample_shm_device(&source, &minor));
	assert_false(vm_sample_shm_device(&(struct vm_source){ .type = VM_SOURCE_FOLDER }, &minor));
}

TEST(mapping_that_is_listed_as_linked_is_not_deleted)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_buf_deinit) struct vm_buf facts = { 0 };
	static const bool deleted[] = { true, false, true, false };

	put_machine(&facts);
	write_raw(&tape, (struct raw_frame){ 0 },
		  VM_STR("1000-2000 r--p 00000000 08:01 7 /x (deleted)\n"
			 "3000-4000 r--p 00000000 08:01 8 /y (deleted)\n"
			 "5000-6000 r--p 00000000 08:01 9 /z (deleted)\n"
			 "9000-a000 r--p 00000000 08:01 8 /y (deleted)\n"),
		  vm_buf_str(&facts));
	vm_cleanup(vm_source_close) struct vm_source source = only_frame(&tape);
	vm_cleanup(sample_deinit) struct sample sample = sample_source(&source, VM_DETAIL_MAPS);
	assert_int_equal(sample.snapshot.count, COUNT(deleted));
	for (size_t i = 0; i < COUNT(deleted); i++)
		assert_int_equal(sample.snapshot.mappings[i].deleted, deleted[i]);
}

/* Hostile frames */

TEST(overlapping_mappings_of_a_frame_are_left_out)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();

	write_raw(
		&tape, (struct raw_frame){ 0 },
		VM_STR("1000-3000 r--p 00000000 08:01 7 /x\n2000-4000 r--p 00000000 08:01 7 /x\n"),
		VM_STR(""));
	vm_cleanup(vm_source_close) struct vm_source source = only_frame(&tape);
	vm_cleanup(sample_deinit) struct sample sample = sample_source(&source, VM_DETAIL_MAPS);
	assert_int_equal(sample.snapshot.count, 1);
	assert_int_equal(sample.report.dropped, 1);
}

TEST(frame_with_more_mappings_than_any_process_has_is_refused)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	struct vm_report report;

	for (uint64_t i = 0; i <= VM_RECORDING_MAPPINGS_MAX; i++) {
		vm_buf_put_hex(&text, 2 * i, 8, '0');
		vm_buf_put_char(&text, '-');
		vm_buf_put_hex(&text, 2 * i + 1, 8, '0');
		vm_buf_put_text(&text, " r--p 0 0:0 0\n");
	}
	assert_false(text.failed);
	write_raw(&tape, (struct raw_frame){ 0 }, vm_buf_str(&text), VM_STR(""));
	vm_cleanup(vm_source_close) struct vm_source source = only_frame(&tape);
	assert_int_equal(vm_sample_stream(&source, VM_DETAIL_MAPS, ignore, NULL, &report), -EFBIG);
	assert_int_equal(report.mappings, VM_RECORDING_MAPPINGS_MAX);
}

TEST(text_that_cannot_be_unpacked_is_told_in_words)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_buf_deinit) struct vm_buf bytes = { 0 };
	struct vm_report report;

	raw_put_line(&bytes);
	raw_put_frame(&bytes, &(struct raw_frame){ .text = VM_STR("no zstd"), .text_size = 7 });
	tape_write(&tape, vm_buf_str(&bytes));
	vm_cleanup(vm_source_close) struct vm_source source = only_frame(&tape);
	assert_int_equal(vm_sample_stream(&source, VM_DETAIL_MAPS, ignore, NULL, &report),
			 -EBADMSG);
	assert_non_null(report.reason);
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
		cmocka_unit_test(limits_of_a_frame_are_those_of_the_machine_that_recorded_it),
		cmocka_unit_test(limits_are_told_the_same_live_and_recorded),
		cmocka_unit_test(device_of_shared_memory_is_that_of_the_machine_that_recorded_it),
		cmocka_unit_test(device_of_shared_memory_is_told_the_same_live_and_recorded),
		cmocka_unit_test(machine_that_is_not_told_of_is_not_known),
		cmocka_unit_test(mapping_that_is_listed_as_linked_is_not_deleted),
		cmocka_unit_test(overlapping_mappings_of_a_frame_are_left_out),
		cmocka_unit_test(frame_with_more_mappings_than_any_process_has_is_refused),
		cmocka_unit_test(text_that_cannot_be_unpacked_is_told_in_words),
	};

	if (argc > 1 && strcmp(argv[1], "stay") == 0)
		stay(NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

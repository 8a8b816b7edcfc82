#include "sample_private.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmview/stat.h"

/* More than a seq_file read of maps gives at once, small enough to stay in the first-level cache. */
#define CHUNK 16384

/*
 * What became of reading the fact @entry. A file that a capture does not have is no failure; what is there and cannot be read
 * is noted in @process.
 */
static int settle(const struct vm_source *source, const char *entry, int r,
		  struct vm_process *process)
{
	bool live = source->type == VM_SOURCE_LIVE;

	if (r == 0 || r == -ENOMEM)
		return r;
	if (live && (r == -ESRCH || r == -ENOENT))
		return -ESRCH;
	if (r != -ENOENT) {
		process->unread = entry;
		process->unread_error = r;
	}
	return 0;
}

static int read_small(const struct vm_source *source, const char *path, size_t limit,
		      struct vm_buf *text)
{
	int r = vm_source_read_entry(source, path, limit, text);

	if (r < 0)
		vm_buf_clear(text);
	return r;
}

static int read_fact(const struct vm_source *source, const char *entry, size_t limit,
		     struct vm_buf *text, struct vm_process *process)
{
	return settle(source, entry, read_small(source, entry, limit, text), process);
}

static int read_facts(const struct vm_source *source, struct vm_process *process,
		      struct vm_buf *text)
{
	int r = read_fact(source, "stat", VM_SMALL_LIMIT, text, process);

	if (r < 0)
		return r;
	if (vm_stat_parse(vm_buf_str(text), process) == -ENOMEM)
		return -ENOMEM;
	r = read_fact(source, "status", VM_SMALL_LIMIT, text, process);
	if (r < 0)
		return r;
	vm_status_parse(vm_buf_str(text), process);
	return read_fact(source, "cmdline", VM_CMDLINE_LIMIT, &process->cmdline, process);
}

int vm_sample_process(const struct vm_source *source, struct vm_process *process)
{
	struct vm_buf text = { 0 };
	int r;

	process->pid = source->pid;
	r = read_facts(source, process, &text);
	vm_buf_deinit(&text);
	return r;
}

/* What a process whose main thread has ended tells of its memory and arguments: in the folder of a thread that lives. */
static int read_facts_of(const struct vm_source *source, pid_t thread, struct vm_process *process,
			 struct vm_buf *text)
{
	char name[40];
	int r;

	snprintf(name, sizeof(name), "task/%d/status", (int)thread);
	r = settle(source, "status", read_small(source, name, VM_SMALL_LIMIT, text), process);
	if (r < 0)
		return r;
	vm_status_parse(vm_buf_str(text), process);
	snprintf(name, sizeof(name), "task/%d/cmdline", (int)thread);
	r = read_small(source, name, VM_CMDLINE_LIMIT, &process->cmdline);
	return settle(source, "cmdline", r, process);
}

int vm_sample_whole_process(const struct vm_source *source, struct vm_process *process)
{
	int r = vm_sample_process(source, process);
	struct vm_buf text = { 0 };
	pid_t thread;

	if (r < 0 || !vm_source_is_process(source) || !vm_process_is_zombie(process))
		return r;
	thread = vm_sample_other_thread(source);
	if (thread && read_facts_of(source, thread, process, &text) == -ENOMEM)
		r = -ENOMEM;
	vm_buf_deinit(&text);
	return r;
}

struct stream {
	vm_mapping_fn take;
	void *user;
	struct vm_recorder *copy; /* of the text, or NULL */
	struct vm_report *report;
	bool orderly;  /* drop what overlaps */
	uint64_t most; /* mappings */
	uint64_t end;  /* of the last mapping */
};

static int take_mapping(const struct vm_mapping *mapping, void *user)
{
	struct stream *stream = user;

	if (stream->orderly && mapping->start < stream->end) {
		stream->report->dropped++;
		return 0;
	}
	if (stream->report->mappings == stream->most)
		return -EFBIG;
	stream->end = mapping->end;
	stream->report->mappings++;
	return stream->take(mapping, stream->user);
}

/* What cannot be parsed is copied all the same. */
static int feed_all(struct vm_input *input, struct vm_parser *parser, struct vm_recorder *copy)
{
	char chunk[CHUNK];
	int r = 0;

	for (;;) {
		ssize_t n = vm_input_read(input, chunk, sizeof(chunk));
		int copied = copy && n > 0 ? vm_recorder_put_text(copy, chunk, (size_t)n) : 0;

		if (n < 0 || copied < 0)
			return n < 0 ? (int)n : copied;
		if (n == 0)
			return r < 0 ? r : vm_parser_finish(parser);
		if (r == 0)
			r = vm_parser_feed(parser, chunk, (size_t)n);
		if (r < 0 && !copy)
			return r;
	}
}

static const char *entry_of(enum vm_detail detail)
{
	return detail == VM_DETAIL_SMAPS ? "smaps" : "maps";
}

/* A thread's file shows the memory of all. */
static int open_entry(const struct vm_source *source, const struct vm_report *report,
		      struct vm_input *input)
{
	char name[40];

	if (!report->thread)
		return vm_input_open(source, report->entry, input);
	snprintf(name, sizeof(name), "task/%d/%s", (int)report->thread, report->entry);
	return vm_input_open(source, name, input);
}

/* 0, with an input that the caller closes, or a negative errno. */
static int open_text(const struct vm_source *source, enum vm_detail detail,
		     struct vm_report *report, struct vm_input *input)
{
	int first, r;

	report->entry = source->type == VM_SOURCE_FILE ? "" : entry_of(detail);
	first = open_entry(source, report, input);
	if (first != -ENOENT || source->type == VM_SOURCE_FILE ||
	    (source->type == VM_SOURCE_LIVE && detail == VM_DETAIL_MAPS))
		return first;
	/*
	 * A saved folder rarely has both, a frame never, and a process only maps where its kernel has no smaps: either
	 * tells the mappings. One that cannot be read is another matter.
	 */
	report->entry = entry_of(detail == VM_DETAIL_SMAPS ? VM_DETAIL_MAPS : VM_DETAIL_SMAPS);
	r = open_entry(source, report, input);
	if (r == -ENOENT)
		report->entry = entry_of(detail);
	report->lacks_smaps = r == 0 && source->type == VM_SOURCE_LIVE;
	return r;
}

/*
 * Whether the thread whose stat is the entry @name has neither ended nor begun to. What cannot be told, as for want of
 * memory or descriptors, is not declared dead.
 */
static bool thread_lives(const struct vm_source *source, const char *name, struct vm_buf *text)
{
	struct vm_process now = { 0 };
	int r = vm_source_read_entry(source, name, VM_SMALL_LIMIT, text);
	bool ends;

	if (r == 0)
		r = vm_stat_parse(vm_buf_str(text), &now);
	ends = vm_process_is_zombie(&now) || vm_process_is_exiting(&now);
	vm_process_deinit(&now);
	return r == 0 ? !ends : r != -ENOENT && r != -ESRCH && r != -EBADMSG;
}

struct living {
	const struct vm_source *source;
	struct vm_buf text;
};

/* @found of vm_source_each_task(): stops at the first that lives. */
static int find_living(pid_t tid, void *user)
{
	struct living *living = user;
	char name[40];

	snprintf(name, sizeof(name), "task/%d/stat", (int)tid);
	return tid != living->source->pid && thread_lives(living->source, name, &living->text) ?
		       tid :
		       0;
}

pid_t vm_sample_other_thread(const struct vm_source *source)
{
	const struct vm_frame *frame = vm_source_frame(source);
	struct living living = { .source = source };
	int tid = frame && frame->thread ? frame->thread :
					   vm_source_each_task(source, find_living, &living);

	vm_buf_deinit(&living.text);
	return tid > 0 ? tid : 0;
}

/* Mostly the first thread lives; else any other keeps the memory. */
bool vm_sample_lives(const struct vm_source *source)
{
	struct vm_buf text = { 0 };
	/* A thread that executes a program takes the main one's place: that may have been in between. */
	bool lives = thread_lives(source, "stat", &text) || vm_sample_other_thread(source) > 0 ||
		     thread_lives(source, "stat", &text);

	vm_buf_deinit(&text);
	return lives;
}

/* Through @thread, or with 0 the process's own file. */
static int stream_through(const struct vm_source *source, pid_t thread, enum vm_detail detail,
			  struct stream *stream)
{
	struct vm_report *report = stream->report;
	struct vm_parser parser;
	struct vm_input input;
	int r;

	*report = (struct vm_report){ .thread = thread };
	r = open_text(source, detail, report, &input);
	if (r < 0)
		return r;
	stream->orderly = vm_source_is_process(source);
	/* What is saved may be text without end. */
	stream->most = source->type == VM_SOURCE_LIVE ? UINT64_MAX : VM_RECORDING_MAPPINGS_MAX;
	vm_parser_init(&parser, take_mapping, stream);
	r = feed_all(&input, &parser, stream->copy);
	vm_input_close(&input);
	report->line = parser.line;
	report->reason = parser.reason ? parser.reason : input.reason;
	vm_parser_deinit(&parser);
	if (source->type != VM_SOURCE_LIVE || !report->mappings)
		return r;
	report->ended = r == -ESRCH || !vm_sample_lives(source);
	return r == -ESRCH ? 0 : r;
}

int vm_sample_stream(const struct vm_source *source, enum vm_detail detail, vm_mapping_fn take,
		     void *user, struct vm_report *report)
{
	struct stream stream = { .take = take, .user = user, .report = report };

	return stream_through(source, 0, detail, &stream);
}

int vm_sample_copy_stream(const struct vm_source *source, enum vm_detail detail, vm_mapping_fn take,
			  void *user, struct vm_recorder *copy, struct vm_report *report)
{
	struct stream stream = { .take = take, .user = user, .copy = copy, .report = report };
	int r = stream_through(source, 0, detail, &stream);
	pid_t thread;

	if (r < 0 || report->mappings || !vm_source_is_process(source))
		return r;
	thread = vm_sample_other_thread(source);
	if (!thread)
		return r;
	r = stream_through(source, thread, detail, &stream);
	/* That thread has ended since. */
	return r == -ENOENT || r == -ESRCH ? 0 : r;
}

int vm_sample_whole_stream(const struct vm_source *source, enum vm_detail detail,
			   vm_mapping_fn take, void *user, struct vm_report *report)
{
	return vm_sample_copy_stream(source, detail, take, user, NULL, report);
}

static int add_mapping(const struct vm_mapping *mapping, void *user)
{
	return vm_snapshot_add(user, mapping);
}

struct stack_pointers {
	const struct vm_source *source;
	struct vm_buf text, found; /* @found holds uint64_t */
};

static int add_stack_pointer(pid_t tid, void *user)
{
	struct stack_pointers *stacks = user;
	uint64_t pointer;
	char name[48];

	snprintf(name, sizeof(name), "task/%d/syscall", (int)tid);
	if (vm_source_read_entry(stacks->source, name, VM_SMALL_LIMIT, &stacks->text) == 0 &&
	    vm_syscall_parse(vm_buf_str(&stacks->text), &pointer))
		vm_buf_put(&stacks->found, (const char *)&pointer, sizeof(pointer));
	return stacks->found.failed ? -ENOMEM : 0;
}

static int compare_pointers(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Where no stack pointer can be read, a thread's stack is anonymous memory like any other. */
int vm_sample_stack_pointers(const struct vm_source *source, struct vm_buf *found)
{
	struct stack_pointers stacks = { .source = source };
	int r = 0;

	if (vm_source_is_process(source) &&
	    vm_source_each_task(source, add_stack_pointer, &stacks) == -ENOMEM)
		r = -ENOMEM;
	if (stacks.found.len)
		qsort(stacks.found.p, stacks.found.len / sizeof(uint64_t), sizeof(uint64_t),
		      compare_pointers);
	vm_buf_deinit(&stacks.text);
	*found = stacks.found;
	return r;
}

static int classify(const struct vm_source *source, struct vm_snapshot *snapshot)
{
	struct vm_buf pointers;
	int r = vm_sample_stack_pointers(source, &pointers);

	if (r == 0)
		r = vm_snapshot_classify(snapshot, (const void *)pointers.p,
					 pointers.len / sizeof(uint64_t));
	vm_buf_deinit(&pointers);
	return r;
}

/*
 * Whether the mapped file itself still has a link. map_files leads to the very inode, without any
 * path, but only for those with CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE (proc_pid_map_files(5)).
 */
static bool stat_mapped(const struct vm_source *source, const struct vm_mapping *m,
			struct statx *info)
{
	char name[64];

	snprintf(name, sizeof(name), "map_files/%" PRIx64 "-%" PRIx64, m->start, m->end);
	return statx(source->fd, name, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT,
		     STATX_INO | STATX_NLINK, info) == 0;
}

/* Whether a file of exactly this name, remark included, is the one that is mapped. */
static bool stat_named(const struct vm_source *source, const struct vm_mapping *m)
{
	struct vm_buf path = { 0 };
	struct statx info;
	bool same = false;

	vm_buf_put_text(&path, "root");
	vm_buf_put_str(&path, m->name);
	vm_buf_put_char(&path, '\0');
	if (!path.failed && !memchr(m->name.p, '\0', m->name.len) &&
	    statx(source->fd, path.p, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT | AT_SYMLINK_NOFOLLOW,
		  STATX_INO, &info) == 0)
		same = info.stx_ino == m->inode;
	vm_buf_deinit(&path);
	return same;
}

bool vm_sample_is_deleted(const struct vm_source *source, const struct vm_mapping *m)
{
	struct statx info;

	if (!m->deleted || !vm_source_is_process(source))
		return m->deleted;
	if (vm_source_frame(source))
		return !vm_frame_links(source, m->start, m->end);
	if (stat_mapped(source, m, &info))
		return info.stx_nlink == 0;
	/* Root could be led anywhere by the process's own links; it has map_files instead. */
	if (geteuid() == 0)
		return true;
	return !stat_named(source, m);
}

static void check_deletions(const struct vm_source *source, struct vm_snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->count; i++)
		snapshot->mappings[i].deleted =
			vm_sample_is_deleted(source, &snapshot->mappings[i]);
}

int vm_sample_finish(const struct vm_source *source, struct vm_snapshot *snapshot, size_t *dropped)
{
	int r;

	*dropped = vm_snapshot_arrange(snapshot);
	r = classify(source, snapshot);
	if (r == 0)
		check_deletions(source, snapshot);
	return r;
}

int vm_sample_snapshot(const struct vm_source *source, enum vm_detail detail,
		       struct vm_snapshot *snapshot, struct vm_report *report)
{
	int r = vm_sample_whole_stream(source, detail, add_mapping, snapshot, report);
	size_t dropped;
	int finished = vm_sample_finish(source, snapshot, &dropped);

	report->dropped += dropped;
	return r < 0 ? r : finished;
}

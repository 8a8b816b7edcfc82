#include "sample_private.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* What the first reading finds out: all that a kind depends on besides the mapping itself. */
struct facts {
	struct vm_buf pointers;   /* uint64_t, ascending */
	struct vm_buf code_files; /* struct vm_file_id, ascending once all are there */
	uint64_t end;             /* of the last mapping */
	bool disorderly;
	struct vm_report report; /* how that reading went */
	int error;               /* 0, or why it lacks something: a negative errno */
};

static void facts_deinit(struct facts *facts)
{
	vm_buf_deinit(&facts->pointers);
	vm_buf_deinit(&facts->code_files);
}

/* A file is mostly mapped several times in a row. */
static bool is_last(const struct vm_buf *files, struct vm_file_id id)
{
	struct vm_str text = vm_buf_str(files);

	return vm_str_ends(text, (struct vm_str){ (const char *)&id, sizeof(id) });
}

static int note_mapping(const struct vm_mapping *mapping, void *user)
{
	struct facts *facts = user;
	struct vm_file_id id = vm_mapping_file(mapping);

	facts->disorderly |= mapping->start < facts->end;
	facts->end = mapping->end;
	if (vm_mapping_is_code(mapping) && !is_last(&facts->code_files, id))
		vm_buf_put(&facts->code_files, (const char *)&id, sizeof(id));
	return facts->code_files.failed ? -ENOMEM : 0;
}

/*
 * Addresses and names of a live process are cheap. A saved folder may have a maps and a smaps of different moments. What is
 * wrong with a text the second reading will tell.
 */
static int find_facts(const struct vm_source *source, enum vm_detail detail, struct facts *facts)
{
	if (source->type == VM_SOURCE_LIVE)
		detail = VM_DETAIL_MAPS;
	facts->error = vm_sample_whole_stream(source, detail, note_mapping, facts, &facts->report);
	if (facts->error == -ENOMEM)
		return -ENOMEM;
	if (facts->code_files.len)
		qsort(facts->code_files.p, facts->code_files.len / sizeof(struct vm_file_id),
		      sizeof(struct vm_file_id), vm_file_id_compare);
	return vm_sample_stack_pointers(source, &facts->pointers);
}

struct classifier {
	const struct vm_source *source;
	struct vm_kind_context context;
	vm_mapping_fn take;
	void *user;
};

static int take_classified(const struct vm_mapping *mapping, void *user)
{
	const struct classifier *classifier = user;
	struct vm_mapping m = *mapping;

	vm_mapping_classify(&m, &classifier->context);
	m.deleted = vm_sample_is_deleted(classifier->source, &m);
	return classifier->take(&m, classifier->user);
}

static int stream_with(const struct vm_source *source, enum vm_detail detail,
		       const struct facts *facts, vm_mapping_fn take, void *user,
		       struct vm_report *report)
{
	struct classifier classifier = {
		.source = source,
		.context = {
			.stack_pointers = (const void *)facts->pointers.p,
			.stack_pointer_count = facts->pointers.len / sizeof(uint64_t),
			.code_files = (const void *)facts->code_files.p,
			.code_file_count = facts->code_files.len / sizeof(struct vm_file_id),
		},
		.take = take,
		.user = user,
	};

	return vm_sample_whole_stream(source, detail, take_classified, &classifier, report);
}

static int hand_out_snapshot(const struct vm_source *source, enum vm_detail detail,
			     vm_mapping_fn take, void *user, struct vm_report *report)
{
	struct vm_snapshot snapshot = { 0 };
	int r = vm_sample_snapshot(source, detail, &snapshot, report);
	int taken = 0;

	for (size_t i = 0; taken == 0 && i < snapshot.count; i++)
		taken = take(&snapshot.mappings[i], user);
	vm_snapshot_deinit(&snapshot);
	return taken < 0 ? taken : r;
}

/* Without a failure of its own the second reading has that of the first, for it is what kinds may be wrong by. */
static int join_reports(const struct facts *facts, int r, struct vm_report *report)
{
	uint64_t mappings = report->mappings;

	report->ended |= facts->report.ended;
	if (r < 0 || facts->error == 0)
		return r;
	*report = facts->report;
	report->mappings = mappings;
	return facts->error;
}

/* Where the text of a saved file begins, to come back to; -1 for a pipe. Files of a folder are opened anew. */
static off_t place_of(const struct vm_source *source)
{
	return source->type == VM_SOURCE_FILE ? lseek(source->fd, 0, SEEK_CUR) : 0;
}

static bool go_back(const struct vm_source *source, off_t place)
{
	return source->type != VM_SOURCE_FILE || lseek(source->fd, place, SEEK_SET) == place;
}

int vm_sample_stream_classified(const struct vm_source *source, enum vm_detail detail,
				vm_mapping_fn take, void *user, struct vm_report *report)
{
	struct facts facts = { 0 };
	off_t place = place_of(source);
	int r;

	*report = (struct vm_report){ .entry = "" };
	if (place < 0)
		return hand_out_snapshot(source, detail, take, user, report);
	r = find_facts(source, detail, &facts);
	if (r == 0 && !go_back(source, place))
		r = -errno;
	if (r == 0 && facts.disorderly)
		r = hand_out_snapshot(source, detail, take, user, report);
	else if (r == 0)
		r = join_reports(&facts, stream_with(source, detail, &facts, take, user, report),
				 report);
	facts_deinit(&facts);
	return r;
}

#include "metrics.h"

#include <config.h> /* the generated one */
#include <errno.h>
#include <stdlib.h>

#include "sources.h"
#include "status.h"
#include "vmview/metrics.h"
#include "vmview/output.h"

struct metrics {
	FILE *out;
	struct vm_metrics_process *items;
	size_t count, cap;
};

static void metrics_deinit(struct metrics *metrics)
{
	for (size_t i = 0; i < metrics->count; i++)
		vm_metrics_process_deinit(&metrics->items[i]);
	free(metrics->items);
}

static int add(struct metrics *metrics, struct vm_metrics_process *process)
{
	if (metrics->count == metrics->cap) {
		size_t cap = metrics->cap ? metrics->cap * 2 : 16;
		struct vm_metrics_process *items =
			reallocarray(metrics->items, cap, sizeof(*items));

		if (!items)
			return -ENOMEM;
		metrics->items = items;
		metrics->cap = cap;
	}
	metrics->items[metrics->count++] = *process;
	*process = (struct vm_metrics_process){ 0 };
	return 0;
}

/* All of its mappings. */
static int sum(const struct vm_look *look, struct vm_tally *tally)
{
	size_t count = look->snapshot.count;
	uint32_t *rows = calloc(count + 1, sizeof(*rows));
	int r = -ENOMEM;

	for (size_t i = 0; rows && i < count; i++)
		rows[i] = (uint32_t)i;
	if (rows)
		r = vm_tally_add(tally, &look->snapshot, rows, count, look->unreadable);
	free(rows);
	vm_tally_arrange(tally, VM_TALLY_NAME, false);
	return r;
}

/* What could not be read of it is said, and left out. Returns the exit status. */
static int read_limit(const struct vm_visit *visit, FILE *out, struct vm_metrics_process *metrics)
{
	struct vm_report report = { .entry = "max_map_count" };
	int r = vm_sample_max_mappings(visit->source, &metrics->max_mappings);
	int said = r < 0 ? vm_visit_failed(visit, r, &report, out) : VM_EXIT_OK;

	return vm_visit_is_saved(visit) || r == -ENOMEM ? said : VM_EXIT_OK;
}

static int describe(const struct vm_visit *visit, const struct vm_look *look, int read,
		    struct vm_metrics_process *metrics)
{
	const struct vm_process *process = &visit->process;
	int r = read == 0 ? sum(look, &metrics->kinds) : 0;

	metrics->pid = vm_process_number(process);
	metrics->uid = process->uid;
	metrics->has_uid = process->has_uid;
	metrics->readable = read == 0 && !look->unreadable;
	vm_buf_put_str(&metrics->command, vm_buf_str(&process->comm));
	return metrics->command.failed ? -ENOMEM : r;
}

/* Of one that ended meanwhile the numbers would be those of a part. */
static bool has_ended(const struct vm_visit *visit, const struct vm_look *look, int read)
{
	return !vm_visit_is_saved(visit) &&
	       (look->report.ended || read == -ESRCH || read == -ENOENT);
}

/* Returns the exit status. */
static int take(const struct vm_visit *visit, const struct vm_look *look, int read,
		struct metrics *metrics)
{
	struct vm_metrics_process process = { .kinds.key = VM_GROUP_KIND };
	int status = read_limit(visit, metrics->out, &process);
	int r = describe(visit, look, read, &process);

	if (r == 0)
		r = add(metrics, &process);
	vm_metrics_process_deinit(&process);
	return r < 0 ? vm_output_failed(visit->options, r) : status;
}

/* What is wrong with a process is said as ever, but only what is wrong with a capture or with us is a failure. */
static int add_visit(struct vm_visit *visit, void *user)
{
	struct metrics *metrics = user;
	struct vm_look look = { 0 };
	int read = vm_visit_look(visit, VM_DETAIL_SMAPS, &look);
	int said = read < 0 ? vm_visit_failed(visit, read, &look.report, metrics->out) :
			      vm_visit_done(visit, &look.report);
	bool ours = vm_visit_is_saved(visit) || read == -ENOMEM;
	int status = ours ? said : VM_EXIT_OK;

	if (!(ours && read < 0) && !has_ended(visit, &look, read))
		status |= take(visit, &look, read, metrics);
	vm_look_deinit(&look);
	return status;
}

static int write_all(const struct metrics *metrics)
{
	struct vm_buf text = { 0 };
	int r;

	vm_metrics_put(&text, metrics->items, metrics->count, VMVIEW_VERSION);
	r = vm_output_flush(&text, metrics->out, true);
	vm_buf_deinit(&text);
	return r;
}

int vm_print_metrics(const struct vm_options *options, FILE *out)
{
	struct metrics metrics = { .out = out };
	int status = vm_sources_visit(options, out, add_visit, &metrics) & ~VM_EXIT_NOT_FOUND;
	int r = status == VM_EXIT_OK ? write_all(&metrics) : 0;

	if (r < 0)
		status |= vm_output_failed(options, r);
	metrics_deinit(&metrics);
	return status;
}

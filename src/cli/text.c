#include "text.h"

#include "diff.h"
#include "group.h"
#include "json.h"
#include "message.h"
#include "metrics.h"
#include "once.h"
#include "record.h"
#include "status.h"
#include "summary.h"
#include "table.h"
#include "watch.h"

static int list(const struct vm_options *options, FILE *out)
{
	switch (options->form) {
	case VM_FORM_PMAP:
		return vm_once(options, out);
	case VM_FORM_TABLE:
		return vm_print_table(options, out);
	case VM_FORM_CSV:
		return vm_print_csv(options, out);
	case VM_FORM_JSON:
		return vm_print_json(options, out);
	case VM_FORM_NDJSON:
		return vm_print_ndjson(options, out);
	}
	return 0;
}

static int carry_out(const struct vm_options *options, FILE *out)
{
	switch (options->task) {
	case VM_TASK_LIST:
		return list(options, out);
	case VM_TASK_SUMMARY:
		return vm_print_summary(options, out);
	case VM_TASK_GROUP:
		return vm_print_groups(options, out);
	case VM_TASK_METRICS:
		return vm_print_metrics(options, out);
	case VM_TASK_RECORD:
		return vm_record(options);
	case VM_TASK_WATCH:
	case VM_TASK_WATCH_SUMS:
		return vm_watch(options, out);
	case VM_TASK_DIFF:
		return vm_diff(options, out);
	}
	return 0;
}

int vm_text(const struct vm_options *options, FILE *out)
{
	int status = carry_out(options, out);

	if (!vm_filter_failed(&options->selection.filter))
		return status;
	vm_say(options->program,
	       "out of memory: not every name could be matched with the expression");
	return status | VM_EXIT_FAILURE;
}

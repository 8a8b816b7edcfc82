#include "selected.h"

#include <errno.h>
#include <stdlib.h>

#include "vmview/event.h"
#include "vmview/recording.h"

static int take_selected(const struct vm_visit *visit, const struct vm_look *look, vm_take_fn take,
			 void *user)
{
	size_t count;
	uint32_t *items = vm_visit_rows(visit, &look->snapshot, &count);
	int r = items ? take(visit, look, &(struct vm_rows){ items, count }, user) : -ENOMEM;

	free(items);
	return r;
}

int vm_visit_selected(const struct vm_visit *visit, enum vm_detail detail, FILE *out,
		      vm_take_fn take, void *user)
{
	struct vm_look look = { 0 };
	int r = vm_visit_look(visit, detail, &look);
	int taken = r == 0 || look.snapshot.count ? take_selected(visit, &look, take, user) : 0;
	int status = look.status;

	if (taken < 0)
		status |= vm_visit_failed(visit, taken, &look.report, out);
	if (r < 0)
		status |= vm_visit_failed(visit, r, &look.report, out);
	if (taken == 0 && r == 0)
		status |=
			vm_visit_done(visit, &look.report) | vm_visit_missed(visit, &look.snapshot);
	vm_look_deinit(&look);
	return status;
}

void vm_visit_put_heading(const struct vm_visit *visit, struct vm_buf *text)
{
	const struct vm_frame *frame = vm_source_frame(visit->source);
	struct vm_buf command = { 0 };

	vm_visit_name(visit, text, &command);
	vm_buf_put_text(text, ":   ");
	vm_buf_put_str(text, vm_buf_str(&command));
	if (frame) {
		vm_buf_put_text(text, "  ");
		vm_event_put_date(text, frame->time_ns);
	}
	vm_buf_put_char(text, '\n');
	text->failed |= command.failed;
	vm_buf_deinit(&command);
}

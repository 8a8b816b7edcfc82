#include "json_process.h"

#include <string.h>

#include "tui/user.h"
#include "vmview/event.h"
#include "vmview/recording.h"
#include "vmview/safe.h"

/* Users of a capture are those of another machine: their numbers mean nobody here. */
static void put_user(struct vm_json *json, const struct vm_visit *visit)
{
	uid_t uid = visit->process.uid;
	struct vm_buf user = { 0 };

	if (vm_visit_is_saved(visit))
		vm_buf_put_dec(&user, uid, 0, ' ');
	else
		tui_put_user(&user, uid);
	vm_json_string(json, "user", vm_buf_str(&user));
	vm_json_number(json, "uid", uid);
	json->text->failed |= user.failed;
	vm_buf_deinit(&user);
}

static void put_arguments(struct vm_json *json, struct vm_str cmdline)
{
	struct vm_str rest = cmdline;

	vm_json_array(json, "cmdline");
	while (rest.len) {
		size_t len = vm_str_find(rest, '\0');

		vm_json_string(json, NULL, (struct vm_str){ rest.p, len });
		rest = vm_str_skip(rest, len + 1);
	}
	vm_json_end(json);
	if (!vm_utf8_valid(cmdline))
		vm_json_hex(json, "cmdline_hex", cmdline);
}

void vm_visit_put_json_identity(const struct vm_visit *visit, struct vm_json *json)
{
	const struct vm_frame *frame = visit->source ? vm_source_frame(visit->source) : NULL;
	const struct vm_process *process = &visit->process;
	pid_t pid = vm_process_number(process);

	if (visit->path)
		vm_json_bytes(json, "source", vm_str_from(visit->path));
	if (frame)
		vm_json_time(json, "time", frame->time_ns);
	if (pid)
		vm_json_number(json, "pid", (uint64_t)pid);
	if (process->pid && pid != process->pid)
		vm_json_number(json, "tid", (uint64_t)process->pid);
	if (process->comm.len)
		vm_json_bytes(json, "command", vm_buf_str(&process->comm));
}

/* Kernel threads and zombies have none; of a capture it may not be known. */
static bool knows_arguments(const struct vm_visit *visit)
{
	const struct vm_process *process = &visit->process;

	return process->cmdline.len ||
	       (process->has_stat && !vm_visit_is_saved(visit) &&
		!(process->unread && strcmp(process->unread, "cmdline") == 0));
}

void vm_visit_put_json(const struct vm_visit *visit, struct vm_json *json)
{
	const struct vm_process *process = &visit->process;

	vm_visit_put_json_identity(visit, json);
	if (knows_arguments(visit))
		put_arguments(json, vm_buf_str(&process->cmdline));
	if (process->has_uid)
		put_user(json, visit);
	if (process->state)
		vm_json_string(json, "state", (struct vm_str){ &process->state, 1 });
}

void vm_visit_put_json_reasons(const struct vm_visit *visit, struct vm_json *json)
{
	struct vm_str rest = vm_buf_str(visit->reasons);

	vm_json_array(json, "limited");
	while (rest.len) {
		size_t len = vm_str_find(rest, '\0');

		vm_json_string(json, NULL, (struct vm_str){ rest.p, len });
		rest = vm_str_skip(rest, len + 1);
	}
	vm_json_end(json);
}

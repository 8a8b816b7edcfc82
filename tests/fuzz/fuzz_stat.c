/*
 * A process's stat, status, limits and cgroup, a thread's syscall, meminfo and mountinfo: the same bytes are given to each.
 */
#include <errno.h>
#include <stdlib.h>

#include "fuzz.h"
#include "vmview/cgroup.h"
#include "vmview/limits_parser.h"
#include "vmview/stat.h"
#include "vmview/tally_text.h"

static void check_stat(struct vm_str text)
{
	struct vm_process process = { .pid = 7, .parent = 1, .state = '!', .threads = 3 };
	size_t open = vm_str_find(text, '('), close = vm_str_find_last(text, ')');
	int r = vm_stat_parse(text, &process);

	promise(r == 0 || r == -EBADMSG);
	promise(process.pid == 7 && process.parent >= 0);
	promise(process.has_stat == (r == 0));
	if (r == 0) {
		struct vm_str comm = { text.p + open + 1, close - open - 1 };

		promise(vm_str_equal(vm_buf_str(&process.comm), comm));
		promise(process.state == text.p[close + 2]);
	} else {
		promise(process.state == '!' && process.threads == 3 && !process.comm.len);
	}
	vm_process_deinit(&process);
}

static void check_status(struct vm_str text)
{
	struct vm_process once = { 0 }, twice = { 0 };

	vm_status_parse(text, &once);
	vm_status_parse(text, &twice);
	vm_status_parse(text, &twice);
	promise(once.tgid >= 0);
	promise(once.tgid == twice.tgid && once.uid == twice.uid && once.threads == twice.threads);
	promise(once.has_uid == twice.has_uid);
	promise(once.vm_rss == twice.vm_rss && once.vm_swap == twice.vm_swap);
	vm_process_deinit(&once);
	vm_process_deinit(&twice);
}

static void check_syscall(struct vm_str text)
{
	uint64_t pointer = 1;

	if (!vm_syscall_parse(text, &pointer))
		promise(pointer == 1);
}

/* @name is that of a control group. */
static void check_written(struct vm_limits *limits, struct vm_str name)
{
	struct vm_buf table = { 0 }, objects = { 0 };
	struct vm_json json = { .text = &objects };

	for (enum vm_limit_id id = 0; id < VM_LIMIT_COUNT; id++)
		limits->items[id].source = vm_limit_info(id)->source;
	limits->items[VM_LIMIT_CGROUP].now = (struct vm_quantity){ VM_KNOWN_NUMBER, name.len };
	vm_buf_put_str(&limits->items[VM_LIMIT_CGROUP].group, name);
	vm_limits_put_table(&table, limits, VM_SIZE_HUMAN);
	vm_json_object(&json, NULL);
	vm_limits_put_json(&json, "limits", limits);
	vm_json_end(&json);
	promise(!table.failed && !objects.failed && !json.depth);
	fuzz_promise_safe(vm_buf_str(&table));
	fuzz_promise_safe(vm_buf_str(&objects));
	vm_buf_deinit(&table);
	vm_buf_deinit(&objects);
}

/* Whatever is read is a number or said to be none. */
static void check_limits(struct vm_str text)
{
	struct vm_limits limits = { 0 };

	vm_limits_parse(text, &limits);
	vm_limits_parse_status(text, &limits);
	vm_limits_parse_meminfo(text, &limits);
	for (enum vm_limit_id id = 0; id < VM_LIMIT_COUNT; id++) {
		const struct vm_limit *limit = &limits.items[id];
		uint64_t percent;

		promise(limit->now.known == VM_KNOWN_NOT || limit->now.known == VM_KNOWN_NUMBER);
		promise(limit->most.known != VM_KNOWN_UNREADABLE);
		if (vm_limit_percent(limit, &percent))
			promise(limit->most.number && vm_limit_is_known(limit));
	}
	check_written(&limits, (struct vm_str){ text.p, text.len < 96 ? text.len : 96 });
	vm_limits_deinit(&limits);
}

/* What stands before a NUL is cgroup, the rest mountinfo. Whatever is found leads to no folder above the mount. */
static void check_cgroup(struct vm_str text)
{
	struct vm_str name = fuzz_take_until(&text, '\0');
	struct vm_cgroup cgroup = { 0 };
	int r = vm_cgroup_find(name, text, &cgroup);
	struct vm_str folder = vm_buf_str(&cgroup.folder);

	if (r < 0) {
		promise(r == -ENOENT && !cgroup.mount.p && !cgroup.folder.p && !cgroup.name.p);
		return;
	}
	promise(cgroup.mount.len && cgroup.name.len);
	promise(!folder.len || folder.p[0] == '/');
	promise(!folder.len || !vm_str_contains(folder, VM_STR("/..")));
	promise(!folder.len || vm_str_ends(vm_buf_str(&cgroup.name), folder));
	vm_cgroup_deinit(&cgroup);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct vm_str text = fuzz_str(bytes, size);

	check_stat(text);
	check_status(text);
	check_syscall(text);
	check_limits(text);
	check_cgroup(text);
	return 0;
}

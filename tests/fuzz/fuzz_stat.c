/*
 * A process's stat, status and a thread's syscall: the same bytes are given to each.
 */
#include <errno.h>
#include <stdlib.h>

#include "fuzz.h"
#include "vmview/stat.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct vm_str text = fuzz_str(bytes, size);

	check_stat(text);
	check_status(text);
	check_syscall(text);
	return 0;
}

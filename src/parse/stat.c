#include "vmview/stat.h"

#include <errno.h>

#include "vmview/scan.h"

/* Numbers of fields as proc_pid_stat(5) counts them, from 1. */
enum stat_field {
	STAT_STATE = 3,
	STAT_PARENT = 4,
	STAT_FLAGS = 9,
	STAT_THREADS = 20,
	STAT_START_TIME = 22,
	STAT_START_STACK = 28
};

/* A decimal number that may be negative; negative ones read as 0, nothing here needs them. */
static bool scan_number(struct vm_str *cursor, uint64_t *value)
{
	bool negative = vm_scan_char(cursor, '-');

	if (!vm_scan_dec(cursor, value))
		return false;
	if (negative)
		*value = 0;
	return true;
}

static bool scan_numbers(struct vm_str rest, struct vm_process *process)
{
	for (int field = STAT_STATE + 1; field <= STAT_START_STACK; field++) {
		uint64_t value;

		if (!vm_scan_char(&rest, ' ') || !scan_number(&rest, &value))
			return false;
		if (field == STAT_PARENT && value <= INT32_MAX)
			process->parent = (pid_t)value;
		if (field == STAT_FLAGS)
			process->flags = value;
		if (field == STAT_THREADS && value <= UINT32_MAX)
			process->threads = (uint32_t)value;
		if (field == STAT_START_TIME)
			process->start_time = value;
		if (field == STAT_START_STACK)
			process->start_stack = value;
	}
	return true;
}

/* A capture's only word on whose it is. */
static void take_pid(struct vm_str text, struct vm_process *process)
{
	uint64_t pid;

	if (!process->pid && vm_scan_dec(&text, &pid) && pid <= INT32_MAX)
		process->pid = (pid_t)pid;
}

/* The command may hold blanks and parentheses: it ends at the last `) `. */
int vm_stat_parse(struct vm_str text, struct vm_process *process)
{
	size_t open = vm_str_find(text, '('), close = vm_str_find_last(text, ')');
	struct vm_str rest = vm_str_skip(text, close + 1);
	struct vm_process parsed = *process;

	if (open == text.len || close == text.len || close < open || rest.len < 2)
		return -EBADMSG;
	parsed.state = rest.p[1];
	if (rest.p[0] != ' ' || !scan_numbers(vm_str_skip(rest, 2), &parsed))
		return -EBADMSG;
	take_pid(text, &parsed);
	vm_buf_clear(&parsed.comm);
	vm_buf_put(&parsed.comm, text.p + open + 1, close - open - 1);
	parsed.has_stat = !parsed.comm.failed;
	*process = parsed;
	if (parsed.comm.failed)
		return -ENOMEM;
	return 0;
}

static bool scan_word(struct vm_str *cursor, struct vm_str word)
{
	if (!vm_str_starts(*cursor, word))
		return false;
	*cursor = vm_str_skip(*cursor, word.len);
	vm_scan_blanks(cursor);
	return true;
}

static void parse_uid(struct vm_str line, struct vm_process *process)
{
	uint64_t real, effective;

	if (vm_scan_dec(&line, &real) && vm_scan_blanks(&line) && vm_scan_dec(&line, &effective) &&
	    effective <= UINT32_MAX) {
		process->uid = (uid_t)effective;
		process->has_uid = true;
	}
}

/* `NUMBER kB`. @number is left alone where it is something else. */
static bool parse_kb(struct vm_str line, uint64_t *number)
{
	uint64_t kb;

	if (!vm_scan_dec(&line, &kb) || kb > UINT64_MAX / 1024)
		return false;
	*number = kb * 1024;
	return true;
}

static void parse_status_line(struct vm_str line, struct vm_process *process)
{
	uint64_t number;

	if (scan_word(&line, VM_STR("Tgid:"))) {
		if (vm_scan_dec(&line, &number) && number <= INT32_MAX)
			process->tgid = (pid_t)number;
	} else if (scan_word(&line, VM_STR("Threads:"))) {
		if (vm_scan_dec(&line, &number) && number <= UINT32_MAX)
			process->threads = (uint32_t)number;
	} else if (scan_word(&line, VM_STR("Uid:"))) {
		parse_uid(line, process);
	} else if (scan_word(&line, VM_STR("VmSize:"))) {
		process->has_memory = parse_kb(line, &process->vm_size);
	} else if (scan_word(&line, VM_STR("VmRSS:"))) {
		parse_kb(line, &process->vm_rss);
	} else if (scan_word(&line, VM_STR("VmSwap:"))) {
		parse_kb(line, &process->vm_swap);
	} else if (scan_word(&line, VM_STR("VmLck:"))) {
		parse_kb(line, &process->vm_locked);
	}
}

void vm_status_parse(struct vm_str text, struct vm_process *process)
{
	while (text.len) {
		size_t end = vm_str_find(text, '\n');

		parse_status_line((struct vm_str){ text.p, end }, process);
		text = vm_str_skip(text, end + 1);
	}
}

/* `NUMBER ARG... SP PC`, or `-1 SP PC` for a thread that is blocked outside a system call. */
bool vm_syscall_parse(struct vm_str text, uint64_t *stack_pointer)
{
	struct vm_str pc, sp;
	uint64_t pointer;
	size_t blank;

	while (text.len && (text.p[text.len - 1] == '\n' || text.p[text.len - 1] == ' '))
		text.len--;
	blank = vm_str_find_last(text, ' ');
	if (blank == text.len)
		return false;
	pc = vm_str_skip(text, blank + 1);
	text.len = blank;
	blank = vm_str_find_last(text, ' ');
	if (blank == text.len)
		return false;
	sp = vm_str_skip(text, blank + 1);
	if (!vm_str_starts(pc, VM_STR("0x")) || !vm_str_starts(sp, VM_STR("0x")))
		return false;
	sp = vm_str_skip(sp, 2);
	if (!vm_scan_hex(&sp, &pointer) || sp.len)
		return false;
	*stack_pointer = pointer;
	return true;
}

#include "vmview/limits_parser.h"

#include "vmview/scan.h"

static bool scan_word(struct vm_str *cursor, const char *word)
{
	struct vm_str expected = vm_str_from(word);

	if (!vm_str_starts(*cursor, expected))
		return false;
	*cursor = vm_str_skip(*cursor, expected.len);
	return vm_scan_blanks(cursor);
}

/* Takes the next line off the front of @text. */
static struct vm_str next_line(struct vm_str *text)
{
	struct vm_str line = { text->p, vm_str_find(*text, '\n') };

	*text = vm_str_skip(*text, line.len + 1);
	return line;
}

/* `NAME   SOFT   HARD   UNITS`; names hold blanks (fs/proc/base.c, proc_pid_limits()). */
static const struct {
	const char *name;
	enum vm_limit_id id;
} rlimits[] = {
	{ "Max address space", VM_LIMIT_ADDRESS_SPACE },
	{ "Max data size", VM_LIMIT_DATA },
	{ "Max stack size", VM_LIMIT_STACK },
	{ "Max locked memory", VM_LIMIT_LOCKED },
};

static void parse_soft(struct vm_str rest, struct vm_quantity *most)
{
	uint64_t number;

	if (vm_str_starts(rest, VM_STR("unlimited")))
		*most = (struct vm_quantity){ .known = VM_KNOWN_UNLIMITED };
	else if (vm_scan_dec(&rest, &number))
		*most = (struct vm_quantity){ VM_KNOWN_NUMBER, number };
}

void vm_limits_parse(struct vm_str text, struct vm_limits *limits)
{
	while (text.len) {
		struct vm_str line = next_line(&text);

		for (size_t i = 0; i < sizeof(rlimits) / sizeof(rlimits[0]); i++) {
			if (scan_word(&line, rlimits[i].name))
				parse_soft(line, &limits->items[rlimits[i].id].most);
		}
	}
}

/* `KEY:   NUMBER kB` */
static void parse_kb(struct vm_str line, const char *key, struct vm_quantity *quantity)
{
	uint64_t kb;

	if (scan_word(&line, key) && vm_scan_dec(&line, &kb) && kb <= UINT64_MAX / 1024)
		*quantity = (struct vm_quantity){ VM_KNOWN_NUMBER, kb * 1024 };
}

void vm_limits_parse_status(struct vm_str text, struct vm_limits *limits)
{
	while (text.len) {
		struct vm_str line = next_line(&text);

		parse_kb(line, "VmSize:", &limits->items[VM_LIMIT_ADDRESS_SPACE].now);
		parse_kb(line, "VmData:", &limits->items[VM_LIMIT_DATA].now);
		parse_kb(line, "VmStk:", &limits->items[VM_LIMIT_STACK].now);
		parse_kb(line, "VmLck:", &limits->items[VM_LIMIT_LOCKED].now);
	}
}

void vm_limits_parse_meminfo(struct vm_str text, struct vm_limits *limits)
{
	struct vm_limit *committed = &limits->items[VM_LIMIT_COMMITTED];

	while (text.len) {
		struct vm_str line = next_line(&text);

		parse_kb(line, "CommitLimit:", &committed->most);
		parse_kb(line, "Committed_AS:", &committed->now);
	}
}

#include <inttypes.h>
#include <unistd.h>

#include "output.h"
#include "stage.h"
#include "vmview/safe.h"

static void put_escaped(FILE *out, unsigned char c)
{
	switch (c) {
	case '"':
	case '\\':
		fprintf(out, "\\%c", c);
		break;
	case '\n':
		fputs("\\n", out);
		break;
	case '\t':
		fputs("\\t", out);
		break;
	default:
		/* No character, or one that a terminal should not be given. */
		fprintf(out, c < 0x80 ? "\\u%04x" : "\\ufffd", c);
	}
}

void demo_put_json_string(FILE *out, const char *text)
{
	struct vm_str rest = vm_str_from(text);

	if (!text) {
		fputs("null", out);
		return;
	}
	putc('"', out);
	while (rest.len) {
		size_t n = vm_safe_char(rest);

		if (n == 0 || rest.p[0] == '"' || rest.p[0] == '\\') {
			put_escaped(out, (unsigned char)rest.p[0]);
			n = 1;
		} else {
			fwrite(rest.p, 1, n, out);
		}
		rest = vm_str_skip(rest, n);
	}
	putc('"', out);
}

/* The members of an object, with commas between them. */
struct members {
	FILE *out;
	bool more;
};

static void put_name(struct members *members, const char *name)
{
	fprintf(members->out, "%s\"%s\":", members->more ? "," : "", name);
	members->more = true;
}

static void put_word(struct members *members, const char *name, const char *word)
{
	put_name(members, name);
	demo_put_json_string(members->out, word);
}

/* [low, high]; no upper bound is null. */
static void put_range(struct members *members, const char *name, struct demo_range range)
{
	put_name(members, name);
	fprintf(members->out, "[%" PRIu64 ",", range.low);
	if (range.high == UINT64_MAX)
		fputs("null]", members->out);
	else
		fprintf(members->out, "%" PRIu64 "]", range.high);
}

static void put_expectations(struct members *members, const struct demo_expect *expect)
{
	if (expect->kind != VM_KIND_COUNT)
		put_word(members, "kind", vm_kind_info(expect->kind)->name);
	if (expect->backing != VM_BACKING_COUNT)
		put_word(members, "backing", vm_backing_name(expect->backing));
	if (expect->sharing != VM_SHARING_COUNT)
		put_word(members, "sharing", vm_sharing_name(expect->sharing));
	if (expect->perms)
		put_word(members, "perms", expect->perms);
	if (expect->size) {
		put_name(members, "size");
		fprintf(members->out, "%" PRIu64, expect->size);
	}
	if (expect->deleted) {
		put_name(members, "deleted");
		fputs("true", members->out);
	}
	for (enum demo_number i = 0; i < DEMO_NUMBER_COUNT; i++) {
		struct demo_range range = demo_number_of(expect, i);

		if (range.checked)
			put_range(members, demo_number_name(i), range);
	}
}

static void put_expect(FILE *out, const struct demo_step *step)
{
	struct members members = { .out = out };

	putc('{', out);
	if (step && step->expect.gone) {
		put_name(&members, "gone");
		fputs("true", out);
	} else if (step) {
		put_expectations(&members, &step->expect);
	}
	putc('}', out);
}

static void put_place(struct members *members, const struct demo_outcome *outcome)
{
	const struct demo_step *step = outcome->step;
	pid_t pid = step && step->pid ? step->pid : getpid();

	put_name(members, "pid");
	fprintf(members->out, "%d", (int)pid);
	put_name(members, "address");
	if (step)
		/* As text: not every reader of JSON has integers of 64 bits. */
		fprintf(members->out, "\"0x%" PRIxPTR "\"", (uintptr_t)step->address);
	else
		fputs("null", members->out);
	put_name(members, "size");
	if (step && outcome->seen->found)
		fprintf(members->out, "%" PRIu64, outcome->seen->end - outcome->seen->start);
	else
		fputs("null", members->out);
}

void demo_put_json(FILE *out, const struct demo_stage *stage, const struct demo_outcome *outcome)
{
	struct members members = { .out = out };

	putc('{', out);
	put_word(&members, "scene", stage->scene->name);
	put_name(&members, "step");
	fprintf(out, "%u", stage->step);
	put_word(&members, "call", outcome->call);
	put_place(&members, outcome);
	put_name(&members, "expect");
	put_expect(out, outcome->step);
	put_word(&members, "result", demo_result_name(outcome->result));
	put_word(&members, "reason", outcome->text);
	fputs("}\n", out);
}

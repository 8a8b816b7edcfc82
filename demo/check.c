#include "check.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	size_t offset; /* of its struct demo_range */
} numbers[] = {
	[DEMO_NUMBER_RSS] = { "rss", offsetof(struct demo_expect, rss) },
	[DEMO_NUMBER_COPIED] = { "copied", offsetof(struct demo_expect, copied) },
	[DEMO_NUMBER_PRIVATE_DIRTY] = { "private_dirty",
					offsetof(struct demo_expect, private_dirty) },
	[DEMO_NUMBER_SHARED_NOW] = { "shared_now", offsetof(struct demo_expect, shared_now) },
	[DEMO_NUMBER_SWAP] = { "swap", offsetof(struct demo_expect, swap) },
	[DEMO_NUMBER_LOCKED] = { "locked", offsetof(struct demo_expect, locked) },
	[DEMO_NUMBER_HUGETLB] = { "hugetlb", offsetof(struct demo_expect, hugetlb) },
	[DEMO_NUMBER_ANON_HUGE] = { "anon_huge", offsetof(struct demo_expect, anon_huge) },
};
static_assert(sizeof(numbers) / sizeof(numbers[0]) == DEMO_NUMBER_COUNT, "name every number");

const char *demo_number_name(enum demo_number number)
{
	return numbers[number].name;
}

struct demo_range demo_number_of(const struct demo_expect *expect, enum demo_number number)
{
	struct demo_range range;

	memcpy(&range, (const char *)expect + numbers[number].offset, sizeof(range));
	return range;
}

/* Differences under construction: parts joined by "; ". */
struct report {
	char *text;
	size_t size, used;
	unsigned differs, unreported;
};

__attribute__((format(printf, 2, 3))) static void add(struct report *report, const char *format,
						      ...)
{
	va_list arguments;
	int n;

	if (report->used && report->used + 2 < report->size) {
		memcpy(report->text + report->used, "; ", 3);
		report->used += 2;
	}
	va_start(arguments, format);
	n = vsnprintf(report->text + report->used, report->size - report->used, format, arguments);
	va_end(arguments);
	if (n > 0)
		report->used += (size_t)n;
	if (report->used >= report->size)
		report->used = report->size - 1;
}

static void compare_word(struct report *report, const char *name, const char *expected,
			 const char *got)
{
	if (strcmp(expected, got) == 0)
		return;
	report->differs++;
	add(report, "%s: expected %s, got %s", name, expected, got);
}

static void compare_words(struct report *report, const struct demo_expect *expect,
			  const struct demo_seen *seen)
{
	if (expect->kind != VM_KIND_COUNT)
		compare_word(report, "kind", vm_kind_info(expect->kind)->name,
			     vm_kind_info(seen->kind)->name);
	if (expect->backing != VM_BACKING_COUNT)
		compare_word(report, "backing", vm_backing_name(expect->backing),
			     vm_backing_name(seen->backing));
	if (expect->sharing != VM_SHARING_COUNT)
		compare_word(report, "sharing", vm_sharing_name(expect->sharing),
			     vm_sharing_name(seen->sharing));
	if (expect->perms)
		compare_word(report, "perms", expect->perms, seen->perms);
	if (expect->deleted)
		compare_word(report, "file", "deleted", seen->deleted ? "deleted" : "with a name");
}

static void tell_range(struct report *report, const char *name, struct demo_range range,
		       uint64_t got)
{
	report->differs++;
	if (range.low == range.high)
		add(report, "%s: expected %" PRIu64 ", got %" PRIu64, name, range.low, got);
	else if (range.high == UINT64_MAX)
		add(report, "%s: expected at least %" PRIu64 ", got %" PRIu64, name, range.low,
		    got);
	else
		add(report, "%s: expected %" PRIu64 " to %" PRIu64 ", got %" PRIu64, name,
		    range.low, range.high, got);
}

static void compare_number(struct report *report, const struct demo_expect *expect,
			   const struct demo_seen *seen, enum demo_number number)
{
	struct demo_range range = demo_number_of(expect, number);
	uint64_t got = seen->numbers[number];

	if (!range.checked)
		return;
	if (!(seen->reported >> number & 1)) {
		report->unreported++;
		add(report, "%s: this kernel does not report it", numbers[number].name);
	} else if (got < range.low || got > range.high) {
		tell_range(report, numbers[number].name, range, got);
	}
}

static void compare_all(struct report *report, const struct demo_expect *expect,
			const struct demo_seen *seen)
{
	compare_words(report, expect, seen);
	if (expect->size && expect->size != seen->end - seen->start)
		tell_range(report, "size", DEMO_EXACTLY(expect->size), seen->end - seen->start);
	for (enum demo_number i = 0; i < DEMO_NUMBER_COUNT; i++)
		compare_number(report, expect, seen, i);
}

unsigned demo_compare(const struct demo_expect *expect, const struct demo_seen *seen, char *text,
		      size_t size, unsigned *unreported)
{
	struct report report = { .text = text, .size = size };

	text[0] = '\0';
	if (seen->error) {
		report.differs++;
		add(&report, "the mappings cannot be read: %s", strerror(-seen->error));
	} else if (expect->gone && seen->found) {
		report.differs++;
		add(&report, "expected no mapping, got %" PRIx64 "-%" PRIx64 " %s", seen->start,
		    seen->end, seen->perms);
	} else if (!expect->gone && !seen->found) {
		report.differs++;
		add(&report, "expected a mapping, got none");
	} else if (!expect->gone) {
		compare_all(&report, expect, seen);
	}
	*unreported = report.unreported;
	return report.differs;
}

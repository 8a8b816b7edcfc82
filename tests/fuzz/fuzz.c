#include "fuzz.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "vmview/parser.h"
#include "vmview/safe.h"

void fuzz_broken(const char *condition, const char *file, int line)
{
	fprintf(stderr, "%s:%d: broken: %s\n", file, line, condition);
	abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	setenv("TZ", "UTC0", 1);
	tzset();
	setlocale(LC_ALL, "C.UTF-8");
	return 0;
}

uint8_t fuzz_take_byte(struct vm_str *rest)
{
	uint8_t byte = rest->len ? (uint8_t)rest->p[0] : 0;

	*rest = vm_str_skip(*rest, 1);
	return byte;
}

struct vm_str fuzz_take_until(struct vm_str *rest, char end)
{
	struct vm_str taken = { rest->p, vm_str_find(*rest, end) };

	*rest = vm_str_skip(*rest, taken.len + 1);
	return taken;
}

char *fuzz_copy(struct vm_str text)
{
	char *copy = malloc(text.len ? text.len : 1);

	promise(copy);
	if (text.len)
		memcpy(copy, text.p, text.len);
	return copy;
}

uint64_t fuzz_hash(struct vm_str text)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ (unsigned char)text.p[i]) * UINT64_C(1099511628211);
	return hash;
}

uint64_t fuzz_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *seed >> 33;
}

static int keep(const struct vm_mapping *mapping, void *user)
{
	return vm_snapshot_add(user, mapping);
}

/* Mostly a few bytes, sometimes more than a line. */
static size_t piece_length(size_t most, uint64_t cut, uint64_t *seed)
{
	uint64_t n = cut == 0              ? most :
		     cut == 1              ? 1 :
		     fuzz_random(seed) % 3 ? 1 + fuzz_random(seed) % 9 :
					     1 + fuzz_random(seed) % 200;

	return n < most ? (size_t)n : most;
}

static int feed(struct vm_parser *parser, struct vm_str text, uint64_t cut)
{
	uint64_t seed = cut;

	while (text.len) {
		struct vm_str piece = { text.p, piece_length(text.len, cut, &seed) };
		char *bytes = fuzz_copy(piece);
		int r = vm_parser_feed(parser, bytes, piece.len);

		free(bytes);
		if (r < 0)
			return r;
		text = vm_str_skip(text, piece.len);
	}
	return vm_parser_finish(parser);
}

struct fuzz_parsed fuzz_parse(struct vm_str text, uint64_t cut)
{
	struct fuzz_parsed parsed = { 0 };
	struct vm_parser parser;

	vm_parser_init(&parser, keep, &parsed.snapshot);
	parsed.result = feed(&parser, text, cut);
	parsed.line = parser.line;
	parsed.mappings = parser.mappings;
	parsed.reason = parser.reason;
	vm_parser_deinit(&parser);
	return parsed;
}

void fuzz_parsed_deinit(struct fuzz_parsed *parsed)
{
	vm_snapshot_deinit(&parsed->snapshot);
}

struct vm_snapshot fuzz_snapshot(struct vm_str text)
{
	struct fuzz_parsed parsed = fuzz_parse(text, 0);

	vm_snapshot_arrange(&parsed.snapshot);
	promise(vm_snapshot_classify(&parsed.snapshot, NULL, 0) == 0);
	return parsed.snapshot;
}

static void promise_same_usage(const struct vm_usage *a, const struct vm_usage *b)
{
	promise(a->present == b->present && a->nonzero == b->nonzero);
	for (enum vm_field field = 0; field < VM_FIELD_COUNT; field++)
		promise(vm_usage_get(a, field) == vm_usage_get(b, field));
	promise(a->order_count == b->order_count);
	for (uint32_t i = 0; i < a->order_count; i++)
		promise(a->order[i] == b->order[i]);
	promise(a->extra_count == b->extra_count);
	for (uint32_t i = 0; i < a->extra_count; i++) {
		promise(vm_str_equal(a->extras[i].key, b->extras[i].key));
		promise(vm_str_equal(a->extras[i].value, b->extras[i].value));
	}
}

void fuzz_promise_same(const struct vm_mapping *a, const struct vm_mapping *b)
{
	promise(a->start == b->start && a->end == b->end && a->offset == b->offset);
	promise(a->inode == b->inode && a->dev_major == b->dev_major &&
		a->dev_minor == b->dev_minor);
	promise(memcmp(a->perms, b->perms, sizeof(a->perms)) == 0);
	promise(vm_str_equal(a->name, b->name));
	promise((a->vm_flags.p != NULL) == (b->vm_flags.p != NULL));
	promise(vm_str_equal(a->vm_flags, b->vm_flags));
	promise(a->kind == b->kind && a->backing == b->backing && a->deleted == b->deleted);
	promise_same_usage(&a->usage, &b->usage);
}

void fuzz_promise_safe(struct vm_str text)
{
	while (text.len) {
		size_t n = vm_safe_char(text);
		unsigned char c = (unsigned char)text.p[0];

		/* Not by vm_safe_char() alone: it is what is tested. */
		promise(c == '\n' || (c >= 0x20 && c != 0x7f));
		promise(n || c == '\n');
		text = vm_str_skip(text, n ? n : 1);
	}
}

void fuzz_promise_sentence(struct vm_str text)
{
	promise(text.len);
	promise(vm_str_find(text, '\n') == text.len);
	fuzz_promise_safe(text);
}

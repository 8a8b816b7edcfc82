/*
 * What the fuzz targets share. A target is one function from bytes to promises: whatever the bytes, every promise() is kept and
 * no sanitizer finds anything. libFuzzer makes the bytes up; without it replay.c hands over saved ones.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "vmview/snapshot.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Ends the program unless @condition holds, in every kind of build. */
#define promise(condition) ((condition) ? (void)0 : fuzz_broken(#condition, __FILE__, __LINE__))
_Noreturn void fuzz_broken(const char *condition, const char *file, int line);

/* The target; of each program another. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Called once before: locale and time zone are the same everywhere. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

static inline struct vm_str fuzz_str(const uint8_t *bytes, size_t size)
{
	return (struct vm_str){ (const char *)bytes, size };
}

/* The first byte, or 0 where there is none any more. */
uint8_t fuzz_take_byte(struct vm_str *rest);

/* What stands before the first @end, which is dropped; or all the rest. */
struct vm_str fuzz_take_until(struct vm_str *rest, char end);

/* The same bytes to the end of memory that ends there: reading on is found. To be freed. */
char *fuzz_copy(struct vm_str text);

/*
 * What the parser hands out of @text, its result, and why. Cut where @cut says: 0 not at all, else the seed of random
 * pieces, 1 into single bytes.
 */
struct fuzz_parsed {
	struct vm_snapshot snapshot;
	int result;
	uint64_t line, mappings;
	const char *reason;
};

struct fuzz_parsed fuzz_parse(struct vm_str text, uint64_t cut);
void fuzz_parsed_deinit(struct fuzz_parsed *parsed);

/* A snapshot as the program makes it: arranged, classified. Of wrong text what came before it. */
struct vm_snapshot fuzz_snapshot(struct vm_str text);

/* Every fact and number. */
void fuzz_promise_same(const struct vm_mapping *a, const struct vm_mapping *b);

/* Nothing in it does anything to a terminal: safe characters, and newlines. */
void fuzz_promise_safe(struct vm_str text);

/* One sentence: safe, not empty, no newline. */
void fuzz_promise_sentence(struct vm_str text);

uint64_t fuzz_hash(struct vm_str text);

/* The next number of a row that @seed begins. */
uint64_t fuzz_random(uint64_t *seed);

/*
 * What the unit tests share. Includes cmocka with all that it wants to be included before.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "vmview/buf.h"
#include "vmview/mapping.h"
#include "vmview/snapshot.h"
#include "vmview/str.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Run @fn on a local when its scope ends. */
#define vm_cleanup(fn) __attribute__((__cleanup__(fn)))

/* The head of a test. Its name is the claim that it checks. */
#define TEST(name) static void name(__attribute__((unused)) void **state)

/* The slice holds exactly the bytes of the literal, NUL bytes inside it included. */
#define assert_slice(slice, literal) check_slice((slice), VM_STR(literal), __FILE__, __LINE__)

/* The same of two slices. */
#define assert_same(slice, wanted) check_slice((slice), (wanted), __FILE__, __LINE__)

/* Where in a table a failure is: prints @label and fails unless @condition. */
#define assert_row(condition, label) check_row((condition), #condition, (label), __FILE__, __LINE__)

void check_slice(struct vm_str slice, struct vm_str wanted, const char *file, int line);
void check_row(bool condition, const char *text, const char *label, const char *file, int line);

/* What a parser made of a text. */
struct parsed {
	struct vm_snapshot snapshot; /* what it handed out, in the order of the text */
	int result;
	uint64_t line, mappings;
	const char *reason;
};

/* Feed @text in pieces of @piece bytes, 0 for all at once. */
struct parsed parse_in_pieces(struct vm_str text, size_t piece);
struct parsed parse(const char *text);

/* All of @text, which is whole, with its mappings classified. */
struct parsed classified(const char *text);

/* The same, arranged as a process has them. The caller deinits it. */
struct vm_snapshot snapshot_of(const char *text);
void parsed_deinit(struct parsed *parsed);

/* The only mapping of @parsed; fails where there is not exactly one. */
const struct vm_mapping *only(const struct parsed *parsed);

/* Whether two mappings say the same in every respect; fails where not. */
void assert_same_mapping(const struct vm_mapping *a, const struct vm_mapping *b);

/* A new folder below /tmp, and its removal with all that is in it. */
struct folder {
	char path[64];
	int fd;
};

struct folder folder_make(void);
void folder_deinit(struct folder *folder);

/* Write a file of the folder. */
void folder_write(const struct folder *folder, const char *name, const char *text);

/* "PATH/NAME", to be freed with text_free. */
char *folder_join(const struct folder *folder, const char *name);
void text_free(char **text);

/* The bytes of a file, which must be readable. */
void read_file(const char *path, struct vm_buf *text);

/* Call @check for every file NAME/maps and NAME/smaps of tests/fixtures. Fails where there are none. */
void each_fixture(void (*check)(const char *path, struct vm_str text));

/*
 * The terms of a filter: each is parsed into what its judge needs.
 */
#pragma once

#include <regex.h>

#include "vmview/kind.h"
#include "vmview/selection.h"

/* What a term says of a mapping; what the mapping does not report cannot be judged. */
enum vm_verdict { VM_VERDICT_NO, VM_VERDICT_YES, VM_VERDICT_UNKNOWN };

static inline enum vm_verdict vm_verdict_of(bool holds)
{
	return holds ? VM_VERDICT_YES : VM_VERDICT_NO;
}

struct vm_filter_term {
	enum vm_verdict (*judge)(const struct vm_filter_term *term, const struct vm_mapping *m);
	bool negated;
	bool needs_smaps; /* without it not everything can be judged */
	/* what @judge looks at: */
	union {
		struct vm_str text;
		uint32_t set; /* bit per value of an enum */
		struct {
			uint8_t asked, wanted; /* bits of permissions */
		} perms;
		struct {
			enum vm_measure measure;
			unsigned outcomes; /* of the comparison: those that hold */
			uint64_t number;
		} size;
		uint64_t addr;
		char flag[3];
	};
	struct vm_filter_regex *regex; /* owned, or NULL */
};

struct vm_filter_regex {
	regex_t compiled;
	bool failed; /* comparing takes memory, too: there was none */
};

/* Frees what the term owns. */
void vm_filter_term_deinit(struct vm_filter_term *term);

/*
 * A term as it stands in the expression: `!kind:heap` is @whole and `kind:heap` @bare; once the
 * colon or the comparison is found, `kind` is @key and `heap` @value.
 */
struct vm_term_text {
	struct vm_str whole, bare, key, value;
	struct vm_buf *error;
};

/* Fill @term except @negated from @text->bare. 0, or -EINVAL with the error told. */
int vm_filter_term_parse(struct vm_term_text *text, struct vm_filter_term *term);

/* The terms `KEY:VALUE`. */
struct vm_filter_key {
	const char *name;
	const char *example;
	int (*parse)(const struct vm_term_text *text, struct vm_filter_term *term);
};

/* NULL: there is none of that name. */
const struct vm_filter_key *vm_filter_key_find(struct vm_str name);

/* The names of all, each with its colon, in words. */
void vm_filter_key_list(struct vm_buf *buf);

/* Terms that choose among names, in filter_choice.c. */
int vm_filter_parse_kind(const struct vm_term_text *text, struct vm_filter_term *term);
int vm_filter_parse_backing(const struct vm_term_text *text, struct vm_filter_term *term);
int vm_filter_parse_sharing(const struct vm_term_text *text, struct vm_filter_term *term);

/* A term on the name, in filter_match.c. */
int vm_filter_parse_match(const struct vm_term_text *text, struct vm_filter_term *term);

/* Whether an extended regular expression stays moderate when regcomp() writes its repetitions out. */
bool vm_filter_unfolds(struct vm_str expression);

/* The name that terms look at: what has none is found by what it is shown as. */
struct vm_str vm_filter_name(const struct vm_mapping *mapping);

/* Holds where the name contains @part. */
void vm_filter_term_set_name(struct vm_filter_term *term, struct vm_str part);

/* Begin the sentence that blames the term; the caller goes on in the buffer that is returned. */
struct vm_buf *vm_filter_blame(const struct vm_term_text *text);

/* Append foreign text: safe, and cut where it is long. */
void vm_filter_quote(struct vm_buf *buf, struct vm_str text);

/* Append the @count names of an enum's values, separated by commas. */
void vm_filter_list(struct vm_buf *buf, const char *(*name)(unsigned i), unsigned count);

/* Upper and lower case are told of ASCII only: names are bytes of any encoding. */
bool vm_text_contains_fold(struct vm_str s, struct vm_str part);

/* Letters and nothing else, at least one. */
bool vm_text_is_word(struct vm_str text);

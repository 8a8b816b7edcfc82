#include "filter_private.h"

#include <errno.h>
#include <stdlib.h>

#include "vmview/scan.h"

/* Forget the terms from @count on. Their text stays: it is the arena's. */
static void cut(struct vm_filter *filter, size_t count)
{
	while (filter->count > count)
		vm_filter_term_deinit(&filter->terms[--filter->count]);
}

void vm_filter_deinit(struct vm_filter *filter)
{
	cut(filter, 0);
	free(filter->terms);
	vm_arena_deinit(&filter->text);
	*filter = (struct vm_filter){ 0 };
}

static int append(struct vm_filter *filter, const struct vm_filter_term *term)
{
	size_t cap = filter->cap ? filter->cap * 2 : 4;
	struct vm_filter_term *p;

	if (filter->count == filter->cap) {
		p = reallocarray(filter->terms, cap, sizeof(*p));
		if (!p)
			return -ENOMEM;
		filter->terms = p;
		filter->cap = cap;
	}
	filter->terms[filter->count++] = *term;
	return 0;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The next word of @rest; false at the end. */
static bool next_word(struct vm_str *rest, struct vm_str *word)
{
	size_t from = 0, to;

	while (from < rest->len && is_blank(rest->p[from]))
		from++;
	to = from;
	while (to < rest->len && !is_blank(rest->p[to]))
		to++;
	*word = (struct vm_str){ rest->p + from, to - from };
	*rest = vm_str_skip(*rest, to);
	return word->len;
}

/* What was parsed becomes a term of the filter, or is freed. */
static int keep(struct vm_filter *filter, int r, struct vm_filter_term *term)
{
	if (r == 0)
		r = append(filter, term);
	if (r < 0)
		vm_filter_term_deinit(term);
	return r;
}

static int parse_word(struct vm_str word, struct vm_filter *filter, struct vm_buf *error)
{
	struct vm_term_text text = { .whole = word, .bare = word, .error = error };
	struct vm_filter_term term = { 0 };

	while (vm_scan_char(&text.bare, '!'))
		term.negated = !term.negated;
	if (!text.bare.len) {
		vm_buf_put_text(vm_filter_blame(&text),
				"a term is missing behind it; write it without a blank, as in "
				"!kind:heap");
		return -EINVAL;
	}
	return keep(filter, vm_filter_term_parse(&text, &term), &term);
}

static int parse_words(struct vm_filter *filter, struct vm_str rest, struct vm_buf *error)
{
	struct vm_str word;
	int r = 0;

	while (r == 0 && next_word(&rest, &word))
		r = parse_word(word, filter, error);
	return r;
}

/* On failure @filter is as it was with @count terms. */
static int finish(struct vm_filter *filter, size_t count, int r, const struct vm_buf *error)
{
	if (r < 0)
		cut(filter, count);
	return r == -EINVAL && error->failed ? -ENOMEM : r;
}

int vm_filter_add(struct vm_filter *filter, struct vm_str expression, struct vm_buf *error)
{
	size_t count = filter->count;
	struct vm_str text;
	int r = vm_arena_copy(&filter->text, expression, &text);

	vm_buf_clear(error);
	if (r == 0)
		r = parse_words(filter, text, error);
	return finish(filter, count, r, error);
}

int vm_filter_add_value(struct vm_filter *filter, const char *key, struct vm_str value,
			struct vm_buf *error)
{
	struct vm_term_text text = { .key = vm_str_from(key), .error = error };
	struct vm_filter_term term = { 0 };
	size_t count = filter->count;
	int r = vm_arena_copy(&filter->text, value, &text.value);

	vm_buf_clear(error);
	text.whole = text.bare = text.value;
	if (r == 0)
		r = keep(filter, vm_filter_key_find(text.key)->parse(&text, &term), &term);
	return finish(filter, count, r, error);
}

int vm_filter_parse(struct vm_str expression, struct vm_filter *filter, struct vm_buf *error)
{
	struct vm_filter parsed = { 0 };
	int r = vm_filter_add(&parsed, expression, error);

	if (r < 0)
		vm_filter_deinit(&parsed);
	else
		*filter = parsed;
	return r;
}

bool vm_filter_needs_smaps(const struct vm_filter *filter)
{
	for (size_t i = 0; i < filter->count; i++) {
		if (filter->terms[i].needs_smaps)
			return true;
	}
	return false;
}

bool vm_filter_failed(const struct vm_filter *filter)
{
	for (size_t i = 0; i < filter->count; i++) {
		const struct vm_filter_regex *regex = filter->terms[i].regex;

		if (regex && regex->failed)
			return true;
	}
	return false;
}

bool vm_filter_matches(const struct vm_filter *filter, const struct vm_mapping *mapping)
{
	for (size_t i = 0; i < filter->count; i++) {
		const struct vm_filter_term *term = &filter->terms[i];
		enum vm_verdict wanted = term->negated ? VM_VERDICT_NO : VM_VERDICT_YES;

		if (term->judge(term, mapping) != wanted)
			return false;
	}
	return true;
}

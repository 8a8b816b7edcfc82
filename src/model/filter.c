#include "filter_private.h"

#include <errno.h>
#include <stdlib.h>

#include "vmview/scan.h"

void vm_filter_deinit(struct vm_filter *filter)
{
	free(filter->terms);
	vm_buf_deinit(&filter->text);
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

static int parse_word(struct vm_str word, struct vm_filter *filter, struct vm_buf *error)
{
	struct vm_term_text text = { .whole = word, .bare = word, .error = error };
	struct vm_filter_term term = { 0 };
	int r;

	while (vm_scan_char(&text.bare, '!'))
		term.negated = !term.negated;
	if (!text.bare.len) {
		vm_buf_put_text(vm_filter_blame(&text),
				"a term is missing behind it; write it without a blank, as in "
				"!kind:heap");
		return -EINVAL;
	}
	r = vm_filter_term_parse(&text, &term);
	return r < 0 ? r : append(filter, &term);
}

static int parse_words(struct vm_filter *filter, struct vm_buf *error)
{
	struct vm_str rest = vm_buf_str(&filter->text), word;
	int r = 0;

	while (r == 0 && next_word(&rest, &word))
		r = parse_word(word, filter, error);
	return r == -EINVAL && error->failed ? -ENOMEM : r;
}

int vm_filter_parse(struct vm_str expression, struct vm_filter *filter, struct vm_buf *error)
{
	struct vm_filter parsed = { 0 };
	int r;

	vm_buf_clear(error);
	vm_buf_put_str(&parsed.text, expression);
	r = parsed.text.failed ? -ENOMEM : parse_words(&parsed, error);
	if (r < 0) {
		vm_filter_deinit(&parsed);
		return r;
	}
	*filter = parsed;
	return 0;
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

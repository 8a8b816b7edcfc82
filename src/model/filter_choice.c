#include "filter_private.h"

#include <assert.h>
#include <errno.h>

/* An enum whose values have names. */
struct choice {
	const char *noun;
	const char *(*name)(unsigned i);
	unsigned count;
	enum vm_verdict (*judge)(const struct vm_filter_term *term, const struct vm_mapping *m);
};

static const char *kind_name(unsigned i)
{
	return vm_kind_info((enum vm_kind)i)->name;
}

static const char *backing_name(unsigned i)
{
	return vm_backing_name((enum vm_backing)i);
}

static const char *sharing_name(unsigned i)
{
	return vm_sharing_name((enum vm_sharing)i);
}

static enum vm_verdict judge_kind(const struct vm_filter_term *term, const struct vm_mapping *m)
{
	return vm_verdict_of(term->set >> m->kind & 1);
}

static enum vm_verdict judge_backing(const struct vm_filter_term *term, const struct vm_mapping *m)
{
	return vm_verdict_of(term->set >> m->backing & 1);
}

static enum vm_verdict judge_sharing(const struct vm_filter_term *term, const struct vm_mapping *m)
{
	return vm_verdict_of(term->set >> vm_sharing_of(m) & 1);
}

static const struct choice kinds = { "kind", kind_name, VM_KIND_COUNT, judge_kind };
static const struct choice backings = { "backing", backing_name, VM_BACKING_COUNT, judge_backing };
static const struct choice sharings = { "sharing", sharing_name, VM_SHARING_COUNT, judge_sharing };
static_assert(VM_KIND_COUNT <= 32, "vm_filter_term.set has 32 bits");

static int refuse(const struct vm_term_text *text, const struct choice *choice, struct vm_str word)
{
	struct vm_buf *error = vm_filter_blame(text);

	vm_buf_put_text(error, word.len ? "there is no such " : "it lacks a ");
	vm_buf_put_text(error, choice->noun);
	if (word.len && word.len != text->value.len) {
		vm_buf_put_text(error, " as ");
		vm_filter_quote(error, word);
	}
	vm_buf_put_text(error, "; there are ");
	vm_filter_list(error, choice->name, choice->count);
	return -EINVAL;
}

static bool find(const struct choice *choice, struct vm_str word, uint32_t *set)
{
	for (unsigned i = 0; i < choice->count; i++) {
		if (vm_str_equal_fold(word, vm_str_from(choice->name(i)))) {
			*set |= UINT32_C(1) << i;
			return true;
		}
	}
	return false;
}

static int parse(const struct vm_term_text *text, const struct choice *choice,
		 struct vm_filter_term *term)
{
	struct vm_str rest = text->value;
	bool last;

	term->judge = choice->judge;
	do {
		struct vm_str word = { rest.p, vm_str_find(rest, ',') };

		if (!find(choice, word, &term->set))
			return refuse(text, choice, word);
		last = word.len == rest.len;
		rest = vm_str_skip(rest, word.len + 1);
	} while (!last);
	return 0;
}

int vm_filter_parse_kind(const struct vm_term_text *text, struct vm_filter_term *term)
{
	int r = parse(text, &kinds, term);

	/* Huge pages of a file, and a device's memory that has no name below /dev/, are told by VmFlags. */
	term->needs_smaps =
		term->set & (UINT32_C(1) << VM_KIND_HUGETLB | UINT32_C(1) << VM_KIND_DEVICE);
	return r;
}

int vm_filter_parse_backing(const struct vm_term_text *text, struct vm_filter_term *term)
{
	return parse(text, &backings, term);
}

int vm_filter_parse_sharing(const struct vm_term_text *text, struct vm_filter_term *term)
{
	return parse(text, &sharings, term);
}

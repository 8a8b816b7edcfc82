#include "filter_private.h"

#include "vmview/safe.h"

/* More of a term than this does not help to find it. */
#define QUOTED_MAX 60

bool vm_text_contains_fold(struct vm_str s, struct vm_str part)
{
	for (; s.len >= part.len; s = vm_str_skip(s, 1)) {
		if (vm_str_equal_fold((struct vm_str){ s.p, part.len }, part))
			return true;
		if (!s.len)
			return false;
	}
	return false;
}

bool vm_text_is_word(struct vm_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = (char)(text.p[i] | 0x20);

		if (c < 'a' || c > 'z')
			return false;
	}
	return text.len;
}

/* Cut between characters, so that a cut one does not read as an unsafe one. */
void vm_filter_quote(struct vm_buf *buf, struct vm_str text)
{
	size_t end = 0;

	while (end < text.len && end < QUOTED_MAX) {
		size_t n = vm_safe_char(vm_str_skip(text, end));

		end += n ? n : 1;
	}
	vm_safe_put(buf, (struct vm_str){ text.p, end });
	if (end < text.len)
		vm_buf_put_text(buf, "...");
}

void vm_filter_list(struct vm_buf *buf, const char *(*name)(unsigned i), unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (i)
			vm_buf_put_text(buf, ", ");
		vm_buf_put_text(buf, name(i));
	}
}

struct vm_buf *vm_filter_blame(const struct vm_term_text *text)
{
	bool colon = vm_str_ends(text->whole, VM_STR(":"));

	if (!text->whole.len)
		return text->error;
	vm_filter_quote(text->error, text->whole);
	vm_buf_put_text(text->error, colon ? " " : ": ");
	return text->error;
}

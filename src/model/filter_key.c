#include "filter_private.h"

#include <assert.h>
#include <errno.h>

#include "vmview/scan.h"

static int refuse(const struct vm_term_text *text, const char *what)
{
	vm_buf_put_text(vm_filter_blame(text), what);
	return -EINVAL;
}

struct vm_str vm_filter_name(const struct vm_mapping *mapping)
{
	return mapping->name.len ? mapping->name : vm_display_name(mapping);
}

static enum vm_verdict judge_name(const struct vm_filter_term *term, const struct vm_mapping *m)
{
	return vm_verdict_of(vm_text_contains_fold(vm_filter_name(m), term->text));
}

void vm_filter_term_set_name(struct vm_filter_term *term, struct vm_str part)
{
	term->judge = judge_name;
	term->text = part;
}

static int parse_name(const struct vm_term_text *text, struct vm_filter_term *term)
{
	if (!text->value.len)
		return refuse(text, "it lacks the text that names shall contain");
	vm_filter_term_set_name(term, text->value);
	return 0;
}

/* Permissions as bits: r, w and x, and s; p is s not set. */
#define PERM_LETTERS "rwxs"
#define PERM_SHARED 8u
#define PERM_ALL 15u

static unsigned perm_bits(const struct vm_mapping *m)
{
	return (vm_mapping_readable(m) ? 1u : 0) | (vm_mapping_writable(m) ? 2u : 0) |
	       (vm_mapping_executable(m) ? 4u : 0) | (vm_mapping_shared(m) ? PERM_SHARED : 0);
}

static enum vm_verdict judge_perms(const struct vm_filter_term *term, const struct vm_mapping *m)
{
	return vm_verdict_of((perm_bits(m) & term->perms.asked) == term->perms.wanted);
}

/* All four in the kernel's order, a - for those that are not there. */
static bool parse_exact_perms(struct vm_str value, unsigned *wanted)
{
	*wanted = 0;
	if (value.len != 4 || (value.p[3] != 's' && value.p[3] != 'p'))
		return false;
	for (unsigned i = 0; i < 4; i++) {
		if (value.p[i] == PERM_LETTERS[i])
			*wanted |= 1u << i;
		else if (i < 3 && value.p[i] != '-')
			return false;
	}
	return true;
}

/* Those that must be there, in any order. */
static bool parse_some_perms(struct vm_str value, unsigned *asked, unsigned *wanted)
{
	*asked = *wanted = 0;
	for (size_t i = 0; i < value.len; i++) {
		const char *hit = memchr(PERM_LETTERS, value.p[i], 4);

		if (!hit && value.p[i] != 'p')
			return false;
		*asked |= hit ? 1u << (hit - PERM_LETTERS) : PERM_SHARED;
		*wanted |= hit ? 1u << (hit - PERM_LETTERS) : 0;
	}
	return value.len;
}

static int parse_perms(const struct vm_term_text *text, struct vm_filter_term *term)
{
	unsigned asked = PERM_ALL, wanted;

	if (vm_str_find(text->value, 's') < text->value.len &&
	    vm_str_find(text->value, 'p') < text->value.len)
		return refuse(text, "a mapping is either shared (s) or private (p)");
	if (!parse_exact_perms(text->value, &wanted) &&
	    !parse_some_perms(text->value, &asked, &wanted))
		return refuse(text,
			      "permissions are some of r, w, x, s and p, as in wx, or all four "
			      "as in rw-p");
	term->judge = judge_perms;
	term->perms.asked = (uint8_t)asked;
	term->perms.wanted = (uint8_t)wanted;
	return 0;
}

static enum vm_verdict judge_addr(const struct vm_filter_term *term, const struct vm_mapping *m)
{
	return vm_verdict_of(vm_mapping_holds(m, term->addr));
}

static int parse_addr(const struct vm_term_text *text, struct vm_filter_term *term)
{
	struct vm_str rest = text->value;

	if (vm_str_starts(rest, VM_STR("0x")) || vm_str_starts(rest, VM_STR("0X")))
		rest = vm_str_skip(rest, 2);
	if (!vm_scan_hex(&rest, &term->addr) || rest.len)
		return refuse(text, "an address has up to 16 hexadecimal digits, as in "
				    "addr:7f12a000 or addr:0x7f12a000");
	term->judge = judge_addr;
	return 0;
}

static enum vm_verdict judge_deleted(const struct vm_filter_term *term, const struct vm_mapping *m)
{
	(void)term;
	return vm_verdict_of(m->deleted);
}

static enum vm_verdict judge_wx(const struct vm_filter_term *term, const struct vm_mapping *m)
{
	(void)term;
	return vm_verdict_of(vm_mapping_is_wx(m));
}

static enum vm_verdict judge_flag(const struct vm_filter_term *term, const struct vm_mapping *m)
{
	if (!m->vm_flags.p)
		return VM_VERDICT_UNKNOWN;
	return vm_verdict_of(vm_mapping_has_flag(m, term->flag));
}

static int parse_flag(const struct vm_term_text *text, struct vm_filter_term *term)
{
	struct vm_str value = text->value;

	if (vm_str_equal_fold(value, VM_STR("deleted"))) {
		term->judge = judge_deleted;
		return 0;
	}
	if (vm_str_equal_fold(value, VM_STR("wx"))) {
		term->judge = judge_wx;
		return 0;
	}
	if (value.len != 2 || !vm_text_is_word(value))
		return refuse(text, "there is no such flag; there are deleted, wx and the two "
				    "letters of a VmFlag, as in flag:ht");
	/* The kernel prints them in lower case. */
	for (size_t i = 0; i < 2; i++)
		term->flag[i] = (char)(value.p[i] | 0x20);
	term->judge = judge_flag;
	term->needs_smaps = true;
	return 0;
}

/* clang-format off */
static const struct vm_filter_key keys[] = {
	{ "name", "name:libc", parse_name },
	{ "match", "match:^/usr/lib", vm_filter_parse_match },
	{ "kind", "kind:heap", vm_filter_parse_kind },
	{ "backing", "backing:file", vm_filter_parse_backing },
	{ "sharing", "sharing:shared", vm_filter_parse_sharing },
	{ "perm", "perm:w", parse_perms },
	{ "addr", "addr:7f12a000", parse_addr },
	{ "flag", "flag:deleted", parse_flag },
};
/* clang-format on */

static const char *key_name(unsigned i)
{
	return keys[i].name;
}

const struct vm_filter_key *vm_filter_key_find(struct vm_str name)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (vm_str_equal_fold(name, vm_str_from(keys[i].name)))
			return &keys[i];
	}
	return NULL;
}

void vm_filter_key_list(struct vm_buf *buf)
{
	vm_filter_list(buf, key_name, sizeof(keys) / sizeof(keys[0]));
}

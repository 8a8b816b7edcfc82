#include "filter_private.h"

#include <errno.h>

#include "vmview/scan.h"
#include "vmview/size.h"

/* Outcomes of a comparison, as bits. */
enum { LESS = 1, EQUAL = 2, GREATER = 4 };

static enum vm_verdict judge_size(const struct vm_filter_term *term, const struct vm_mapping *m)
{
	uint64_t number = vm_measure_of(m, term->size.measure);
	unsigned outcome = EQUAL;

	if (!vm_measure_has(m, term->size.measure))
		return VM_VERDICT_UNKNOWN;
	if (number != term->size.number)
		outcome = number < term->size.number ? LESS : GREATER;
	return vm_verdict_of(term->size.outcomes & outcome);
}

static const char *measure_name(unsigned i)
{
	return vm_measure_name((enum vm_measure)i);
}

/* VM_MEASURE_COUNT: there is none of that name. */
static enum vm_measure find_measure(struct vm_str name)
{
	enum vm_measure measure = 0;

	while (measure < VM_MEASURE_COUNT &&
	       !vm_str_equal_fold(name, vm_str_from(vm_measure_name(measure))))
		measure++;
	return measure;
}

/* Takes one of < <= = >= > off the front. */
static unsigned scan_comparison(struct vm_str *rest)
{
	unsigned outcomes = rest->p[0] == '<' ? LESS : rest->p[0] == '>' ? GREATER : EQUAL;

	*rest = vm_str_skip(*rest, 1);
	if (outcomes != EQUAL && vm_scan_char(rest, '='))
		outcomes |= EQUAL;
	return outcomes;
}

/* How to look for a name that reads like a term. */
static void put_name_hint(struct vm_buf *error, const struct vm_term_text *text)
{
	vm_buf_put_text(error, "; for names that contain this, write name:");
	vm_filter_quote(error, text->bare);
}

static int refuse_measure(const struct vm_term_text *text)
{
	const struct vm_filter_key *key = vm_filter_key_find(text->key);
	struct vm_buf *error = vm_filter_blame(text);

	if (key) {
		vm_buf_put_text(error, key->name);
		vm_buf_put_text(error, " takes a colon, as in ");
		vm_buf_put_text(error, key->example);
		return -EINVAL;
	}
	vm_buf_put_text(error, text->key.len ? "there is no such measure" : "it lacks a measure");
	vm_buf_put_text(error, "; there are ");
	vm_filter_list(error, measure_name, VM_MEASURE_COUNT);
	put_name_hint(error, text);
	return -EINVAL;
}

static int refuse_key(const struct vm_term_text *text)
{
	enum vm_measure measure = find_measure(text->key);
	struct vm_buf *error = vm_filter_blame(text);

	if (measure < VM_MEASURE_COUNT) {
		vm_buf_put_text(error, vm_measure_name(measure));
		vm_buf_put_text(error, " takes one of < <= = >= >, as in ");
		vm_buf_put_text(error, vm_measure_name(measure));
		vm_buf_put_text(error, ">1M");
		return -EINVAL;
	}
	vm_buf_put_text(error, "there is no such term; before a colon stands one of ");
	vm_filter_key_list(error);
	put_name_hint(error, text);
	return -EINVAL;
}

static int refuse_size(const struct vm_term_text *text, struct vm_str size)
{
	struct vm_buf *error = vm_filter_blame(text);

	vm_filter_quote(error, size);
	vm_buf_put_text(error, size.len ? " is not a size" : "it lacks a size");
	vm_buf_put_text(error, "; sizes are written 4096, 64k, 1.5M or 2G");
	return -EINVAL;
}

static int parse_size(const struct vm_term_text *text, struct vm_filter_term *term)
{
	struct vm_str size = text->value;

	term->judge = judge_size;
	term->size.measure = find_measure(text->key);
	term->size.outcomes = scan_comparison(&size);
	term->needs_smaps = term->size.measure != VM_MEASURE_SIZE;
	if (term->size.measure == VM_MEASURE_COUNT)
		return refuse_measure(text);
	return vm_size_parse(size, &term->size.number) ? 0 : refuse_size(text, size);
}

/* `rss!=4k`: other languages have it; read as a part of a name it would silently find nothing. */
static bool is_unequal(const struct vm_term_text *text)
{
	struct vm_str name = text->key;

	if (!vm_str_ends(name, VM_STR("!")))
		return false;
	name.len--;
	return find_measure(name) < VM_MEASURE_COUNT;
}

static int refuse_unequal(const struct vm_term_text *text)
{
	vm_buf_put_text(vm_filter_blame(text), "there is no !=; put the ! in front, as in !rss=4k");
	return -EINVAL;
}

static int parse_key(struct vm_term_text *text, struct vm_filter_term *term)
{
	const struct vm_filter_key *key = vm_filter_key_find(text->key);

	if (!key)
		return refuse_key(text);
	text->value = vm_str_skip(text->value, 1);
	return key->parse(text, term);
}

/*
 * A word before a colon or a comparison is meant as a term, so that a mistyped one is told; anything
 * else there is a part of a name, as in /a=b or [anon:x].
 */
int vm_filter_term_parse(struct vm_term_text *text, struct vm_filter_term *term)
{
	size_t at = 0;

	while (at < text->bare.len && !memchr(":<=>", text->bare.p[at], 4))
		at++;
	text->key = (struct vm_str){ text->bare.p, at };
	text->value = vm_str_skip(text->bare, at);
	if (text->value.len && text->value.p[0] != ':') {
		if (is_unequal(text))
			return refuse_unequal(text);
		if (!text->key.len || vm_text_is_word(text->key))
			return parse_size(text, term);
	} else if (text->value.len && vm_text_is_word(text->key)) {
		return parse_key(text, term);
	}
	vm_filter_term_set_name(term, text->bare);
	return 0;
}

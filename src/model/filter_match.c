#include <errno.h>
#include <stdlib.h>

#include "filter_private.h"

#define NAME_ROOM 4200

void vm_filter_term_deinit(struct vm_filter_term *term)
{
	if (term->regex)
		regfree(&term->regex->compiled);
	free(term->regex);
	term->regex = NULL;
}

/*
 * Names are slices: REG_STARTEND, which glibc has from BSD, takes these as they are. AddressSanitizer reads on to a NUL all
 * the same: there is one behind whatever is not longer than the kernel's names are.
 */
static enum vm_verdict judge_match(const struct vm_filter_term *term, const struct vm_mapping *m)
{
	struct vm_str name = vm_filter_name(m);
	regmatch_t part = { .rm_so = 0, .rm_eo = (regoff_t)name.len };
	char room[NAME_ROOM];
	int code;

	if (name.len < sizeof(room)) {
		memcpy(room, name.len ? name.p : "", name.len);
		room[name.len] = '\0';
		name.p = room;
	}
	code = regexec(&term->regex->compiled, name.p, 1, &part, REG_STARTEND);
	if (code == 0 || code == REG_NOMATCH)
		return vm_verdict_of(code == 0);
	term->regex->failed = true;
	return VM_VERDICT_UNKNOWN;
}

static int refuse(const struct vm_term_text *text, int code, const regex_t *regex)
{
	char reason[128];

	if (code == REG_ESPACE)
		return -ENOMEM;
	regerror(code, regex, reason, sizeof(reason));
	vm_filter_quote(text->error, text->value);
	vm_buf_put_text(text->error, ": this is no extended regular expression: ");
	vm_buf_put_text(text->error, reason);
	return -EINVAL;
}

static int refuse_empty(const struct vm_term_text *text)
{
	vm_buf_put_text(vm_filter_blame(text), "it lacks the expression that names shall match");
	return -EINVAL;
}

static int refuse_large(const struct vm_term_text *text)
{
	vm_filter_quote(text->error, text->value);
	vm_buf_put_text(text->error,
			": this expression is too large once its repetitions are written out");
	return -EINVAL;
}

/* Returns what regcomp() does. */
static int compile(struct vm_str expression, struct vm_filter_regex *regex)
{
	char *text = strndup(expression.p, expression.len);
	int code = text ? regcomp(&regex->compiled, text, REG_EXTENDED | REG_NOSUB) : REG_ESPACE;

	free(text);
	return code;
}

int vm_filter_parse_match(const struct vm_term_text *text, struct vm_filter_term *term)
{
	struct vm_filter_regex *regex;
	int code, r = 0;

	if (!text->value.len)
		return refuse_empty(text);
	if (!vm_filter_unfolds(text->value))
		return refuse_large(text);
	regex = calloc(1, sizeof(*regex));
	if (!regex)
		return -ENOMEM;
	code = compile(text->value, regex);
	if (code)
		r = refuse(text, code, &regex->compiled);
	if (r < 0) {
		free(regex);
		return r;
	}
	term->regex = regex;
	term->judge = judge_match;
	return 0;
}

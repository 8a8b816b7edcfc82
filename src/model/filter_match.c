#include <errno.h>
#include <stdlib.h>

#include "filter_private.h"

#define NAME_ROOM 4200

void vm_filter_term_deinit(struct vm_filter_term *term)
{
	if (term->regex)
		regfree(term->regex);
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

	if (name.len < sizeof(room)) {
		memcpy(room, name.len ? name.p : "", name.len);
		room[name.len] = '\0';
		name.p = room;
	}
	return vm_verdict_of(regexec(term->regex, name.p, 1, &part, REG_STARTEND) == 0);
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

int vm_filter_parse_match(const struct vm_term_text *text, struct vm_filter_term *term)
{
	char *expression;
	int code;

	if (!text->value.len)
		return refuse_empty(text);
	expression = strndup(text->value.p, text->value.len);
	term->regex = calloc(1, sizeof(*term->regex));
	if (!expression || !term->regex) {
		free(expression);
		free(term->regex);
		term->regex = NULL;
		return -ENOMEM;
	}
	code = regcomp(term->regex, expression, REG_EXTENDED | REG_NOSUB);
	free(expression);
	if (code) {
		int r = refuse(text, code, term->regex);

		free(term->regex);
		term->regex = NULL;
		return r;
	}
	term->judge = judge_match;
	return 0;
}

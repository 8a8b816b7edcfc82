#include "filter_private.h"

#include "vmview/scan.h"

/*
 * regcomp() writes repetitions out: x{1,200} becomes 200 x, x+++ eight. So short expressions take any time and memory, and
 * those of many groups within each other too. Stars upon stars are not written out, but take as long behind an anchor, as
 * in $x****. With these limits it is less than a tenth of a second, and 32 MiB, for all but a few.
 */
#define CHARACTERS_MAX 2000
#define DEPTH_MAX 100

/* What is there so far, counted in characters written out; never much more than the limit. */
struct unfolded {
	uint64_t groups[DEPTH_MAX]; /* those that are open, within each other; the first is all */
	size_t depth;
	uint64_t last; /* what a repetition would repeat */
	bool heaped;   /* which is a repetition itself */
};

static void add(struct unfolded *unfolded, uint64_t characters)
{
	unfolded->groups[unfolded->depth] += characters;
	unfolded->last = characters;
	unfolded->heaped = false;
}

static bool open_group(struct unfolded *unfolded)
{
	if (unfolded->depth == DEPTH_MAX - 1)
		return false;
	unfolded->groups[++unfolded->depth] = 0;
	unfolded->last = 0;
	unfolded->heaped = false;
	return true;
}

static void close_group(struct unfolded *unfolded)
{
	uint64_t characters = 2;

	if (unfolded->depth)
		characters += unfolded->groups[unfolded->depth--];
	add(unfolded, characters);
}

static void repeat(struct unfolded *unfolded, uint64_t times)
{
	uint64_t more;

	if (unfolded->heaped && times < 2)
		times = 2;
	/* One character for the repetition itself, as x* is not written out. */
	more = 1 + unfolded->last * (times ? times - 1 : 0);
	unfolded->groups[unfolded->depth] += more;
	unfolded->last += more;
	unfolded->heaped = true;
}

/* Behind a `{`: m} m,} ,n} or m,n}. How often at most; as for anything else, which is an error or a character, once. */
static uint64_t scan_times(struct vm_str *rest)
{
	uint64_t least = 0, most = 0;
	struct vm_str at = *rest;

	if (vm_scan_dec(&at, &least))
		most = least;
	if (vm_scan_char(&at, ',') && !vm_scan_dec(&at, &most))
		most = least + 1;
	if (!vm_scan_char(&at, '}'))
		return 1;
	*rest = at;
	return most < CHARACTERS_MAX ? most : CHARACTERS_MAX;
}

/* Behind a `[`, to behind its `]`: that is none where it comes first, or in [:alpha:], [.x.] or [=x=]. */
static void skip_set(struct vm_str *rest)
{
	bool first = true;

	vm_scan_char(rest, '^');
	for (; rest->len && (first || rest->p[0] != ']'); first = false) {
		char end = rest->len > 1 && rest->p[0] == '[' ? rest->p[1] : '\0';

		*rest = vm_str_skip(*rest, 1);
		if (end != ':' && end != '.' && end != '=')
			continue;
		*rest = vm_str_skip(*rest, 1);
		while (rest->len > 1 && (rest->p[0] != end || rest->p[1] != ']'))
			*rest = vm_str_skip(*rest, 1);
		*rest = vm_str_skip(*rest, 2);
	}
	*rest = vm_str_skip(*rest, 1);
}

static bool take(struct unfolded *unfolded, char c, struct vm_str *rest)
{
	switch (c) {
	case '(':
		return open_group(unfolded);
	case ')':
		close_group(unfolded);
		return true;
	case '*':
	case '?':
		repeat(unfolded, 1);
		return true;
	case '+':
		repeat(unfolded, 2);
		return true;
	case '{':
		repeat(unfolded, scan_times(rest));
		return true;
	case '[':
		skip_set(rest);
		break;
	case '\\':
		*rest = vm_str_skip(*rest, 1);
		break;
	}
	add(unfolded, 1);
	return true;
}

bool vm_filter_unfolds(struct vm_str expression)
{
	struct unfolded unfolded = { 0 };

	while (expression.len) {
		char c = expression.p[0];

		expression = vm_str_skip(expression, 1);
		if (!take(&unfolded, c, &expression) ||
		    unfolded.groups[unfolded.depth] > CHARACTERS_MAX)
			return false;
	}
	return true;
}

#include "vt_filter.h"

#include <stdbool.h>
#include <string.h>

static void flush(struct vt_filter *filter, struct vt_sink sink)
{
	sink.put(sink.user, filter->held, filter->len);
	filter->len = 0;
}

/* The length of the parameter at @p, up to `;` or the final byte. */
static size_t parameter_length(const char *p)
{
	return strcspn(p, ";hlm");
}

static bool is_parameter(const char *p, const char *wanted)
{
	size_t len = parameter_length(p);

	return len == strlen(wanted) && memcmp(p, wanted, len) == 0;
}

/* "\e[?1;2h": a sequence for each. */
static void split_modes(struct vt_filter *filter, struct vt_sink sink)
{
	const char *final = filter->held + filter->len - 1;

	for (const char *p = filter->held + 3; p < final;) {
		size_t len = parameter_length(p);

		sink.put(sink.user, "\033[?", 3);
		sink.put(sink.user, p, len);
		sink.put(sink.user, final, 1);
		p += len + (p + len < final);
	}
	filter->len = 0;
}

/* How many parameters the one at @p takes with it: 38;5;N and 38;2;R;G;B are one. */
static size_t parameters_together(const char *p)
{
	if (!is_parameter(p, "38") && !is_parameter(p, "48"))
		return 1;
	p += 2;
	if (*p != ';')
		return 1;
	return is_parameter(p + 1, "2") ? 5 : 3;
}

static size_t length_of(const char *p, size_t parameters)
{
	size_t len = parameter_length(p);

	while (--parameters > 0 && p[len] == ';')
		len += 1 + parameter_length(p + len + 1);
	return len;
}

/* "\e[2;31m" to "\e[19;31m". */
static void replace_dim(struct vt_filter *filter, struct vt_sink sink)
{
	const char *final = filter->held + filter->len - 1;

	sink.put(sink.user, "\033[", 2);
	for (const char *p = filter->held + 2; p < final;) {
		size_t len = length_of(p, parameters_together(p));

		if (is_parameter(p, "2"))
			sink.put(sink.user, "19", 2);
		else if (is_parameter(p, "22"))
			sink.put(sink.user, "22;10", 5);
		else
			sink.put(sink.user, p, len);
		p += len;
		if (*p == ';') {
			sink.put(sink.user, p, 1);
			p++;
		}
	}
	sink.put(sink.user, final, 1);
	filter->len = 0;
}

static void end_sequence(struct vt_filter *filter, struct vt_sink sink)
{
	char first = filter->held[2];
	char final = filter->held[filter->len - 1];

	filter->held[filter->len] = '\0';
	if (first == '?' && (final == 'h' || final == 'l'))
		split_modes(filter, sink);
	else if (final == 'm' && strspn(filter->held + 2, "0123456789;:") == filter->len - 3)
		replace_dim(filter, sink);
	else
		flush(filter, sink);
}

static void feed_byte(struct vt_filter *filter, char c, struct vt_sink sink)
{
	if (c == '\033' || (filter->len == 1 && c != '[') || (filter->len > 1 && c < ' ') ||
	    filter->len + 2 > sizeof(filter->held))
		flush(filter, sink);
	if (filter->len == 0 && c != '\033') {
		sink.put(sink.user, &c, 1);
		return;
	}
	filter->held[filter->len++] = c;
	if (filter->len > 2 && c >= '@' && c <= '~')
		end_sequence(filter, sink);
}

void vt_filter_feed(struct vt_filter *filter, const char *bytes, size_t len, struct vt_sink sink)
{
	size_t i = 0;

	while (i < len) {
		const char *escape = memchr(bytes + i, '\033', len - i);
		size_t plain = escape ? (size_t)(escape - bytes) - i : len - i;

		if (filter->len == 0 && plain > 0) {
			sink.put(sink.user, bytes + i, plain);
			i += plain;
		} else {
			feed_byte(filter, bytes[i++], sink);
		}
	}
}

#include "vmview/parser.h"

#include <errno.h>

#include "vmview/scan.h"

/* Where an extra's text lies in extra_text, which moves while it grows. */
struct vm_extra_span {
	size_t key, key_len, value, value_len;
};

enum line_result { LINE_OK, LINE_OTHER, LINE_BAD };

void vm_parser_init(struct vm_parser *parser, vm_mapping_fn take, void *user)
{
	*parser = (struct vm_parser){ .take = take, .user = user };
}

void vm_parser_deinit(struct vm_parser *parser)
{
	vm_buf_deinit(&parser->tail);
	vm_buf_deinit(&parser->name);
	vm_buf_deinit(&parser->flags);
	vm_buf_deinit(&parser->order);
	vm_buf_deinit(&parser->extra_text);
	vm_buf_deinit(&parser->extra_spans);
	vm_buf_deinit(&parser->extras);
	*parser = (struct vm_parser){ 0 };
}

static int refuse(struct vm_parser *parser, const char *reason)
{
	parser->reason = reason;
	return -EBADMSG;
}

static bool is_perms(const char *p)
{
	return (p[0] == 'r' || p[0] == '-') && (p[1] == 'w' || p[1] == '-') &&
	       (p[2] == 'x' || p[2] == '-') && (p[3] == 's' || p[3] == 'p');
}

static bool scan_perms(struct vm_str *cursor, char perms[4])
{
	if (cursor->len < 4 || !is_perms(cursor->p))
		return false;
	memcpy(perms, cursor->p, 4);
	*cursor = vm_str_skip(*cursor, 4);
	return true;
}

static bool scan_device(struct vm_str *cursor, struct vm_mapping *m)
{
	uint64_t major, minor;

	if (!vm_scan_hex(cursor, &major) || !vm_scan_char(cursor, ':') ||
	    !vm_scan_hex(cursor, &minor) || major > UINT32_MAX || minor > UINT32_MAX)
		return false;
	m->dev_major = (uint32_t)major;
	m->dev_minor = (uint32_t)minor;
	return true;
}

/*
 * `start-end perms offset major:minor inode   name`. The blanks before the name are padding; the name
 * is the rest, blanks at its end included. It is left in m->name, borrowed from the line.
 */
static enum line_result parse_header(struct vm_str line, struct vm_mapping *m, const char **reason)
{
	*m = (struct vm_mapping){ 0 };
	if (!vm_scan_hex(&line, &m->start) || !vm_scan_char(&line, '-'))
		return LINE_OTHER;
	*reason = "not a complete mapping line";
	if (!vm_scan_hex(&line, &m->end) || !vm_scan_char(&line, ' ') ||
	    !scan_perms(&line, m->perms) || !vm_scan_char(&line, ' ') ||
	    !vm_scan_hex(&line, &m->offset) || !vm_scan_char(&line, ' ') ||
	    !scan_device(&line, m) || !vm_scan_char(&line, ' ') || !vm_scan_dec(&line, &m->inode))
		return LINE_BAD;
	if (line.len && line.p[0] != ' ')
		return LINE_BAD;
	*reason = "the mapping ends below its start";
	if (m->end < m->start)
		return LINE_BAD;
	while (line.len && line.p[0] == ' ')
		line = vm_str_skip(line, 1);
	m->name = line;
	return LINE_OK;
}

static bool is_key_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static bool scan_key(struct vm_str *cursor, struct vm_str *key)
{
	size_t n = 0;

	while (n < cursor->len && is_key_char(cursor->p[n]))
		n++;
	if (n == 0 || n == cursor->len || cursor->p[n] != ':')
		return false;
	*key = (struct vm_str){ cursor->p, n };
	*cursor = vm_str_skip(*cursor, n + 1);
	return true;
}

/*
 * A kernel prints the same fields in the same order for every mapping: @order still holds the
 * previous mapping's behind what was overwritten. The field that comes next by that, or VM_FIELD_COUNT.
 */
static enum vm_field expected_field(const struct vm_parser *parser)
{
	uint8_t guess;

	if (parser->order.len >= parser->expected)
		return VM_FIELD_COUNT;
	guess = (uint8_t)parser->order.p[parser->order.len];
	return guess < VM_FIELD_COUNT ? (enum vm_field)guess : VM_FIELD_COUNT;
}

/*
 * Nearly every line of smaps is the field that is expected, just as kernels print it: these are taken while they are
 * scanned, without a search for their end. Returns the length of such a line with its end, or 0: whatever it is
 * has to be looked at with care.
 */
static size_t take_plain_field(struct vm_parser *parser, struct vm_str text)
{
	enum vm_field field = expected_field(parser);
	const struct vm_field_info *info;
	struct vm_str rest;
	uint64_t number;
	size_t len;

	if (field == VM_FIELD_COUNT || !parser->open || vm_usage_has(&parser->mapping.usage, field))
		return 0;
	info = vm_field_info(field);
	len = info->key.len;
	if (len >= text.len || text.p[len] != ':' || !vm_str_starts(text, info->key))
		return 0;
	rest = vm_str_skip(text, len + 1);
	vm_scan_blanks(&rest);
	if (!vm_scan_dec(&rest, &number) || number > UINT64_MAX / 1024)
		return 0;
	if (info->unit == VM_UNIT_BYTES) {
		if (!vm_str_starts(rest, VM_STR(" kB")))
			return 0;
		rest = vm_str_skip(rest, 3);
		number *= 1024;
	}
	if (!rest.len || rest.p[0] != '\n')
		return 0;
	parser->dense[field] = number;
	parser->mapping.usage.present |= UINT64_C(1) << field;
	parser->order.len++;
	parser->line++;
	return text.len - rest.len + 1;
}

static struct vm_str trim_end(struct vm_str s)
{
	while (s.len && (s.p[s.len - 1] == ' ' || s.p[s.len - 1] == '\t'))
		s.len--;
	return s;
}

static bool parse_value(struct vm_str value, enum vm_unit unit, uint64_t *result)
{
	uint64_t number;

	if (!vm_scan_dec(&value, &number))
		return false;
	if (unit == VM_UNIT_BYTES) {
		if (!vm_str_equal(value, VM_STR(" kB")) || number > UINT64_MAX / 1024)
			return false;
		number *= 1024;
	} else if (value.len) {
		return false;
	}
	*result = number;
	return true;
}

/* Mostly it stands there already, from the previous mapping. */
static void note_order(struct vm_parser *parser, uint8_t field)
{
	if (parser->order.len < parser->expected &&
	    (uint8_t)parser->order.p[parser->order.len] == field)
		parser->order.len++;
	else
		vm_buf_put_char(&parser->order, (char)field);
}

static int keep_extra(struct vm_parser *parser, struct vm_str key, struct vm_str value)
{
	struct vm_extra_span span = { parser->extra_text.len, key.len,
				      parser->extra_text.len + key.len, value.len };

	if (span.value + value.len > VM_PARSER_LINE_MAX)
		return refuse(parser, "more fields than any kernel prints");
	vm_buf_put_str(&parser->extra_text, key);
	vm_buf_put_str(&parser->extra_text, value);
	vm_buf_put(&parser->extra_spans, (const char *)&span, sizeof(span));
	note_order(parser, VM_ORDER_EXTRA);
	parser->mapping.usage.extra_count++;
	return parser->extra_text.failed || parser->extra_spans.failed || parser->order.failed ?
		       -ENOMEM :
		       0;
}

static int take_number(struct vm_parser *parser, enum vm_field field, struct vm_str value)
{
	struct vm_usage *usage = &parser->mapping.usage;

	if (!parse_value(value, vm_field_info(field)->unit, &parser->dense[field]))
		return refuse(parser, "a field's value is not understood");
	if (!vm_usage_has(usage, field)) {
		note_order(parser, (uint8_t)field);
		usage->present |= UINT64_C(1) << field;
	}
	return parser->order.failed ? -ENOMEM : 0;
}

static int take_flags(struct vm_parser *parser, struct vm_str value)
{
	vm_buf_clear(&parser->flags);
	vm_buf_put_str(&parser->flags, value);
	parser->has_flags = true;
	return parser->flags.failed ? -ENOMEM : 0;
}

static int parse_field(struct vm_parser *parser, struct vm_str line)
{
	struct vm_str key;
	enum vm_field field;

	if (!scan_key(&line, &key))
		return refuse(parser, "neither a mapping nor a field");
	field = vm_field_find(key);
	if (!parser->open)
		return refuse(parser, "a field before the first mapping");
	vm_scan_blanks(&line);
	line = trim_end(line);
	if (field != VM_FIELD_COUNT)
		return take_number(parser, field, line);
	if (vm_str_equal(key, VM_STR("VmFlags")))
		return take_flags(parser, line);
	return keep_extra(parser, key, line);
}

static void pack_usage(struct vm_parser *parser)
{
	struct vm_usage *usage = &parser->mapping.usage;
	size_t count = 0;

	for (uint64_t rest = usage->present; rest; rest &= rest - 1) {
		unsigned field = (unsigned)__builtin_ctzll(rest);

		if (!parser->dense[field])
			continue;
		usage->nonzero |= UINT64_C(1) << field;
		parser->packed[count++] = parser->dense[field];
	}
	usage->values = parser->packed;
	usage->order = (const uint8_t *)parser->order.p;
	usage->order_count = (uint32_t)parser->order.len;
}

static int join_extras(struct vm_parser *parser)
{
	const struct vm_extra_span *spans = (const void *)parser->extra_spans.p;
	size_t count = parser->mapping.usage.extra_count;
	struct vm_extra *extras;

	if (!count)
		return 0;
	vm_buf_clear(&parser->extras);
	extras = (void *)vm_buf_reserve(&parser->extras, count * sizeof(*extras));
	if (!extras)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		extras[i].key =
			(struct vm_str){ parser->extra_text.p + spans[i].key, spans[i].key_len };
		extras[i].value = (struct vm_str){ parser->extra_text.p + spans[i].value,
						   spans[i].value_len };
	}
	parser->mapping.usage.extras = extras;
	return 0;
}

static int hand_out(struct vm_parser *parser)
{
	int r;

	if (!parser->open)
		return 0;
	parser->open = false;
	pack_usage(parser);
	r = join_extras(parser);
	if (r < 0)
		return r;
	parser->mapping.name = vm_buf_str(&parser->name);
	if (parser->has_flags)
		parser->mapping.vm_flags = vm_buf_str(&parser->flags);
	parser->mappings++;
	return parser->take(&parser->mapping, parser->user);
}

static int open_mapping(struct vm_parser *parser, const struct vm_mapping *mapping)
{
	int r = hand_out(parser);

	if (r < 0)
		return r;
	parser->mapping = *mapping;
	parser->open = true;
	parser->has_flags = false;
	parser->expected = parser->order.len;
	vm_buf_clear(&parser->order);
	vm_buf_clear(&parser->extra_text);
	vm_buf_clear(&parser->extra_spans);
	vm_buf_clear(&parser->name);
	vm_buf_put_str(&parser->name, mapping->name);
	return parser->name.failed ? -ENOMEM : 0;
}

static int dispatch_line(struct vm_parser *parser, struct vm_str line)
{
	const char *reason = NULL;
	struct vm_mapping mapping;

	parser->line++;
	if (line.len > VM_PARSER_LINE_MAX)
		return refuse(parser, "a line longer than any kernel prints");
	/* Upper case is a field's: no need to try a number on it. */
	if (line.len && (line.p[0] < 'A' || line.p[0] > 'Z')) {
		switch (parse_header(line, &mapping, &reason)) {
		case LINE_OK:
			return open_mapping(parser, &mapping);
		case LINE_BAD:
			return refuse(parser, reason);
		case LINE_OTHER:
			break;
		}
	}
	return parse_field(parser, line);
}

/* Refused text ends the parse; the mapping before it is still shown, with the fields that it has. */
static int parse_line(struct vm_parser *parser, struct vm_str line)
{
	int r = dispatch_line(parser, line);

	if (r == -EBADMSG) {
		int handed = hand_out(parser);

		if (handed < 0)
			return handed;
	}
	return r;
}

/* Join the kept beginning of a line with its end. */
static int parse_split_line(struct vm_parser *parser, struct vm_str rest)
{
	int r;

	vm_buf_put_str(&parser->tail, rest);
	if (parser->tail.failed)
		return -ENOMEM;
	r = parse_line(parser, vm_buf_str(&parser->tail));
	vm_buf_clear(&parser->tail);
	return r;
}

int vm_parser_feed(struct vm_parser *parser, const char *bytes, size_t len)
{
	struct vm_str rest = { bytes, len }, line;

	while (rest.len) {
		size_t end = parser->tail.len ? 0 : take_plain_field(parser, rest);
		int r;

		if (end) {
			rest = vm_str_skip(rest, end);
			continue;
		}
		end = vm_str_find(rest, '\n');
		/* One that is too long already need not have an end to be refused. */
		if (end == rest.len && parser->tail.len + end <= VM_PARSER_LINE_MAX)
			break;
		line = (struct vm_str){ rest.p, end };
		r = parser->tail.len ? parse_split_line(parser, line) : parse_line(parser, line);
		if (r < 0)
			return r;
		rest = vm_str_skip(rest, end + 1);
	}
	vm_buf_put_str(&parser->tail, rest);
	return parser->tail.failed ? -ENOMEM : 0;
}

int vm_parser_finish(struct vm_parser *parser)
{
	int r;

	if (parser->tail.len) {
		r = parse_split_line(parser, (struct vm_str){ 0 });
		if (r < 0)
			return r;
	}
	return hand_out(parser);
}

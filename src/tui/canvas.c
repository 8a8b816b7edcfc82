#include "canvas.h"

#include <errno.h>
#include <stdlib.h>
#include <wchar.h>

#include "vmview/safe.h"
#include "vmview/scan.h"

void tui_canvas_deinit(struct tui_canvas *canvas)
{
	free(canvas->cells);
	free(canvas->hits);
	*canvas = (struct tui_canvas){ 0 };
}

int tui_canvas_reset(struct tui_canvas *canvas, int width, int height)
{
	size_t count = (size_t)width * (size_t)height;

	canvas->hit_count = 0;
	if (width != canvas->width || height != canvas->height || !canvas->cells) {
		struct tui_cell *cells =
			reallocarray(canvas->cells, count ? count : 1, sizeof(*cells));

		if (!cells) {
			canvas->width = canvas->height = 0;
			return -ENOMEM;
		}
		canvas->cells = cells;
		canvas->width = width;
		canvas->height = height;
	}
	for (size_t i = 0; i < count; i++)
		canvas->cells[i] = (struct tui_cell){ .code = ' ' };
	return 0;
}

static uint32_t decode(struct vm_str s, size_t len)
{
	uint32_t code = (unsigned char)s.p[0];

	if (len == 1)
		return code;
	code &= 0x7fu >> len;
	for (size_t i = 1; i < len; i++)
		code = code << 6 | ((unsigned char)s.p[i] & 0x3f);
	return code;
}

/* The next character of @text that takes room, and how much. False at the end. */
static bool next_char(const struct tui_canvas *canvas, struct vm_str *text, uint32_t *code,
		      int *width)
{
	while (text->len) {
		size_t len = vm_safe_char(*text);

		*code = len ? decode(*text, len) : '?';
		if (len > 1 && !canvas->utf8)
			*code = '?';
		*text = vm_str_skip(*text, len ? len : 1);
		*width = *code < 0x80 ? 1 : wcwidth((wchar_t)*code);
		/* Characters without a place of their own would fall on a neighbour's. */
		if (*width == 0)
			continue;
		if (*width < 0) {
			*code = '?';
			*width = 1;
		}
		return true;
	}
	return false;
}

int tui_width(const struct tui_canvas *canvas, struct vm_str text)
{
	uint32_t code;
	int width, sum = 0;

	while (next_char(canvas, &text, &code, &width))
		sum += width;
	return sum;
}

static struct tui_cell *cell_at(struct tui_canvas *canvas, int row, int col)
{
	if (row < 0 || row >= canvas->height || col < 0 || col >= canvas->width)
		return NULL;
	return &canvas->cells[(size_t)row * (size_t)canvas->width + (size_t)col];
}

static void set_cell(struct tui_canvas *canvas, int row, int col, struct tui_style style,
		     uint32_t code)
{
	struct tui_cell *cell = cell_at(canvas, row, col);

	if (cell)
		*cell = (struct tui_cell){ code, style };
}

int tui_put(struct tui_canvas *canvas, int row, int col, int limit, struct tui_style style,
	    struct vm_str text)
{
	int start = col, width;
	uint32_t code;

	while (next_char(canvas, &text, &code, &width)) {
		if (col + width - start > limit)
			break;
		/* Half a wide character at the edge would push the line. */
		if (width == 2 && col + 2 > canvas->width)
			break;
		set_cell(canvas, row, col, style, code);
		/* Of one that is cut at the left edge there is no left half to belong to. */
		if (width == 2)
			set_cell(canvas, row, col + 1, style, col < 0 ? ' ' : 0);
		col += width;
	}
	return col - start;
}

int tui_put_text(struct tui_canvas *canvas, int row, int col, int limit, struct tui_style style,
		 const char *text)
{
	return tui_put(canvas, row, col, limit, style, vm_str_from(text));
}

/* The end of @text that takes at most @limit columns. */
static struct vm_str last_columns(const struct tui_canvas *canvas, struct vm_str text, int limit)
{
	int excess = tui_width(canvas, text) - limit;
	uint32_t code;
	int width;

	while (excess > 0 && next_char(canvas, &text, &code, &width))
		excess -= width;
	return text;
}

void tui_put_right(struct tui_canvas *canvas, int row, int end, int limit, struct tui_style style,
		   struct vm_str text)
{
	text = last_columns(canvas, text, limit);
	tui_put(canvas, row, end - tui_width(canvas, text), limit, style, text);
}

/* What stands behind the last slash of a path; nothing of anything else. */
static struct vm_str file_name(struct vm_str text)
{
	if (!vm_str_starts(text, VM_STR("/")))
		return (struct vm_str){ 0 };
	return vm_str_skip(text, vm_str_find_last(text, '/') + 1);
}

/* @front columns of the beginning, dots, and as much of the end as goes into @limit. */
static void put_ends(struct tui_canvas *canvas, int row, int col, int limit, int front,
		     struct tui_style style, struct vm_str text)
{
	const char *dots = canvas->utf8 ? "\xe2\x80\xa6" : "..";

	front = tui_put(canvas, row, col, front, style, text);
	front += tui_put_text(canvas, row, col + front, limit - front, style, dots);
	tui_put(canvas, row, col + front, limit - front, style,
		last_columns(canvas, text, limit - front));
}

void tui_put_middle(struct tui_canvas *canvas, int row, int col, int limit, struct tui_style style,
		    struct vm_str text)
{
	int room = limit - (canvas->utf8 ? 1 : 2);
	struct vm_str name = file_name(text);

	if (tui_width(canvas, text) <= limit)
		tui_put(canvas, row, col, limit, style, text);
	/* Very little room: the end alone. */
	else if (limit < 8)
		tui_put(canvas, row, col, limit, style, last_columns(canvas, text, limit));
	/* Of names that are longer than that the beginning tells as much. */
	else if (tui_width(canvas, name) > room)
		put_ends(canvas, row, col, limit, room / 2, style, name);
	else if (tui_width(canvas, name) > room - room / 4)
		put_ends(canvas, row, col, limit, room - tui_width(canvas, name), style, text);
	else
		put_ends(canvas, row, col, limit, room / 4, style, text);
}

static size_t line_length(const struct tui_canvas *canvas, struct vm_str text, int width)
{
	size_t fits = 0, blank = 0;
	struct vm_str rest = text;
	uint32_t code;
	int taken;

	while (rest.len) {
		width -= next_char(canvas, &rest, &code, &taken) ? taken : 0;
		if (width < 0)
			break;
		fits = text.len - rest.len;
		if (!rest.len || rest.p[0] == ' ')
			blank = fits;
	}
	if (fits == text.len)
		return fits;
	return blank ? blank : fits ? fits : 1;
}

struct vm_str tui_take_line(const struct tui_canvas *canvas, struct vm_str *text, int width)
{
	struct vm_str line = { text->p, line_length(canvas, *text, width) };

	*text = vm_str_skip(*text, line.len);
	vm_scan_blanks(text);
	return line;
}

void tui_put_paragraph(struct tui_canvas *canvas, int row, int col, int width, int rows,
		       struct tui_style style, struct vm_str text)
{
	while (text.len && rows-- > 0)
		tui_put(canvas, row++, col, width, style, tui_take_line(canvas, &text, width));
}

struct vm_str tui_fit_items(const struct tui_canvas *canvas, struct vm_str text, int width)
{
	size_t fits = 0;

	for (size_t i = 1; i <= text.len; i++) {
		bool ends = i == text.len || vm_str_starts(vm_str_skip(text, i), VM_STR("  "));

		if (ends && tui_width(canvas, (struct vm_str){ text.p, i }) <= width)
			fits = i;
	}
	return (struct vm_str){ text.p, fits };
}

void tui_fill(struct tui_canvas *canvas, int row, int col, int width, struct tui_style style,
	      uint32_t code, char ascii)
{
	if (!canvas->utf8)
		code = (unsigned char)ascii;
	for (int i = 0; i < width; i++)
		set_cell(canvas, row, col + i, style, code);
}

void tui_add_attr(struct tui_canvas *canvas, int row, int col, int width, uint8_t attr)
{
	for (int i = 0; i < width; i++) {
		struct tui_cell *cell = cell_at(canvas, row, col + i);

		if (cell)
			cell->style.attr |= attr;
	}
}

void tui_add_hit(struct tui_canvas *canvas, int row, int col, int width, int action, uint64_t value)
{
	if (canvas->hit_count == canvas->hit_cap) {
		size_t cap = canvas->hit_cap ? canvas->hit_cap * 2 : 64;
		struct tui_hit *hits = reallocarray(canvas->hits, cap, sizeof(*hits));

		if (!hits)
			return;
		canvas->hits = hits;
		canvas->hit_cap = cap;
	}
	canvas->hits[canvas->hit_count++] = (struct tui_hit){ row, col, width, action, value };
}

const struct tui_hit *tui_find_hit(const struct tui_canvas *canvas, int row, int col)
{
	for (size_t i = canvas->hit_count; i-- > 0;) {
		const struct tui_hit *hit = &canvas->hits[i];

		if (hit->row == row && col >= hit->col && col < hit->col + hit->width)
			return hit;
	}
	return NULL;
}

#include "vt_screen.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

static void put_utf8(uint32_t code, FILE *out)
{
	if (code < 0x80) {
		fputc((int)code, out);
		return;
	}
	if (code < 0x800) {
		fputc((int)(0xc0 | code >> 6), out);
	} else if (code < 0x10000) {
		fputc((int)(0xe0 | code >> 12), out);
		fputc((int)(0x80 | (code >> 6 & 0x3f)), out);
	} else {
		fputc((int)(0xf0 | code >> 18), out);
		fputc((int)(0x80 | (code >> 12 & 0x3f)), out);
		fputc((int)(0x80 | (code >> 6 & 0x3f)), out);
	}
	fputc((int)(0x80 | (code & 0x3f)), out);
}

static bool is_right_half(const VTermScreenCell *cell)
{
	return cell->chars[0] == (uint32_t)-1;
}

static void put_cell(const VTermScreenCell *cell, FILE *out)
{
	if (is_right_half(cell))
		return;
	if (cell->chars[0] == 0)
		fputc(' ', out);
	for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i]; i++)
		put_utf8(cell->chars[i], out);
}

VTermScreenCell vt_screen_cell(const struct vt_terminal *terminal, VTermPos pos)
{
	VTermScreenCell cell = { 0 };

	vterm_screen_get_cell(terminal->screen, pos, &cell);
	return cell;
}

static FILE *open_text(char **text, size_t *len)
{
	FILE *out = open_memstream(text, len);

	if (!out)
		err(1, "open_memstream");
	return out;
}

/* The first @cols columns, blanks and all. */
static char *row_until(const struct vt_terminal *terminal, int row, int cols)
{
	char *text;
	size_t len;
	FILE *out = open_text(&text, &len);

	for (int col = 0; col < cols; col++) {
		VTermScreenCell cell = vt_screen_cell(terminal, (VTermPos){ row, col });

		put_cell(&cell, out);
	}
	if (fclose(out) != 0)
		err(1, "no memory");
	return text;
}

char *vt_screen_row(const struct vt_terminal *terminal, int row)
{
	char *text = row_until(terminal, row, terminal->cols);
	size_t len = strlen(text);

	while (len > 0 && text[len - 1] == ' ')
		text[--len] = '\0';
	return text;
}

char *vt_screen_text(const struct vt_terminal *terminal)
{
	char *text;
	size_t len;
	FILE *out = open_text(&text, &len);

	for (int row = 0; row < terminal->rows; row++) {
		char *line = vt_screen_row(terminal, row);

		fprintf(out, "%s\n", line);
		free(line);
	}
	if (fclose(out) != 0)
		err(1, "no memory");
	return text;
}

/* The column at which byte @at of the row's text lies. */
static int column_of(const struct vt_terminal *terminal, int row, size_t at)
{
	int col = 0;

	for (;; col++) {
		char *text = row_until(terminal, row, col + 1);
		size_t len = strlen(text);

		free(text);
		if (len > at || col + 1 == terminal->cols)
			return col;
	}
}

bool vt_screen_find(const struct vt_terminal *terminal, const char *text, VTermPos *pos)
{
	for (int row = 0; row < terminal->rows; row++) {
		char *line = vt_screen_row(terminal, row);
		const char *found = strstr(line, text);

		if (found)
			*pos = (VTermPos){ row, column_of(terminal, row, (size_t)(found - line)) };
		free(line);
		if (found)
			return true;
	}
	return false;
}

static bool has_colour(const VTermScreenCell *cell)
{
	return !VTERM_COLOR_IS_DEFAULT_FG(&cell->fg) || !VTERM_COLOR_IS_DEFAULT_BG(&cell->bg);
}

bool vt_screen_is_colourless(const struct vt_terminal *terminal)
{
	for (int row = 0; row < terminal->rows; row++) {
		for (int col = 0; col < terminal->cols; col++) {
			VTermScreenCell cell = vt_screen_cell(terminal, (VTermPos){ row, col });

			if (has_colour(&cell))
				return false;
		}
	}
	return true;
}

/* Attributes */

static bool is_bold(const VTermScreenCell *cell)
{
	return cell->attrs.bold;
}

static bool is_dim(const VTermScreenCell *cell)
{
	return cell->attrs.font == VT_FONT_OF_DIM;
}

static bool is_underlined(const VTermScreenCell *cell)
{
	return cell->attrs.underline;
}

static bool is_italic(const VTermScreenCell *cell)
{
	return cell->attrs.italic;
}

static bool is_blinking(const VTermScreenCell *cell)
{
	return cell->attrs.blink;
}

static bool is_reverse(const VTermScreenCell *cell)
{
	return cell->attrs.reverse;
}

static bool is_struck(const VTermScreenCell *cell)
{
	return cell->attrs.strike;
}

static const struct {
	const char *name;
	bool (*has)(const VTermScreenCell *cell);
} attributes[] = {
	{ "bold", is_bold },     { "dim", is_dim },        { "underline", is_underlined },
	{ "italic", is_italic }, { "blink", is_blinking }, { "reverse", is_reverse },
	{ "strike", is_struck },
};

static const size_t attribute_count = sizeof(attributes) / sizeof(attributes[0]);

static bool is_plain(const VTermScreenCell *cell)
{
	for (size_t i = 0; i < attribute_count; i++) {
		if (attributes[i].has(cell))
			return false;
	}
	return !has_colour(cell);
}

/* "default", "2" or "#ff8000", into a buffer of 16. */
static void name_colour(const VTermColor *colour, bool is_default, char *name)
{
	if (is_default)
		snprintf(name, 16, "default");
	else if (VTERM_COLOR_IS_INDEXED(colour))
		snprintf(name, 16, "%d", colour->indexed.idx);
	else
		snprintf(name, 16, "#%02x%02x%02x", colour->rgb.red, colour->rgb.green,
			 colour->rgb.blue);
}

static void name_colours(const VTermScreenCell *cell, char *fg, char *bg)
{
	name_colour(&cell->fg, VTERM_COLOR_IS_DEFAULT_FG(&cell->fg), fg);
	name_colour(&cell->bg, VTERM_COLOR_IS_DEFAULT_BG(&cell->bg), bg);
}

void vt_screen_describe_cell(const VTermScreenCell *cell, FILE *out)
{
	char fg[16], bg[16];
	const char *space = "";

	for (size_t i = 0; i < attribute_count; i++) {
		if (!attributes[i].has(cell))
			continue;
		fprintf(out, "%s%s", space, attributes[i].name);
		space = " ";
	}
	name_colours(cell, fg, bg);
	if (!VTERM_COLOR_IS_DEFAULT_FG(&cell->fg)) {
		fprintf(out, "%sfg=%s", space, fg);
		space = " ";
	}
	if (!VTERM_COLOR_IS_DEFAULT_BG(&cell->bg)) {
		fprintf(out, "%sbg=%s", space, bg);
		space = " ";
	}
	if (*space == '\0')
		fputs("plain", out);
}

static enum vt_attr_result result(bool present)
{
	return present ? VT_ATTR_PRESENT : VT_ATTR_ABSENT;
}

static enum vt_attr_result cell_has(const VTermScreenCell *cell, const char *word)
{
	char fg[16], bg[16];

	for (size_t i = 0; i < attribute_count; i++) {
		if (strcmp(word, attributes[i].name) == 0)
			return result(attributes[i].has(cell));
	}
	name_colours(cell, fg, bg);
	if (strcmp(word, "plain") == 0)
		return result(is_plain(cell));
	if (strcmp(word, "colour") == 0)
		return result(has_colour(cell));
	if (strncmp(word, "fg=", 3) == 0)
		return result(strcmp(word + 3, fg) == 0);
	if (strncmp(word, "bg=", 3) == 0)
		return result(strcmp(word + 3, bg) == 0);
	return VT_ATTR_UNKNOWN;
}

enum vt_attr_result vt_screen_cell_has(const VTermScreenCell *cell, const char *word)
{
	bool opposite = strncmp(word, "no-", 3) == 0;
	enum vt_attr_result has = cell_has(cell, opposite ? word + 3 : word);

	if (has == VT_ATTR_UNKNOWN || !opposite)
		return has;
	return result(has == VT_ATTR_ABSENT);
}

/* Dump */

static bool look_alike(const VTermScreenCell *a, const VTermScreenCell *b)
{
	for (size_t i = 0; i < attribute_count; i++) {
		if (attributes[i].has(a) != attributes[i].has(b))
			return false;
	}
	return vterm_color_is_equal(&a->fg, &b->fg) && vterm_color_is_equal(&a->bg, &b->bg);
}

/* The first column beyond those that look like the one at @col. */
static int run_end(const struct vt_terminal *terminal, int row, int col)
{
	VTermScreenCell first = vt_screen_cell(terminal, (VTermPos){ row, col });
	int end = col + 1;

	for (; end < terminal->cols; end++) {
		VTermScreenCell cell = vt_screen_cell(terminal, (VTermPos){ row, end });

		if (!is_right_half(&cell) && !look_alike(&first, &cell))
			break;
	}
	return end;
}

static void dump_attributes(const struct vt_terminal *terminal, int row, const char *prefix,
			    FILE *out)
{
	bool any = false;

	for (int col = 0, end; col < terminal->cols; col = end) {
		VTermScreenCell cell = vt_screen_cell(terminal, (VTermPos){ row, col });

		end = run_end(terminal, row, col);
		if (is_plain(&cell))
			continue;
		if (any)
			fputc(',', out);
		else
			fprintf(out, "%s%3d:", prefix, row + 1);
		fprintf(out, " %d-%d ", col + 1, end);
		vt_screen_describe_cell(&cell, out);
		any = true;
	}
	if (any)
		fputc('\n', out);
}

static void dump_edge(int cols, FILE *out)
{
	fputs("    +", out);
	for (int col = 0; col < cols; col++)
		fputc('-', out);
	fputs("+\n", out);
}

/* The first row from @row on that is not blank. */
static int blank_end(const struct vt_terminal *terminal, int row)
{
	for (bool blank = true; row < terminal->rows; row++) {
		char *line = vt_screen_row(terminal, row);

		blank = *line == '\0';
		free(line);
		if (!blank)
			break;
	}
	return row;
}

/* One row, or several that are blank. */
static void dump_rows(const struct vt_terminal *terminal, int row, int end, const char *prefix,
		      FILE *out)
{
	char *line;

	if (end > row + 1) {
		fprintf(out, "%s    | rows %d to %d are blank\n", prefix, row + 1, end);
		return;
	}
	line = row_until(terminal, row, terminal->cols);
	fprintf(out, "%s%3d |%s|\n", prefix, row + 1, line);
	free(line);
}

void vt_screen_dump(const struct vt_terminal *terminal, const char *prefix, FILE *out)
{
	VTermPos cursor;

	vterm_state_get_cursorpos(vterm_obtain_state(terminal->vt), &cursor);
	fprintf(out, "%s%s screen, %d columns, %d rows; cursor %s at %d,%d; mouse %s\n", prefix,
		terminal->alternate ? "alternate" : "main", terminal->cols, terminal->rows,
		terminal->cursor_visible ? "visible" : "hidden", cursor.col + 1, cursor.row + 1,
		terminal->mouse ? "on" : "off");
	fputs(prefix, out);
	dump_edge(terminal->cols, out);
	for (int row = 0, end; row < terminal->rows; row = end) {
		end = blank_end(terminal, row);
		if (end < row + 3)
			end = row + 1;
		dump_rows(terminal, row, end, prefix, out);
	}
	fputs(prefix, out);
	dump_edge(terminal->cols, out);
	for (int row = 0; row < terminal->rows; row++)
		dump_attributes(terminal, row, prefix, out);
}

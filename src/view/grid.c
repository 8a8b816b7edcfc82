#include "grid.h"

#include <stdlib.h>

void vm_grid_deinit(struct vm_grid *grid)
{
	vm_buf_deinit(&grid->cells);
	*grid = (struct vm_grid){ 0 };
}

void vm_grid_close(struct vm_grid *grid)
{
	vm_buf_put_char(&grid->cells, '\0');
	grid->count++;
}

/* What is safe is UTF-8. */
size_t vm_text_width(struct vm_str text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += ((unsigned char)text.p[i] & 0xc0) != 0x80;
	return count;
}

/* Takes the next cell off the front of @rest. */
static struct vm_str next_cell(struct vm_str *rest)
{
	struct vm_str cell = { rest->p, vm_str_find(*rest, '\0') };

	*rest = vm_str_skip(*rest, cell.len + 1);
	return cell;
}

static void measure(const struct vm_grid *grid, size_t *widths)
{
	struct vm_str rest = vm_buf_str(&grid->cells);

	for (size_t i = 0; i < grid->count; i++) {
		size_t width = vm_text_width(next_cell(&rest));

		if (widths[i % grid->columns] < width)
			widths[i % grid->columns] = width;
	}
}

static void put_cell(struct vm_buf *text, struct vm_str cell, size_t width, bool left)
{
	size_t blanks = width - vm_text_width(cell);

	if (!left)
		vm_buf_put_repeat(text, ' ', blanks);
	vm_buf_put_str(text, cell);
	if (left)
		vm_buf_put_repeat(text, ' ', blanks);
}

static void put_line(const struct vm_grid *grid, const size_t *widths, struct vm_str *rest,
		     struct vm_buf *text)
{
	size_t begin = text->len;

	for (size_t i = 0; i < grid->columns; i++) {
		if (i)
			vm_buf_put_char(text, ' ');
		put_cell(text, next_cell(rest), widths[i], grid->left[i]);
	}
	while (text->len > begin && text->p[text->len - 1] == ' ')
		text->len--;
	vm_buf_put_char(text, '\n');
}

void vm_grid_put(const struct vm_grid *grid, struct vm_buf *text)
{
	size_t *widths = calloc(grid->columns, sizeof(*widths));
	struct vm_str rest = vm_buf_str(&grid->cells);

	text->failed |= !widths || grid->cells.failed;
	if (!text->failed)
		measure(grid, widths);
	for (size_t i = 0; !text->failed && i < grid->count / grid->columns; i++)
		put_line(grid, widths, &rest, text);
	free(widths);
}

#include "prompt.h"

#include "vmview/safe.h"

#define CONTROL(letter) ((letter)&0x1f)

void tui_prompt_open(struct tui_prompt *prompt, enum tui_prompt_purpose purpose, const char *label,
		     struct vm_str text)
{
	vm_buf_clear(&prompt->text);
	vm_buf_put_str(&prompt->text, text);
	prompt->purpose = purpose;
	prompt->label = label;
	prompt->hint = NULL;
	prompt->cursor = prompt->text.len;
}

void tui_prompt_close(struct tui_prompt *prompt)
{
	prompt->purpose = TUI_PROMPT_CLOSED;
}

void tui_prompt_deinit(struct tui_prompt *prompt)
{
	vm_buf_deinit(&prompt->text);
}

static size_t encode(uint32_t code, char bytes[4])
{
	if (code < 0x80) {
		bytes[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		bytes[0] = (char)(0xc0 | code >> 6);
		bytes[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		bytes[0] = (char)(0xe0 | code >> 12);
		bytes[1] = (char)(0x80 | (code >> 6 & 0x3f));
		bytes[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	bytes[0] = (char)(0xf0 | code >> 18);
	bytes[1] = (char)(0x80 | (code >> 12 & 0x3f));
	bytes[2] = (char)(0x80 | (code >> 6 & 0x3f));
	bytes[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

static void insert(struct tui_prompt *prompt, uint32_t code)
{
	struct vm_buf *text = &prompt->text;
	char bytes[4];
	size_t len = encode(code, bytes);

	/* What cannot be shown cannot be edited. */
	if (vm_safe_char((struct vm_str){ bytes, len }) != len || !vm_buf_reserve(text, len))
		return;
	memmove(text->p + prompt->cursor + len, text->p + prompt->cursor,
		text->len - prompt->cursor);
	memcpy(text->p + prompt->cursor, bytes, len);
	text->len += len;
	prompt->cursor += len;
}

static bool is_inside(const struct tui_prompt *prompt, size_t at)
{
	return at < prompt->text.len && ((unsigned char)prompt->text.p[at] & 0xc0) == 0x80;
}

static size_t before(const struct tui_prompt *prompt, size_t at)
{
	while (at && is_inside(prompt, --at))
		;
	return at;
}

static size_t after(const struct tui_prompt *prompt, size_t at)
{
	if (at < prompt->text.len)
		at++;
	while (is_inside(prompt, at))
		at++;
	return at;
}

static void erase(struct tui_prompt *prompt, size_t from, size_t to)
{
	struct vm_buf *text = &prompt->text;

	if (from == to)
		return;
	memmove(text->p + from, text->p + to, text->len - to);
	text->len -= to - from;
	prompt->cursor = from;
}

enum tui_prompt_result tui_prompt_key(struct tui_prompt *prompt, uint32_t key)
{
	switch (key) {
	case '\r':
	case '\n':
		return TUI_PROMPT_DONE;
	case '\033':
	case CONTROL('c'):
		return TUI_PROMPT_GIVEN_UP;
	case TUI_KEY_BACKSPACE:
	case CONTROL('h'):
		erase(prompt, before(prompt, prompt->cursor), prompt->cursor);
		break;
	case TUI_KEY_DELETE:
		erase(prompt, prompt->cursor, after(prompt, prompt->cursor));
		break;
	case CONTROL('u'):
		erase(prompt, 0, prompt->cursor);
		break;
	case TUI_KEY_LEFT:
		prompt->cursor = before(prompt, prompt->cursor);
		break;
	case TUI_KEY_RIGHT:
		prompt->cursor = after(prompt, prompt->cursor);
		break;
	case TUI_KEY_HOME:
	case CONTROL('a'):
		prompt->cursor = 0;
		break;
	case TUI_KEY_END:
	case CONTROL('e'):
		prompt->cursor = prompt->text.len;
		break;
	default:
		if (key >= ' ' && key < TUI_KEY_NONE)
			insert(prompt, key);
	}
	return TUI_PROMPT_GOES_ON;
}

/* Behind the cursor. */
static void draw_hint(const struct tui_prompt *prompt, struct tui_canvas *canvas, int row, int col)
{
	int room = canvas->width - col - 1;

	if (prompt->hint && !prompt->text.len)
		tui_put(canvas, row, col + 1, room, (struct tui_style){ TUI_HUE_SPECIAL, 0 },
			tui_fit_items(canvas, vm_str_from(prompt->hint), room));
}

/* Text that is too long shows the part before the cursor. */
void tui_prompt_draw(struct tui_prompt *prompt, struct tui_canvas *canvas, int row)
{
	struct tui_style plain = { 0 }, bold = { .attr = TUI_BOLD };
	struct vm_str text = vm_buf_str(&prompt->text);
	struct vm_str left = { text.p, prompt->cursor };
	int col, room;

	tui_fill(canvas, row, 0, canvas->width, plain, ' ', ' ');
	col = tui_put_text(canvas, row, 0, canvas->width, bold, prompt->label);
	room = canvas->width - col - 1;
	while (left.len && tui_width(canvas, left) > room) {
		size_t n = vm_safe_char(left);

		left = vm_str_skip(left, n ? n : 1);
	}
	prompt->cursor_col = col + tui_width(canvas, left);
	if (prompt->cursor_col >= canvas->width)
		prompt->cursor_col = canvas->width - 1;
	col += tui_put(canvas, row, col, room, plain, left);
	tui_put(canvas, row, col, canvas->width - col, plain, vm_str_skip(text, prompt->cursor));
	draw_hint(prompt, canvas, row, prompt->cursor_col);
}

#include "vmview/pmap.h"

#include "vmview/safe.h"

/* Lead bytes as libproc2 reads them: how long the character claims to be, 0 for none. */
static size_t claimed_length(unsigned char c)
{
	if (c < 0x80)
		return 1;
	if (c >= 0xc2 && c <= 0xdf)
		return 2;
	if (c >= 0xe0 && c <= 0xef)
		return 3;
	return c >= 0xf0 && c <= 0xf4 ? 4 : 0;
}

static bool is_control(unsigned char c)
{
	return c < 0x20 || c == 0x7f;
}

/* Without UTF-8, and from the first broken character on, libproc2 tells control bytes from foreign ones. */
static void put_bytes(struct vm_buf *text, struct vm_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		vm_buf_put_char(text, is_control(c) ? '.' : c < 0x80 ? (char)c : '?');
	}
}

/*
 * libproc2 trusts that a lead byte is followed by what it claims; here every byte of a character that
 * is not safe becomes a `?`.
 */
static void put_utf8(struct vm_buf *text, struct vm_str s)
{
	while (s.len) {
		size_t claimed = claimed_length((unsigned char)s.p[0]);

		if (!claimed || claimed > s.len) {
			put_bytes(text, s);
			return;
		}
		if (vm_safe_char(s) == claimed)
			vm_buf_put(text, s.p, claimed);
		else
			vm_buf_put_repeat(text, '?', claimed);
		s = vm_str_skip(s, claimed);
	}
}

static void put_foreign(struct vm_buf *text, struct vm_str s, bool utf8)
{
	if (utf8)
		put_utf8(text, s);
	else
		put_bytes(text, s);
}

/* The arguments as one line. A blank that stands last is dropped where no NUL closes it. */
static void join_arguments(struct vm_str cmdline, struct vm_buf *line)
{
	size_t len = cmdline.len;

	while (len && cmdline.p[len - 1] == '\0')
		len--;
	for (size_t i = 0; i < len; i++) {
		char c = cmdline.p[i];

		vm_buf_put_char(line, c == '\n' || c == '\0' ? ' ' : c);
	}
	if (len == cmdline.len && len && line->p && line->p[line->len - 1] == ' ')
		line->len--;
}

static void put_name(struct vm_buf *text, const struct vm_process *process, bool utf8)
{
	vm_buf_put_char(text, '[');
	put_foreign(text, vm_buf_str(&process->comm), utf8);
	vm_buf_put_char(text, ']');
	if (process->state == 'Z')
		vm_buf_put_text(text, " <defunct>");
}

void vm_pmap_command(struct vm_buf *text, const struct vm_process *process, bool utf8)
{
	struct vm_buf line = { 0 };
	size_t before = text->len;

	if (process->cmdline.len) {
		join_arguments(vm_buf_str(&process->cmdline), &line);
		put_foreign(text, vm_buf_str(&line), utf8);
		text->failed |= line.failed;
		vm_buf_deinit(&line);
	} else if (process->comm.len || process->state) {
		put_name(text, process, utf8);
	}
	/* Nothing of it may be known: hidepid=1 hides even the name. */
	if (text->len == before)
		vm_buf_put_char(text, '?');
}

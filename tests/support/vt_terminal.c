#include "vt_terminal.h"

#include <err.h>
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

uint64_t vt_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static int note_property(VTermProp property, VTermValue *value, void *user)
{
	struct vt_terminal *terminal = user;

	if (property == VTERM_PROP_ALTSCREEN)
		terminal->alternate = value->boolean;
	else if (property == VTERM_PROP_CURSORVISIBLE)
		terminal->cursor_visible = value->boolean;
	else if (property == VTERM_PROP_MOUSE)
		terminal->mouse = value->number != VTERM_PROP_MOUSE_NONE;
	return 1;
}

static const VTermScreenCallbacks callbacks = { .settermprop = note_property };

static void send_answer(const char *bytes, size_t len, void *user)
{
	vt_terminal_send(user, bytes, len);
}

void vt_terminal_init(struct vt_terminal *terminal, int fd, int cols, int rows)
{
	*terminal = (struct vt_terminal){ .fd = fd, .cols = cols, .rows = rows };
	terminal->vt = vterm_new(rows, cols);
	if (!terminal->vt)
		errx(1, "libvterm gives no terminal");
	vterm_set_utf8(terminal->vt, 1);
	vterm_output_set_callback(terminal->vt, send_answer, terminal);
	terminal->screen = vterm_obtain_screen(terminal->vt);
	vterm_screen_set_callbacks(terminal->screen, &callbacks, terminal);
	vterm_screen_enable_altscreen(terminal->screen, 1);
	vterm_screen_set_damage_merge(terminal->screen, VTERM_DAMAGE_SCREEN);
	vterm_screen_reset(terminal->screen, 1);
	terminal->changed_ns = vt_now();
}

void vt_terminal_deinit(struct vt_terminal *terminal)
{
	vt_terminal_hang_up(terminal);
	if (terminal->vt)
		vterm_free(terminal->vt);
	terminal->vt = NULL;
	terminal->screen = NULL;
}

void vt_terminal_resize(struct vt_terminal *terminal, int cols, int rows)
{
	struct winsize size = { .ws_col = (unsigned short)cols, .ws_row = (unsigned short)rows };

	terminal->cols = cols;
	terminal->rows = rows;
	vterm_set_size(terminal->vt, rows, cols);
	/* The kernel tells the program, by SIGWINCH. */
	if (terminal->fd >= 0 && ioctl(terminal->fd, TIOCSWINSZ, &size) < 0)
		err(1, "cannot resize the terminal");
}

void vt_terminal_hang_up(struct vt_terminal *terminal)
{
	if (terminal->vt && terminal->fd >= 0)
		close(terminal->fd);
	terminal->fd = -1;
}

void vt_terminal_send(struct vt_terminal *terminal, const char *bytes, size_t len)
{
	if (len > sizeof(terminal->unsent) - terminal->unsent_len)
		errx(1, "the program does not read what is typed");
	memcpy(terminal->unsent + terminal->unsent_len, bytes, len);
	terminal->unsent_len += len;
}

static void write_some(struct vt_terminal *terminal)
{
	ssize_t n;

	if (terminal->unsent_len == 0)
		return;
	n = write(terminal->fd, terminal->unsent, terminal->unsent_len);
	if (n <= 0)
		return;
	terminal->unsent_len -= (size_t)n;
	memmove(terminal->unsent, terminal->unsent + n, terminal->unsent_len);
}

static void show(void *user, const char *bytes, size_t len)
{
	struct vt_terminal *terminal = user;

	vterm_input_write(terminal->vt, bytes, len);
}

bool vt_terminal_exchange(struct vt_terminal *terminal)
{
	char bytes[65536];
	ssize_t n;

	if (terminal->fd < 0)
		return false;
	write_some(terminal);
	n = read(terminal->fd, bytes, sizeof(bytes));
	if (n <= 0)
		return false;
	vt_filter_feed(&terminal->filter, bytes, (size_t)n, (struct vt_sink){ show, terminal });
	vterm_screen_flush_damage(terminal->screen);
	terminal->changed_ns = vt_now();
	return true;
}

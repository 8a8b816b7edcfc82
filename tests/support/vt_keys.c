#include "vt_keys.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	VTermKey key;
} keys[] = {
	/* clang-format off */
	{ "Enter", VTERM_KEY_ENTER },
	{ "Tab", VTERM_KEY_TAB },
	{ "BS", VTERM_KEY_BACKSPACE },
	{ "Esc", VTERM_KEY_ESCAPE },
	{ "Up", VTERM_KEY_UP },
	{ "Down", VTERM_KEY_DOWN },
	{ "Left", VTERM_KEY_LEFT },
	{ "Right", VTERM_KEY_RIGHT },
	{ "Ins", VTERM_KEY_INS },
	{ "Del", VTERM_KEY_DEL },
	{ "Home", VTERM_KEY_HOME },
	{ "End", VTERM_KEY_END },
	{ "PgUp", VTERM_KEY_PAGEUP },
	{ "PgDn", VTERM_KEY_PAGEDOWN },
	/* clang-format on */
};

static bool is_name(const char *name, size_t len, const char *wanted)
{
	return len == strlen(wanted) && memcmp(name, wanted, len) == 0;
}

static VTermKey find_key(const char *name, size_t len)
{
	char *end;
	long number;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (is_name(name, len, keys[i].name))
			return keys[i].key;
	}
	if (len < 2 || name[0] != 'F')
		return VTERM_KEY_NONE;
	number = strtol(name + 1, &end, 10);
	if (end != name + len || number < 1 || number > 63)
		return VTERM_KEY_NONE;
	return (VTermKey)VTERM_KEY_FUNCTION(number);
}

/* libvterm has another encoding for some, which terminfo does not know. */
static void send_character(struct vt_terminal *terminal, char c, VTermModifier modifiers)
{
	if (modifiers & VTERM_MOD_ALT)
		vt_terminal_send(terminal, "\033", 1);
	if (modifiers & VTERM_MOD_CTRL)
		c = c == '?' ? '\177' : (char)(c & 0x1f);
	vt_terminal_send(terminal, &c, 1);
}

static VTermModifier take_modifiers(const char **name, size_t *len)
{
	int modifiers = VTERM_MOD_NONE;

	while (*len > 2 && (*name)[1] == '-') {
		if (**name == 'C')
			modifiers |= VTERM_MOD_CTRL;
		else if (**name == 'S')
			modifiers |= VTERM_MOD_SHIFT;
		else if (**name == 'M')
			modifiers |= VTERM_MOD_ALT;
		else
			break;
		*name += 2;
		*len -= 2;
	}
	return (VTermModifier)modifiers;
}

static bool send_named(struct vt_terminal *terminal, const char *name, size_t len)
{
	VTermModifier modifiers = take_modifiers(&name, &len);
	VTermKey key = find_key(name, len);

	if (key != VTERM_KEY_NONE)
		vterm_keyboard_key(terminal->vt, key, modifiers);
	else if (is_name(name, len, "Space"))
		send_character(terminal, ' ', modifiers);
	else if (is_name(name, len, "lt"))
		send_character(terminal, '<', modifiers);
	else if (len == 1)
		send_character(terminal, *name, modifiers);
	else
		return false;
	return true;
}

const char *vt_keys_send(struct vt_terminal *terminal, const char *text)
{
	while (*text) {
		const char *end = *text == '<' ? strchr(text, '>') : NULL;

		if (end && !send_named(terminal, text + 1, (size_t)(end - text) - 1))
			return text;
		if (*text == '<' && !end)
			return text;
		if (!end && *text != ' ')
			vt_terminal_send(terminal, text, 1);
		text = end ? end + 1 : text + 1;
	}
	return NULL;
}

void vt_mouse_send(struct vt_terminal *terminal, enum vt_mouse what, int button, VTermPos pos)
{
	vterm_mouse_move(terminal->vt, pos.row, pos.col, VTERM_MOD_NONE);
	if (what != VT_MOUSE_MOVE)
		vterm_mouse_button(terminal->vt, button, what == VT_MOUSE_PRESS, VTERM_MOD_NONE);
}

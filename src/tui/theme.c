#include "theme.h"

#include <assert.h>

static const char *const names[] = {
	[TUI_THEME_DEFAULT] = "default",
	[TUI_THEME_LIGHT] = "light",
	[TUI_THEME_CONTRAST] = "high-contrast",
	[TUI_THEME_MONO] = "mono",
};
static_assert(sizeof(names) / sizeof(names[0]) == TUI_THEME_COUNT, "name every theme");

/* With 256 colours, from the Okabe-Ito set: orange 214 or 166, sky blue 74, blue 25. */
static const struct tui_colour rich[TUI_THEME_COUNT][TUI_HUE_COUNT] = {
	[TUI_THEME_DEFAULT] = {
		[TUI_HUE_PLAIN] = { -1, -1, 0 },
		[TUI_HUE_FILE] = { 214, -1, 0 },
		[TUI_HUE_ANONYMOUS] = { 74, -1, 0 },
		[TUI_HUE_SPECIAL] = { 245, -1, 0 },
		[TUI_HUE_ALERT] = { 203, -1, TUI_BOLD },
		[TUI_HUE_BAR] = { 252, 236, 0 },
	},
	[TUI_THEME_LIGHT] = {
		[TUI_HUE_PLAIN] = { -1, -1, 0 },
		[TUI_HUE_FILE] = { 130, -1, 0 },
		[TUI_HUE_ANONYMOUS] = { 25, -1, 0 },
		[TUI_HUE_SPECIAL] = { 242, -1, 0 },
		[TUI_HUE_ALERT] = { 160, -1, TUI_BOLD },
		[TUI_HUE_BAR] = { 235, 253, 0 },
	},
	[TUI_THEME_CONTRAST] = {
		[TUI_HUE_PLAIN] = { 15, 0, 0 },
		[TUI_HUE_FILE] = { 220, 0, TUI_BOLD },
		[TUI_HUE_ANONYMOUS] = { 117, 0, TUI_BOLD },
		[TUI_HUE_SPECIAL] = { 255, 0, 0 },
		[TUI_HUE_ALERT] = { 15, 160, TUI_BOLD },
		[TUI_HUE_BAR] = { 0, 15, 0 },
	},
};

/* With 8: blue needs bold to be seen on black. */
static const struct tui_colour basic[TUI_THEME_COUNT][TUI_HUE_COUNT] = {
	[TUI_THEME_DEFAULT] = {
		[TUI_HUE_PLAIN] = { -1, -1, 0 },
		[TUI_HUE_FILE] = { 3, -1, 0 },
		[TUI_HUE_ANONYMOUS] = { 4, -1, TUI_BOLD },
		[TUI_HUE_SPECIAL] = { -1, -1, TUI_DIM },
		[TUI_HUE_ALERT] = { 1, -1, TUI_BOLD },
		[TUI_HUE_BAR] = { -1, -1, TUI_BOLD },
	},
	[TUI_THEME_LIGHT] = {
		[TUI_HUE_PLAIN] = { -1, -1, 0 },
		[TUI_HUE_FILE] = { 3, -1, 0 },
		[TUI_HUE_ANONYMOUS] = { 4, -1, 0 },
		[TUI_HUE_SPECIAL] = { -1, -1, TUI_DIM },
		[TUI_HUE_ALERT] = { 1, -1, TUI_BOLD },
		[TUI_HUE_BAR] = { -1, -1, TUI_BOLD },
	},
	[TUI_THEME_CONTRAST] = {
		[TUI_HUE_PLAIN] = { 7, 0, TUI_BOLD },
		[TUI_HUE_FILE] = { 3, 0, TUI_BOLD },
		[TUI_HUE_ANONYMOUS] = { 6, 0, TUI_BOLD },
		[TUI_HUE_SPECIAL] = { 7, 0, 0 },
		[TUI_HUE_ALERT] = { 7, 1, TUI_BOLD },
		[TUI_HUE_BAR] = { 0, 7, 0 },
	},
};

/* Without colours letters and symbols carry everything; these only set them off. */
static const uint8_t plain[TUI_HUE_COUNT] = {
	[TUI_HUE_SPECIAL] = TUI_DIM,
	[TUI_HUE_ALERT] = TUI_BOLD,
	[TUI_HUE_BAR] = TUI_BOLD,
};

const char *tui_theme_name(enum tui_theme theme)
{
	assert(theme < TUI_THEME_COUNT);
	return names[theme];
}

enum tui_theme tui_theme_find(struct vm_str name)
{
	enum tui_theme theme = 0;

	while (theme < TUI_THEME_COUNT && !vm_str_equal(name, vm_str_from(names[theme])))
		theme++;
	return theme;
}

struct tui_colour tui_theme_colour(enum tui_theme theme, enum tui_hue hue, int colours)
{
	if (theme == TUI_THEME_MONO || colours < 8)
		return (struct tui_colour){ -1, -1, plain[hue] };
	return colours >= 256 ? rich[theme][hue] : basic[theme][hue];
}

/*
 * The live view: a byte each for width, height and encoding, then keys; behind each NUL a reading of the process and more keys
 * up to a `\1`. After each key the screen is drawn. Bytes below 128 are characters, the others keys and clicks.
 */
#include "fuzz.h"
#include "screen.h"
#include "tui/term.h"

/* Each takes a drawing. */
#define KEY_LIMIT 48
#define READING_LIMIT 8

struct play {
	struct tui_app app;
	int width, height;
	int keys;
};

static struct tui_key take_key(const struct play *play, struct vm_str *rest)
{
	uint8_t byte = fuzz_take_byte(rest);
	struct tui_key key = { .code = byte };

	if (byte < 0x80)
		return key;
	key.code = TUI_KEY_NONE + (byte & 0x3fu) % (TUI_KEY_LOST - TUI_KEY_NONE + 1);
	if (byte >= 0xc0) {
		key.code = TUI_KEY_CLICK;
		key.row = fuzz_take_byte(rest) % (play->height + 1);
		key.col = fuzz_take_byte(rest) % (play->width + 1);
	}
	return key;
}

static void press(struct play *play, struct vm_str keys)
{
	while (keys.len && play->keys++ < KEY_LIMIT) {
		struct tui_key key = take_key(play, &keys);

		tui_app_key(&play->app, &key);
		fuzz_app_draw(&play->app, play->width, play->height);
	}
}

static void read_and_press(struct play *play, struct vm_str part)
{
	struct vm_str keys = part;
	struct vm_str text = fuzz_take_until(&keys, 1);

	fuzz_app_feed(&play->app, text);
	fuzz_app_draw(&play->app, play->width, play->height);
	press(play, keys);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct vm_str rest = fuzz_str(bytes, size < 32768 ? size : 32768);
	struct play play = { 0 };

	/* None of the bytes of the beginning is a NUL, so that readings begin where one is. */
	play.width = fuzz_take_byte(&rest) - 1;
	play.height = fuzz_take_byte(&rest) / 2;
	if (play.width < 0)
		play.width = 0;
	play.app = fuzz_app(fuzz_take_byte(&rest) & 1);
	press(&play, fuzz_take_until(&rest, '\0'));
	for (int i = 0; i < READING_LIMIT && rest.len; i++)
		read_and_press(&play, fuzz_take_until(&rest, '\0'));
	tui_app_deinit(&play.app);
	return 0;
}

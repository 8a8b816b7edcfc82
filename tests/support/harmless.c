/*
 * harmless FILE...: whether text can do no harm to a terminal or its reader: valid UTF-8 without
 * control characters (newlines may be) and bidirectional controls. 0: yes, 1: no, and why not.
 * Written without any of vmview's own code.
 */
#include <err.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The next character of @file, -1 at its end, -2 where it is not UTF-8. Surrogates and what is overlong are not. */
static int32_t next_character(FILE *file)
{
	static const int32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	int c = getc(file), more;
	int32_t code;

	if (c == EOF)
		return -1;
	if (c < 0x80)
		return c;
	more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
	if (c < 0xc0 || c > 0xf7)
		return -2;
	code = c & (0x3f >> more);
	for (int i = 0; i < more; i++) {
		c = getc(file);
		if (c == EOF || (c & 0xc0) != 0x80)
			return -2;
		code = code << 6 | (c & 0x3f);
	}
	if (code < least[more] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return -2;
	return code;
}

static bool is_harmful(int32_t code)
{
	return code < 0 || (code < 0x20 && code != '\n') || (code >= 0x7f && code <= 0x9f) ||
	       code == 0x61c || code == 0x200e || code == 0x200f ||
	       (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

static bool check(const char *path)
{
	FILE *file = fopen(path, "r");
	int32_t code;
	int line = 1;

	if (!file)
		err(2, "%s", path);
	while ((code = next_character(file)) != -1) {
		if (is_harmful(code)) {
			if (code < 0)
				printf("%s: line %d: invalid UTF-8\n", path, line);
			else
				printf("%s: line %d: U+%04X\n", path, line, (unsigned)code);
			fclose(file);
			return false;
		}
		line += code == '\n';
	}
	fclose(file);
	return true;
}

int main(int argc, char **argv)
{
	bool all = true;

	for (int i = 1; i < argc; i++)
		all &= check(argv[i]);
	return all ? EXIT_SUCCESS : EXIT_FAILURE;
}

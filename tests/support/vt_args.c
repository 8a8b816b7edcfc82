#include "vt_args.h"

#include <ctype.h>
#include <err.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A text that is being made. */
struct writer {
	FILE *out;
	char *text;
	size_t len;
};

static void begin(struct writer *writer)
{
	*writer = (struct writer){ 0 };
	writer->out = open_memstream(&writer->text, &writer->len);
	if (!writer->out)
		err(1, "open_memstream");
}

static char *end(struct writer *writer)
{
	if (fclose(writer->out) != 0)
		err(1, "no memory");
	return writer->text;
}

static char *copy(const char *text, size_t len)
{
	char *copied = strndup(text, len);

	if (!copied)
		err(1, "no memory");
	return copied;
}

/* The length of the name at @p. */
static size_t name_length(const char *p)
{
	size_t len = 0;

	if (isdigit((unsigned char)*p))
		return 0;
	while (isalnum((unsigned char)p[len]) || p[len] == '_')
		len++;
	return len;
}

/*
 * What stands at the `$` at @p, to @out. Returns what follows it, or NULL and the name. A `$`
 * before anything else stands for itself, as at the end of a regular expression.
 */
static const char *put_variable(const char *p, FILE *out, char **unknown)
{
	bool braced = p[1] == '{';
	const char *name = p + 1 + braced;
	size_t len = name_length(name);
	const char *value;
	char *terminated;

	if (len == 0 || (braced && name[len] != '}')) {
		fputc('$', out);
		return p[1] == '$' ? p + 2 : p + 1;
	}
	terminated = copy(name, len);
	value = getenv(terminated);
	if (!value) {
		*unknown = terminated;
		return NULL;
	}
	free(terminated);
	fputs(value, out);
	return name + len + braced;
}

char *vt_args_expand(const char *text, char **unknown)
{
	size_t len = strlen(text);
	const char *stop = text + len;
	struct writer writer;

	*unknown = NULL;
	if (len >= 2 && text[0] == '"' && stop[-1] == '"') {
		text++;
		stop--;
	}
	begin(&writer);
	while (text && text < stop) {
		if (*text == '$')
			text = put_variable(text, writer.out, unknown);
		else
			fputc(*text++, writer.out);
	}
	end(&writer);
	if (text)
		return writer.text;
	free(writer.text);
	return NULL;
}

static void add_word(struct vt_words *words, char *word)
{
	char **grown = reallocarray(words->list, words->count + 2, sizeof(*grown));

	if (!grown)
		err(1, "no memory");
	grown[words->count++] = word;
	grown[words->count] = NULL;
	words->list = grown;
}

/* One character of a word, or what stands for some. @quote is 0 outside of quotes. */
static const char *put_piece(const char *p, char *quote, FILE *out, char **unknown)
{
	if (*p == *quote || (!*quote && (*p == '\'' || *p == '"'))) {
		*quote = *quote ? '\0' : *p;
		return p + 1;
	}
	if (*p == '$' && *quote != '\'')
		return put_variable(p, out, unknown);
	if (*p == '\\' && *quote != '\'' && p[1])
		p++;
	fputc(*p, out);
	return p + 1;
}

/* The word at *@p. What is wrong, in a text to be freed, or NULL. */
static char *take_word(const char **p, struct vt_words *words)
{
	char *unknown = NULL, *wrong = NULL, quote = '\0';
	struct writer writer;

	begin(&writer);
	while (*p && **p && (quote || !isspace((unsigned char)**p)))
		*p = put_piece(*p, &quote, writer.out, &unknown);
	end(&writer);
	if (*p && !quote) {
		add_word(words, writer.text);
		return NULL;
	}
	free(writer.text);
	if (!unknown)
		return copy("a quote is open", SIZE_MAX);
	if (asprintf(&wrong, "there is no variable %s", unknown) < 0)
		err(1, "no memory");
	free(unknown);
	return wrong;
}

char *vt_args_split(const char *text, struct vt_words *words)
{
	*words = (struct vt_words){ 0 };
	for (;;) {
		char *wrong;

		while (isspace((unsigned char)*text))
			text++;
		if (!*text)
			return NULL;
		wrong = take_word(&text, words);
		if (wrong)
			return wrong;
	}
}

void vt_words_deinit(struct vt_words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->list[i]);
	free(words->list);
	*words = (struct vt_words){ 0 };
}

/*
 * Arguments of script lines. $NAME and ${NAME} stand for variables of the environment, $$ for a
 * dollar sign.
 */
#pragma once

#include <stddef.h>

/*
 * @text with its variables, and without the double quotes around all of it, which keep blanks. NULL
 * when there is no such variable: then @unknown is its name, to be freed as well.
 */
char *vt_args_expand(const char *text, char **unknown);

/* Words as a shell would find them: 'as it stands' "with $VARIABLES" \x. */
struct vt_words {
	char **list; /* ends with NULL */
	size_t count;
};

/* NULL, or what is wrong, in a text to be freed. */
char *vt_args_split(const char *text, struct vt_words *words);

void vt_words_deinit(struct vt_words *words);

/*
 * What the demo tells: people on a terminal or in a file, programs as JSON.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "vmview/colour.h"
#include "vmview/str.h"

struct demo_stage;
struct demo_outcome;

struct demo_output {
	enum vm_depth depth;
	bool terminal;
	char room[8192]; /* of standard output: stdio must not allocate between two steps */
};

void demo_output_init(struct demo_output *output);

/* Columns to write in: those of the terminal, at most 80. */
int demo_output_width(void);

/*
 * Write @text with foreign bytes made safe: the first line behind what is @indent wide already, the
 * others indented by @indent, none wider than @width where there are blanks to break at.
 */
void demo_put_text(FILE *out, const char *text, int indent, int width);

/* Write @text with a `?` for every byte that is not safe. */
void demo_put_safe(FILE *out, struct vm_str text);

void demo_tell_intro(const struct demo_stage *stage);
void demo_tell_scene(const struct demo_stage *stage);
void demo_tell_step(const struct demo_stage *stage, const struct demo_outcome *outcome);
void demo_tell_text(const struct demo_stage *stage, const char *text);
void demo_tell_scene_end(const struct demo_stage *stage);
void demo_tell_end(const struct demo_stage *stage);

/* What keys do, on a terminal's last line; gone again once one is pressed. */
void demo_tell_keys(const struct demo_stage *stage, const char *next);
void demo_tell_keys_end(const struct demo_stage *stage);

/* One JSON object on a line. */
void demo_put_json(FILE *out, const struct demo_stage *stage, const struct demo_outcome *outcome);

/* A JSON string, quotes included; NULL is null. */
void demo_put_json_string(FILE *out, const char *text);

/*
 * The stage: what the framework knows while scenes run. Scenes see only scene.h.
 */
#pragma once

#include "check.h"
#include "cleanup.h"
#include "files.h"
#include "fork.h"
#include "options.h"
#include "output.h"
#include "scene.h"
#include "stage_input.h"
#include "vmview/arena.h"

enum demo_result { DEMO_OK, DEMO_SKIPPED, DEMO_FAILED, DEMO_RESULT_COUNT };

struct demo_counts {
	unsigned of[DEMO_RESULT_COUNT];
};

/*
 * Texts that live as long as a scene. The room is made once: to allocate between two steps would
 * change the very heap that a scene may be looking at.
 */
struct demo_texts {
	char room[32768];
	size_t used;
	struct vm_arena more;
};

struct demo_stage {
	const struct demo_options *options;
	const struct demo_scene *scene;   /* NULL: none is running */
	size_t scene_number, scene_total; /* of those that are asked for */
	unsigned step;                    /* of the scene, from 1 */
	unsigned shown;                   /* mappings told to whoever follows */
	struct demo_counts counts;        /* of the scene */
	struct demo_counts total;
	bool leaves_scene, leaves;
	struct demo_folder folder;
	struct demo_texts texts;
	struct demo_cleanups cleanups;
	struct demo_children children;
	struct demo_keeper keeper;
	struct demo_output output;
	struct demo_input input;
};

/* What came of a step. */
struct demo_outcome {
	const char *call;
	const struct demo_step *step; /* NULL: there is no mapping to look at */
	const struct demo_seen *seen; /* with @step */
	enum demo_result result;
	const char *text; /* what came back, why it was skipped, or what differs */
};

const char *demo_result_name(enum demo_result result);

/* End everything: say why on standard error, count it as a failure. */
void demo_stage_give_up(struct demo_stage *stage, const char *why);

/* As demo_text(), but to be written to, and NULL where memory ran out. */
__attribute__((format(printf, 2, 3))) char *demo_stage_printf(struct demo_stage *stage,
							      const char *format, ...);

/* The scene is over: its texts go. */
void demo_texts_clear(struct demo_texts *texts);

/* Run what the command line asks for. Returns the exit status. */
int demo_stage_run(const struct demo_options *options);

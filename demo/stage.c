#include "stage.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "split.h"

const char *demo_result_name(enum demo_result result)
{
	static const char *const names[DEMO_RESULT_COUNT] = {
		[DEMO_OK] = "ok",
		[DEMO_SKIPPED] = "skipped",
		[DEMO_FAILED] = "failed",
	};

	return names[result];
}

void demo_stage_give_up(struct demo_stage *stage, const char *why)
{
	fprintf(stderr, "%s: %s\n", stage->options->program, why);
	stage->total.of[DEMO_FAILED]++;
	stage->leaves = true;
}

static bool is_over(struct demo_stage *stage)
{
	if (demo_input_ends(&stage->input))
		stage->leaves = true;
	return stage->leaves || stage->leaves_scene;
}

static void obey(struct demo_stage *stage, enum demo_key key)
{
	switch (key) {
	case DEMO_KEY_NEXT:
		break;
	case DEMO_KEY_SCENE:
		stage->leaves_scene = true;
		break;
	case DEMO_KEY_QUIT:
		stage->leaves = true;
		break;
	}
}

/* Nobody can press a key in a pipe. */
static void pause_after(struct demo_stage *stage, const char *next)
{
	if (stage->options->by_itself) {
		obey(stage, demo_input_pause(&stage->input, stage->options->pause_ms));
	} else if (stage->input.terminal) {
		demo_tell_keys(stage, next);
		obey(stage, demo_input_key(&stage->input));
		demo_tell_keys_end(stage);
	}
}

static int tell(struct demo_stage *stage, const struct demo_outcome *outcome)
{
	stage->step++;
	stage->counts.of[outcome->result]++;
	demo_tell_step(stage, outcome);
	if (ferror(stdout))
		demo_stage_give_up(stage, "cannot write to standard output");
	if (!is_over(stage))
		pause_after(stage, "next step");
	return stage->leaves || stage->leaves_scene;
}

int demo_step(struct demo_stage *stage, const struct demo_step *step)
{
	pid_t pid = step->pid ? step->pid : getpid();
	struct demo_outcome outcome = { .call = step->call, .step = step };
	struct demo_seen seen;
	unsigned unreported;
	char text[512];

	if (is_over(stage))
		return 1;
	demo_keeper_look(&stage->keeper, pid, (uintptr_t)step->address, &seen);
	if (demo_compare(&step->expect, &seen, text, sizeof(text), &unreported))
		outcome.result = DEMO_FAILED;
	else
		outcome.result = unreported ? DEMO_SKIPPED : DEMO_OK;
	outcome.seen = &seen;
	outcome.text = text[0] ? text : NULL;
	demo_folder_show(&stage->folder, pid, (uintptr_t)step->address, ++stage->shown);
	return tell(stage, &outcome);
}

int demo_fact(struct demo_stage *stage, const char *call, bool ok, const char *text)
{
	struct demo_outcome outcome = { .call = call, .text = text };

	outcome.result = ok ? DEMO_OK : DEMO_FAILED;
	return is_over(stage) ? 1 : tell(stage, &outcome);
}

int demo_skip(struct demo_stage *stage, const char *call, const char *reason)
{
	struct demo_outcome outcome = { .call = call, .result = DEMO_SKIPPED, .text = reason };

	return is_over(stage) ? 1 : tell(stage, &outcome);
}

void demo_say(struct demo_stage *stage, const char *text)
{
	if (!is_over(stage))
		demo_tell_text(stage, text);
}

static void add_counts(struct demo_stage *stage)
{
	for (enum demo_result i = 0; i < DEMO_RESULT_COUNT; i++)
		stage->total.of[i] += stage->counts.of[i];
}

static void hold(struct demo_stage *stage)
{
	if (!stage->options->hold || stage->leaves || stage->leaves_scene)
		return;
	if (stage->input.terminal)
		demo_tell_keys(stage, "next scene");
	obey(stage, demo_input_key(&stage->input));
	if (stage->input.terminal)
		demo_tell_keys_end(stage);
}

static void run_scene(struct demo_stage *stage, const struct demo_scene *scene)
{
	stage->scene = scene;
	stage->scene_number++;
	stage->step = 0;
	stage->counts = (struct demo_counts){ 0 };
	stage->leaves_scene = false;
	demo_tell_scene(stage);
	if (!stage->options->json && !stage->options->quiet)
		pause_after(stage, "begin");
	if (!is_over(stage))
		scene->run(stage);
	hold(stage);
	demo_children_end(&stage->children);
	demo_cleanups_run(&stage->cleanups);
	demo_texts_clear(&stage->texts);
	demo_tell_scene_end(stage);
	add_counts(stage);
}

static bool is_wanted(const struct demo_options *options, const struct demo_scene *scene)
{
	bool wanted = options->scene_count == 0;

	for (int i = 0; i < options->scene_count; i++)
		wanted |= strcmp(options->scenes[i], scene->name) == 0;
	return wanted;
}

static void run_scenes(struct demo_stage *stage)
{
	for (size_t i = 0; i < demo_scene_count; i++)
		stage->scene_total += is_wanted(stage->options, demo_scenes[i]);
	demo_tell_intro(stage);
	for (size_t i = 0; i < demo_scene_count && !stage->leaves; i++) {
		if (is_wanted(stage->options, demo_scenes[i]))
			run_scene(stage, demo_scenes[i]);
	}
	demo_tell_end(stage);
}

static void run_on_stage(struct demo_stage *stage)
{
	char pane[DEMO_PANE_SIZE] = "";
	bool splits = stage->options->request == DEMO_REQUEST_SPLIT;

	if (!demo_keeper_init(&stage->keeper, &stage->folder)) {
		demo_stage_give_up(stage, strerror(errno));
		return;
	}
	if (splits && !demo_split_open(stage->options->program, stage->folder.follow, pane)) {
		demo_stage_give_up(stage, "the window cannot be split");
	} else {
		if (pane[0])
			demo_keeper_pane(&stage->keeper, pane);
		run_scenes(stage);
	}
	if (pane[0])
		demo_split_close(pane);
	demo_keeper_deinit(&stage->keeper);
}

int demo_stage_run(const struct demo_options *options)
{
	struct demo_stage *stage = calloc(1, sizeof(*stage));
	int status = DEMO_EXIT_DIFFERS;

	if (!stage)
		return status;
	stage->options = options;
	demo_output_init(&stage->output);
	if (demo_folder_init(&stage->folder, options->program)) {
		if (demo_input_init(&stage->input)) {
			run_on_stage(stage);
			demo_input_deinit(&stage->input);
			status = stage->total.of[DEMO_FAILED] ? DEMO_EXIT_DIFFERS : DEMO_EXIT_OK;
		}
		demo_folder_deinit(&stage->folder);
	}
	if (stage->input.signal)
		status = 128 + stage->input.signal;
	demo_children_deinit(&stage->children);
	demo_cleanups_deinit(&stage->cleanups);
	/* Its buffer is the stage's. */
	fflush(stdout);
	setvbuf(stdout, NULL, _IONBF, 0);
	free(stage);
	return status;
}

#include <string.h>
#include <unistd.h>

#include "output.h"
#include "stage.h"

static bool is_told(const struct demo_stage *stage)
{
	return !stage->options->json && !stage->options->quiet;
}

static const char *on(const struct demo_stage *stage, const char *sequence)
{
	return stage->output.depth == VM_DEPTH_NONE ? "" : sequence;
}

#define BOLD "\033[1m"
#define DIM "\033[2m"
#define RESET "\033[0m"

void demo_tell_intro(const struct demo_stage *stage)
{
	const char *intro =
		"This program makes every kind of mapping that a process can have, one step at a "
		"time. Each step is a system call: what it shows is looked up in this very "
		"process, as vmview does, and `ok` says that it is as promised.";

	if (!is_told(stage))
		return;
	printf("%svmview-demo%s, process %d\n", on(stage, BOLD), on(stage, RESET), (int)getpid());
	demo_put_text(stdout, intro, 0, demo_output_width());
	if (stage->options->request != DEMO_REQUEST_SPLIT) {
		printf("To watch it, in another terminal:\n");
		printf("  vmview --follow-demo ");
		demo_put_safe(stdout, vm_str_from(stage->folder.follow));
		printf(" %d\n", (int)getpid());
	}
	putchar('\n');
	fflush(stdout);
}

void demo_tell_scene(const struct demo_stage *stage)
{
	if (!is_told(stage))
		return;
	printf("%s[%zu/%zu] %s: ", on(stage, BOLD), stage->scene_number, stage->scene_total,
	       stage->scene->name);
	demo_put_text(stdout, stage->scene->title, 0, demo_output_width());
	fputs(on(stage, RESET), stdout);
	demo_put_text(stdout, stage->scene->teaches, 0, demo_output_width());
	putchar('\n');
	fflush(stdout);
}

void demo_tell_text(const struct demo_stage *stage, const char *text)
{
	if (!is_told(stage))
		return;
	demo_put_text(stdout, text, 0, demo_output_width());
	fflush(stdout);
}

static void put_counts(const struct demo_counts *counts)
{
	printf("%u ok", counts->of[DEMO_OK]);
	if (counts->of[DEMO_SKIPPED])
		printf(", %u skipped", counts->of[DEMO_SKIPPED]);
	if (counts->of[DEMO_FAILED])
		printf(", %u differ", counts->of[DEMO_FAILED]);
	putchar('\n');
}

void demo_tell_scene_end(const struct demo_stage *stage)
{
	if (stage->options->json)
		return;
	if (stage->options->quiet)
		printf("%-20s ", stage->scene->name);
	put_counts(&stage->counts);
	if (!stage->options->quiet)
		putchar('\n');
	fflush(stdout);
}

void demo_tell_end(const struct demo_stage *stage)
{
	if (stage->options->json)
		return;
	printf("%-*s", stage->options->quiet ? 21 : 0, stage->options->quiet ? "all" : "All: ");
	put_counts(&stage->total);
	fflush(stdout);
}

/* Steps speak of vmview's keys, and it is not where the user types. */
static const char *way_to_vmview(const struct demo_stage *stage)
{
	return stage->options->request == DEMO_REQUEST_SPLIT && demo_output_width() == 80 ?
		       "   to vmview: click, or Ctrl-B Up" :
		       "";
}

void demo_tell_keys(const struct demo_stage *stage, const char *next)
{
	if (!stage->output.terminal || stage->options->json)
		return;
	printf("%sEnter: %s   n: next scene   q: quit%s%s", on(stage, DIM), next,
	       way_to_vmview(stage), on(stage, RESET));
	fflush(stdout);
}

void demo_tell_keys_end(const struct demo_stage *stage)
{
	if (!stage->output.terminal || stage->options->json)
		return;
	/* Where the terminal knows no escapes the line is only left. */
	fputs(stage->output.depth == VM_DEPTH_NONE ? "\n" : "\r\033[K", stdout);
	fflush(stdout);
}

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "options.h"
#include "scene.h"
#include "split.h"
#include "stage.h"

/* Descriptors 0 to 2 may be closed: a file opened later must not become standard output. */
static void occupy_standard_descriptors(void)
{
	for (int fd = 0; fd < 3; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)!open("/dev/null", O_RDONLY);
	}
}

static void list_scenes(void)
{
	for (size_t i = 0; i < demo_scene_count; i++) {
		printf("%-20s %s\n", demo_scenes[i]->name, demo_scenes[i]->title);
	}
}

static int finish_output(const char *program)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return DEMO_EXIT_OK;
	fprintf(stderr, "%s: cannot write to standard output: %s\n", program, strerror(errno));
	return DEMO_EXIT_DIFFERS;
}

int main(int argc, char **argv)
{
	struct demo_options options;

	occupy_standard_descriptors();
	if (!demo_options_parse(argc, argv, &options))
		return DEMO_EXIT_USAGE;
	switch (options.request) {
	case DEMO_REQUEST_HELP:
		demo_options_help(&options, stdout);
		return finish_output(options.program);
	case DEMO_REQUEST_VERSION:
		printf("vmview-demo %s\n", VMVIEW_VERSION);
		return finish_output(options.program);
	case DEMO_REQUEST_LIST:
		list_scenes();
		return finish_output(options.program);
	case DEMO_REQUEST_SPLIT:
		if (!demo_split_is_inside())
			return demo_split_start(options.program, argc, argv);
		break;
	case DEMO_REQUEST_RUN:
		break;
	}
	return demo_stage_run(&options);
}

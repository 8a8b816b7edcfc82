#include "options.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "scene.h"

/* More is nobody's patience. */
#define PAUSE_MAX 86400

enum {
	OPTION_AUTO = 256,
	OPTION_HELP,
	OPTION_HOLD,
	OPTION_JSON,
	OPTION_LIST,
	OPTION_QUIET,
	OPTION_SPLIT,
	OPTION_VERSION
};

static const struct option longs[] = {
	{ "auto", optional_argument, NULL, OPTION_AUTO },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ "hold", no_argument, NULL, OPTION_HOLD },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "list", no_argument, NULL, OPTION_LIST },
	{ "quiet", no_argument, NULL, OPTION_QUIET },
	{ "split", no_argument, NULL, OPTION_SPLIT },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ 0 },
};

void demo_options_help(const struct demo_options *options, FILE *out)
{
	fprintf(out,
		"\nUsage:\n %s [options] [SCENE]...\n\n"
		"Make every kind of memory mapping, one step at a time, to be watched with vmview.\n"
		"Enter goes on, n to the next scene, q quits.\n"
		"\nOptions:\n"
		"     --split       with vmview beside it, in a split terminal (needs tmux)\n"
		"     --list        list the scenes and exit\n"
		"     --auto[=SECS] go on by itself, every SECS seconds (default 3)\n"
		"     --hold        stay at the end of each scene until Enter\n"
		"     --quiet       only what differs, and one line a scene\n"
		"     --json        one JSON object a step\n"
		" -h, --help        show this help and exit\n"
		" -V, --version     show the version and exit\n"
		"\nThe manual is vmview-demo(1).\n",
		options->program);
}

__attribute__((format(printf, 2, 3))) static bool say_usage(const struct demo_options *options,
							    const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "%s: ", options->program);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "; `%s --help` shows what there is\n", options->program);
	return false;
}

static bool parse_pause(const char *text, struct demo_options *options)
{
	double seconds = 3;
	char *end = NULL;

	if (text) {
		seconds = strtod(text, &end);
		if (end == text || *end || !(seconds >= 0 && seconds <= PAUSE_MAX))
			return say_usage(options, "'%s' is not a number of seconds from 0 to %d",
					 text, PAUSE_MAX);
	}
	options->by_itself = true;
	options->pause_ms = (int)(seconds * 1000);
	return true;
}

static bool take_option(int code, const char *word, struct demo_options *options)
{
	switch (code) {
	case OPTION_AUTO:
		return parse_pause(optarg, options);
	case OPTION_HOLD:
		options->hold = true;
		return true;
	case OPTION_JSON:
		options->json = true;
		return true;
	case OPTION_QUIET:
		options->quiet = true;
		return true;
	case OPTION_LIST:
		options->request = DEMO_REQUEST_LIST;
		return true;
	case OPTION_SPLIT:
		options->request = DEMO_REQUEST_SPLIT;
		return true;
	case 'h':
	case OPTION_HELP:
		options->request = DEMO_REQUEST_HELP;
		return true;
	case 'V':
	case OPTION_VERSION:
		options->request = DEMO_REQUEST_VERSION;
		return true;
	default:
		return say_usage(options, "'%s' is no option", word);
	}
}

static bool is_scene(const char *name)
{
	for (size_t i = 0; i < demo_scene_count; i++) {
		if (strcmp(demo_scenes[i]->name, name) == 0)
			return true;
	}
	return false;
}

static bool check(const struct demo_options *options)
{
	for (int i = 0; i < options->scene_count; i++) {
		if (!is_scene(options->scenes[i]))
			return say_usage(options, "there is no scene '%s' (--list lists them)",
					 options->scenes[i]);
	}
	if (options->json && options->quiet)
		return say_usage(options, "--json and --quiet exclude each other");
	if (options->request == DEMO_REQUEST_SPLIT && (options->json || options->quiet))
		return say_usage(options, "--split goes without --json and --quiet");
	return true;
}

static const char *program_of(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	if (slash && slash[1])
		return slash + 1;
	return path && path[0] ? path : "vmview-demo";
}

bool demo_options_parse(int argc, char **argv, struct demo_options *options)
{
	*options = (struct demo_options){ .program = program_of(argv[0]) };
	opterr = 0;
	for (;;) {
		int code = getopt_long(argc, argv, "hV", longs, NULL);

		if (code == -1)
			break;
		if (!take_option(code, argv[optind - 1], options))
			return false;
		if (options->request == DEMO_REQUEST_HELP ||
		    options->request == DEMO_REQUEST_VERSION)
			return true;
	}
	options->scenes = argv + optind;
	options->scene_count = argc - optind;
	return check(options);
}

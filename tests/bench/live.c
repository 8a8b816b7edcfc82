/*
 * What programs cost that show a process live: the time to the first picture, to the answer of a key while
 * numbers are being read, memory, and processor time when nobody types.
 *
 *   live RUNS SECONDS TITLE PID [NAME@TEXT[<FIRST_MS][^MIB][%CPU] COMMAND... --]...
 *
 * Prints a Markdown table of medians. TEXT is on the first picture. They are looked at for SECONDS when nobody types.
 * The rest are limits: of the first picture (<0: three times `cat maps` and 30 ms), peak memory, and percent
 * of one processor; a key has one of its own. What is more than twice a limit is a failure: exit status 1.
 */
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "measure.h"
#include "terminal.h"

#define RUN_LIMIT 101
#define KEYS 40
#define KEY_LIMIT_MS 16.0

/* Down and up, as terminals send them to those who asked for it, as ncurses does. */
static const char *const arrows[] = { "\033OB", "\033OA" };

/* Ctrl-C is for what takes no keys. */
#define QUIT "q\003"

struct program {
	const char *name, *text;
	char **argv;
	double first_limit, mib_limit, cpu_limit; /* 0 for none */
	bool judged;
	double first[RUN_LIMIT], keys[KEYS];
	double rest, mib;
	double refresh_ms; /* 0: not known */
};

/* How long it takes to read the file, and its size. */
static double read_whole(const char *pid, const char *name, uint64_t *size)
{
	char path[64], chunk[65536];
	double begin = now_ms();
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(2, "%s", path);
	*size = 0;
	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		*size += (uint64_t)n;
	close(fd);
	return now_ms() - begin;
}

/* The number that stands behind @key in one of the process's files. */
static uint64_t number_of(pid_t pid, const char *name, const char *key)
{
	char path[64], line[256];
	uint64_t value = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, key, strlen(key)) == 0)
			value = strtoull(line + strlen(key), NULL, 10);
	}
	if (file)
		fclose(file);
	return value;
}

/* From the start to the first picture. Leaves it running. */
static double start(struct program *program, struct terminal *terminal)
{
	double begin = now_ms();

	terminal_start(terminal, program->argv);
	if (!terminal_wait_for(terminal, program->text))
		errx(2, "%s: '%s' was never drawn", program->name, program->text);
	return now_ms() - begin;
}

/* From a key to the first byte of what it changes. */
static double key_answer(struct terminal *terminal, const char *key)
{
	double begin = now_ms();

	/* Let what is being drawn pass; some never pause. */
	while (now_ms() - begin < 50 && terminal_take(terminal, 5))
		;
	begin = now_ms();
	terminal_type(terminal, key);
	terminal_take(terminal, 2000);
	return now_ms() - begin;
}

/* `--watch` reads maps. */
static bool reads_smaps(const struct program *program)
{
	return program->judged && strcmp(program->argv[1], "--watch") != 0;
}

/*
 * What vmview takes for a refresh, for which it reads all of smaps: the bytes that it has read tell how many there
 * were, in parts too.
 */
static void measure_rest(struct program *program, struct terminal *terminal, double seconds,
			 uint64_t smaps_size)
{
	uint64_t bytes = number_of(terminal->pid, "io", "rchar:");
	double cpu = terminal_cpu_ms(terminal), begin = now_ms();

	terminal_watch(terminal, seconds * 1e3);
	cpu = terminal_cpu_ms(terminal) - cpu;
	bytes = number_of(terminal->pid, "io", "rchar:") - bytes;
	program->rest = 100 * cpu / (now_ms() - begin);
	if (reads_smaps(program) && bytes > smaps_size / 2)
		program->refresh_ms = cpu * (double)smaps_size / (double)bytes;
}

static void measure_session(struct program *program, double seconds, uint64_t smaps_size)
{
	struct terminal terminal;
	struct rusage usage;

	start(program, &terminal);
	for (int i = 0; i < KEYS; i++)
		program->keys[i] = key_answer(&terminal, arrows[i % 2]);
	measure_rest(program, &terminal, seconds, smaps_size);
	program->mib = (double)number_of(terminal.pid, "status", "VmHWM:") / 1024;
	terminal_stop(&terminal, QUIT, &usage);
}

static void measure_first(struct program *program, size_t run)
{
	struct terminal terminal;
	struct rusage usage;

	program->first[run] = start(program, &terminal);
	terminal_stop(&terminal, QUIT, &usage);
}

static bool report(struct program *p, size_t runs)
{
	double key = median(p->keys, KEYS), slowest = p->keys[KEYS - 1];
	double first = median(p->first, runs);
	char refresh[32] = "-";
	bool failed = false;

	if (p->refresh_ms > 0)
		snprintf(refresh, sizeof(refresh), "%.2f", p->refresh_ms);
	printf("| %-24s | %9.2f | %7.2f | %7.2f | %10s | %7.2f | %6.1f | ", p->name, first, key,
	       slowest, refresh, p->rest, p->mib);
	failed |= bench_judge("first", first, p->first_limit, "ms");
	failed |= bench_judge("key", slowest, p->judged ? KEY_LIMIT_MS : 0, "ms");
	failed |= bench_judge("memory", p->mib, p->mib_limit, "MiB");
	failed |= bench_judge("at rest", p->rest, p->cpu_limit, "%");
	puts("|");
	return failed;
}

static struct program parse(const struct bench_command *words, double cat_maps)
{
	const char *cpu = bench_cut(words->spec, '%'), *mib = bench_cut(words->spec, '^'),
		   *first = bench_cut(words->spec, '<'), *text = bench_cut(words->spec, '@');
	double limit = first ? atof(first) : 0;

	if (!text)
		errx(2, "%s: what does its first picture show?", words->spec);
	return (struct program){
		.name = words->spec,
		.text = text,
		.argv = words->argv,
		.first_limit = first && limit <= 0 ? 3 * cat_maps + 30 : limit,
		.mib_limit = mib ? atof(mib) : 0,
		.cpu_limit = cpu ? atof(cpu) : 0,
		.judged = first || mib || cpu,
	};
}

static size_t read_programs(char **argv, double cat_maps, struct program *programs)
{
	struct bench_command words[BENCH_COMMANDS];
	size_t count = bench_read_commands(argv, words);

	for (size_t i = 0; i < count; i++)
		programs[i] = parse(&words[i], cat_maps);
	return count;
}

/* In turns, so that whatever else the machine does meets all of them alike. */
static void measure_firsts(struct program *programs, size_t count, size_t runs)
{
	for (size_t run = 0; run < runs; run++) {
		for (size_t i = 0; i < count; i++)
			measure_first(&programs[i], run);
	}
}

static double measure_cat(const char *pid, size_t runs)
{
	double times[RUN_LIMIT];
	uint64_t size;

	for (size_t run = 0; run < runs; run++)
		times[run] = read_whole(pid, "maps", &size);
	return median(times, runs);
}

int main(int argc, char **argv)
{
	static struct program programs[BENCH_COMMANDS];
	size_t runs = argc > 5 ? (size_t)atoi(argv[1]) : 0, count;
	bool failed = false;
	uint64_t size;

	if (runs < 1 || runs > RUN_LIMIT)
		errx(2, "usage: live RUNS SECONDS TITLE PID [NAME@TEXT COMMAND... --]...");
	count = read_programs(argv + 5, measure_cat(argv[4], runs), programs);
	measure_firsts(programs, count, runs);
	read_whole(argv[4], "smaps", &size);
	printf("| %-24s | %9s | %7s | %7s | %10s | %7s | %6s | |\n", argv[3], "first ms", "key ms",
	       "longest", "refresh ms", "% CPU", "MiB");
	puts("|---|--:|--:|--:|--:|--:|--:|---|");
	for (size_t i = 0; i < count; i++) {
		measure_session(&programs[i], atof(argv[2]), size);
		failed |= report(&programs[i], runs);
	}
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

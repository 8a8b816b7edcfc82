/*
 * How much a process is slowed down by those who look at it.
 *
 *   slowdown ROUNDS SECONDS MAPPINGS MIB [NAME COMMAND... --]...
 *
 * Starts a target with so many mappings and so much memory, which then maps, touches and unmaps memory as fast as
 * it can, and counts. It is left alone for SECONDS, then each command, in a terminal, looks at it for as long; so
 * for all rounds. In the commands PID stands for the target's. Prints a Markdown table of medians.
 */
#include <err.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"
#include "terminal.h"

#define ROUND_LIMIT 101
#define LOOP_PAGES 16

/* Time to start and to draw for the first time, which is measured elsewhere. */
#define SETTLE_MS 1000

/* What the target tells, in memory that it shares with us. */
struct counters {
	atomic_bool ready, failed;
	atomic_uint_fast64_t loops;
	atomic_uint_fast64_t longest_ns; /* loop since that was last set to 0 */
};

struct watcher {
	const char *name;
	char **argv; /* NULL: nobody watches */
	double rates[ROUND_LIMIT], longest[ROUND_LIMIT], cpu[ROUND_LIMIT];
};

static char *map(size_t size, int flags)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static void touch(char *p, size_t size, size_t page)
{
	for (size_t i = 0; i < size; i += page)
		((volatile char *)p)[i] = 1;
}

/* Small pages, which cost the kernel most; neighbours of different protection do not merge. */
static bool fill(size_t mappings, size_t mib, size_t page)
{
	char *memory = map(mib << 20, MAP_PRIVATE), *many = map(mappings * page, MAP_PRIVATE);

	if (!memory || !many)
		return false;
	(void)madvise(memory, mib << 20, MADV_NOHUGEPAGE);
	touch(memory, mib << 20, page);
	touch(many, mappings * page, page);
	for (size_t i = 1; i < mappings; i += 2) {
		if (mprotect(many + i * page, page, PROT_READ) < 0)
			return false;
	}
	return true;
}

static void loop(struct counters *counters, size_t page)
{
	for (;;) {
		double begin = now_ms();
		char *p = map(LOOP_PAGES * page, MAP_PRIVATE);
		uint64_t ns;

		if (!p)
			_exit(1);
		touch(p, LOOP_PAGES * page, page);
		munmap(p, LOOP_PAGES * page);
		ns = (uint64_t)((now_ms() - begin) * 1e6);
		if (ns > atomic_load_explicit(&counters->longest_ns, memory_order_relaxed))
			atomic_store_explicit(&counters->longest_ns, ns, memory_order_relaxed);
		atomic_fetch_add_explicit(&counters->loops, 1, memory_order_relaxed);
	}
}

static pid_t start_target(struct counters *counters, size_t mappings, size_t mib)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	pid_t pid = fork();

	if (pid < 0)
		err(2, "fork");
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (fill(mappings, mib, page))
			counters->ready = true;
		else
			counters->failed = true;
		loop(counters, page);
	}
	while (!counters->ready && !counters->failed && waitpid(pid, NULL, WNOHANG) == 0)
		usleep(1000);
	if (!counters->ready)
		errx(2, "there is no such target here: too many mappings, or too little memory");
	return pid;
}

static double ms_of(struct timeval time)
{
	return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

static void measure(struct watcher *watcher, size_t round, struct counters *counters, double ms)
{
	double start = now_ms(), begin, end;
	struct terminal terminal;
	struct rusage usage = { 0 };
	uint64_t loops;

	if (watcher->argv) {
		terminal_start(&terminal, watcher->argv);
		terminal_watch(&terminal, SETTLE_MS);
	}
	begin = now_ms();
	loops = counters->loops;
	counters->longest_ns = 0;
	if (watcher->argv)
		terminal_watch(&terminal, ms);
	else
		usleep((useconds_t)(ms * 1e3));
	end = now_ms();
	watcher->rates[round] = (double)(counters->loops - loops) / (end - begin) * 1e3;
	watcher->longest[round] = (double)counters->longest_ns / 1e6;
	if (!watcher->argv)
		return;
	end = now_ms();
	terminal_stop(&terminal, NULL, &usage);
	watcher->cpu[round] = 100 * (ms_of(usage.ru_utime) + ms_of(usage.ru_stime)) / (end - start);
}

static void report(struct watcher *watchers, size_t count, size_t rounds)
{
	double alone = median(watchers[0].rates, rounds);

	printf("| %-24s | %9s | %8s | %12s | %9s |\n", "looked at by", "loops/s", "of alone",
	       "longest loop", "its % CPU");
	puts("|---|--:|--:|--:|--:|");
	for (size_t i = 0; i < count; i++) {
		struct watcher *w = &watchers[i];
		double rate = median(w->rates, rounds);

		printf("| %-24s | %9.0f | %6.1f %% | %9.2f ms | %9.2f |\n", w->name, rate,
		       100 * rate / alone, median(w->longest, rounds), median(w->cpu, rounds));
	}
}

/* A copy of @text in which PID is the number. */
static char *with_pid(const char *text, pid_t pid)
{
	const char *at = strstr(text, "PID");
	char *result;

	if (!at)
		return strdup(text);
	if (asprintf(&result, "%.*s%d%s", (int)(at - text), text, (int)pid, at + 3) < 0)
		err(2, "asprintf");
	return result;
}

static size_t read_watchers(char **argv, pid_t pid, struct watcher *watchers)
{
	struct bench_command words[BENCH_COMMANDS];
	size_t count = bench_read_commands(argv, words);

	watchers[0].name = "nobody";
	for (size_t i = 0; i < count; i++) {
		watchers[i + 1].name = words[i].spec;
		watchers[i + 1].argv = words[i].argv;
		for (char **word = words[i].argv; *word; word++)
			*word = with_pid(*word, pid);
	}
	return count + 1;
}

int main(int argc, char **argv)
{
	static struct watcher watchers[BENCH_COMMANDS + 1];
	struct counters *counters = (void *)map(sizeof(*counters), MAP_SHARED);
	size_t rounds = argc > 4 ? (size_t)atoi(argv[1]) : 0, count;
	pid_t pid;

	if (rounds < 1 || rounds > ROUND_LIMIT || !counters)
		errx(2, "usage: slowdown ROUNDS SECONDS MAPPINGS MIB [NAME COMMAND... --]...");
	pid = start_target(counters, (size_t)atoi(argv[3]), (size_t)atoi(argv[4]));
	count = read_watchers(argv + 5, pid, watchers);
	for (size_t round = 0; round < rounds; round++) {
		for (size_t i = 0; i < count; i++)
			measure(&watchers[i], round, counters, atof(argv[2]) * 1e3);
	}
	kill(pid, SIGKILL);
	report(watchers, count, rounds);
	return EXIT_SUCCESS;
}

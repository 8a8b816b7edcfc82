/*
 * live VMVIEW PID FIRST_PAINT_LIMIT_MS MEMORY_LIMIT_MIB PROCESSOR_LIMIT_PERCENT
 *
 * What the live view costs: the time to its first picture, to the answer of a key while numbers are being read,
 * its memory, and its processor time at rest; beside `cat maps`, in the same run. Prints medians; fails where one is
 * more than twice its limit. FIRST_PAINT_LIMIT_MS 0: three times `cat maps` and 30 ms.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RUNS 9
#define KEYS 40
#define KEY_LIMIT_MS 16.0
#define REST_SECONDS 10

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), compare);
	return values[count / 2];
}

static double cat_maps(const char *pid)
{
	char path[64], chunk[65536];
	double begin = now_ms();
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/maps", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		perror(path);
		exit(1);
	}
	while (read(fd, chunk, sizeof(chunk)) > 0)
		;
	close(fd);
	return now_ms() - begin;
}

struct terminal {
	pid_t pid;
	int fd;
	size_t seen; /* bytes of output so far */
	char last[8192];
	size_t last_len;
};

static void start(struct terminal *terminal, const char *vmview, const char *pid)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };

	*terminal = (struct terminal){ 0 };
	terminal->pid = forkpty(&terminal->fd, NULL, NULL, &size);
	if (terminal->pid < 0) {
		perror("forkpty");
		exit(1);
	}
	if (terminal->pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
		execl(vmview, vmview, pid, (char *)NULL);
		_exit(127);
	}
}

/* Read what is there, waiting at most @wait_ms for the first of it. False: nothing came, or it ended. */
static bool take(struct terminal *terminal, int wait_ms)
{
	struct pollfd polled = { terminal->fd, POLLIN, 0 };
	ssize_t n;

	if (poll(&polled, 1, wait_ms) <= 0)
		return false;
	if (terminal->last_len > sizeof(terminal->last) / 2)
		terminal->last_len = 0;
	n = read(terminal->fd, terminal->last + terminal->last_len, sizeof(terminal->last) / 2 - 1);
	if (n <= 0)
		return false;
	terminal->last_len += (size_t)n;
	terminal->last[terminal->last_len] = '\0';
	terminal->seen += (size_t)n;
	return true;
}

static void wait_for(struct terminal *terminal, const char *text)
{
	while (!memmem(terminal->last, terminal->last_len, text, strlen(text))) {
		if (!take(terminal, 20000)) {
			fprintf(stderr, "'%s' was never drawn\n", text);
			kill(terminal->pid, SIGKILL);
			exit(1);
		}
	}
}

static void stop(struct terminal *terminal)
{
	int status;

	(void)!write(terminal->fd, "q", 1);
	while (take(terminal, 5000))
		;
	kill(terminal->pid, SIGKILL);
	waitpid(terminal->pid, &status, 0);
	close(terminal->fd);
}

/* From the start to a row with permissions of the list. */
static double first_paint(const char *vmview, const char *pid)
{
	struct terminal terminal;
	double begin = now_ms(), paint;

	start(&terminal, vmview, pid);
	wait_for(&terminal, "r--p");
	paint = now_ms() - begin;
	stop(&terminal);
	return paint;
}

/* From a key to the first byte of what it changes, while the first smaps is being read and after. */
static double key_answer(struct terminal *terminal, const char *key)
{
	double begin;

	while (take(terminal, 5))
		;
	begin = now_ms();
	(void)!write(terminal->fd, key, 1);
	if (!take(terminal, 2000))
		return 2000;
	return now_ms() - begin;
}

static uint64_t status_kib(pid_t pid, const char *key)
{
	char path[64], line[256];
	uint64_t value = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, key, strlen(key)) == 0)
			value = strtoull(line + strlen(key), NULL, 10);
	}
	if (file)
		fclose(file);
	return value;
}

static double cpu_ms(pid_t pid)
{
	char path[64], text[1024] = "";
	unsigned long user = 0, system = 0;
	const char *rest;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	(void)!read(fd, text, sizeof(text) - 1);
	close(fd);
	rest = strrchr(text, ')');
	if (rest)
		sscanf(rest, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
		       &system);
	return (double)(user + system) * 1e3 / (double)sysconf(_SC_CLK_TCK);
}

static int report(const char *what, double value, const char *unit, double limit)
{
	bool over = value > limit, far_over = value > 2 * limit;

	printf("  %-34s %9.2f %-3s  limit %8.2f  %s\n", what, value, unit, limit,
	       far_over ? "FAR OVER" :
	       over     ? "over" :
			  "ok");
	return far_over;
}

static double measure_rest(struct terminal *terminal)
{
	double before = cpu_ms(terminal->pid), until = now_ms() + REST_SECONDS * 1e3;

	while (now_ms() < until)
		take(terminal, (int)(until - now_ms()) + 1);
	return (cpu_ms(terminal->pid) - before) / (REST_SECONDS * 10.0);
}

int main(int argc, char **argv)
{
	double cats[RUNS], paints[RUNS], keys[KEYS], limit, rest;
	struct terminal terminal;
	uint64_t peak;
	int failed = 0;

	if (argc != 6) {
		fprintf(stderr, "usage: live VMVIEW PID FIRST_PAINT_LIMIT_MS MEMORY_LIMIT_MIB "
				"PROCESSOR_LIMIT_PERCENT\n");
		return 2;
	}
	for (int i = 0; i < RUNS; i++) {
		cats[i] = cat_maps(argv[2]);
		paints[i] = first_paint(argv[1], argv[2]);
	}
	limit = strtod(argv[3], NULL);
	if (limit <= 0)
		limit = 3 * median(cats, RUNS) + 30;
	printf("  %-34s %9.2f ms\n", "cat maps", median(cats, RUNS));
	failed |= report("first paint", median(paints, RUNS), "ms", limit);
	start(&terminal, argv[1], argv[2]);
	wait_for(&terminal, "r--p");
	for (int i = 0; i < KEYS; i++)
		keys[i] = key_answer(&terminal, i % 2 ? "k" : "j");
	failed |= report("key, median", median(keys, KEYS), "ms", KEY_LIMIT_MS);
	failed |= report("key, longest", keys[KEYS - 1], "ms", KEY_LIMIT_MS);
	rest = measure_rest(&terminal);
	peak = status_kib(terminal.pid, "VmHWM:");
	failed |= report("peak memory", (double)peak / 1024, "MiB", strtod(argv[4], NULL));
	failed |= report("processor time at rest", rest, "%", strtod(argv[5], NULL));
	stop(&terminal);
	return failed;
}

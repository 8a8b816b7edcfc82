#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "cleanup.h"
#include "split.h"
#include "vmview/sample.h"
#include "vmview/selection.h"

enum query_type {
	QUERY_LOOK,
	QUERY_PANE,
	QUERY_END /* all has been cleared up */
};

struct query {
	enum query_type type;
	pid_t pid;
	uint64_t address;
	char pane[DEMO_PANE_SIZE];
};

static void set_number(struct demo_seen *seen, enum demo_number number, bool reported,
		       uint64_t value)
{
	if (reported)
		seen->reported |= UINT32_C(1) << number;
	seen->numbers[number] = value;
}

static void take_measure(struct demo_seen *seen, const struct vm_mapping *m,
			 enum demo_number number, enum vm_measure measure)
{
	set_number(seen, number, vm_measure_has(m, measure), vm_measure_of(m, measure));
}

static void take_field(struct demo_seen *seen, const struct vm_mapping *m, enum demo_number number,
		       enum vm_field field)
{
	set_number(seen, number, vm_usage_has(&m->usage, field), vm_usage_get(&m->usage, field));
}

static void describe(struct demo_seen *seen, const struct vm_mapping *m)
{
	seen->found = true;
	seen->start = m->start;
	seen->end = m->end;
	seen->kind = m->kind;
	seen->backing = m->backing;
	seen->deleted = m->deleted;
	seen->sharing = (uint8_t)vm_sharing_of(m);
	memcpy(seen->perms, m->perms, sizeof(m->perms));
	take_measure(seen, m, DEMO_NUMBER_RSS, VM_MEASURE_RSS);
	take_measure(seen, m, DEMO_NUMBER_COPIED, VM_MEASURE_COPIED);
	take_measure(seen, m, DEMO_NUMBER_SHARED_NOW, VM_MEASURE_SHARED);
	take_measure(seen, m, DEMO_NUMBER_SWAP, VM_MEASURE_SWAP);
	take_measure(seen, m, DEMO_NUMBER_LOCKED, VM_MEASURE_LOCKED);
	take_measure(seen, m, DEMO_NUMBER_HUGETLB, VM_MEASURE_HUGETLB);
	take_field(seen, m, DEMO_NUMBER_PRIVATE_DIRTY, VM_FIELD_PRIVATE_DIRTY);
	take_field(seen, m, DEMO_NUMBER_ANON_HUGE, VM_FIELD_ANON_HUGE_PAGES);
}

static void look(const struct query *query, struct demo_seen *seen)
{
	struct vm_source source = { 0 };
	struct vm_snapshot snapshot = { 0 };
	struct vm_report report;

	memset(seen, 0, sizeof(*seen));
	seen->error = vm_source_open_process(query->pid, &source);
	if (seen->error == 0)
		seen->error = vm_sample_snapshot(&source, VM_DETAIL_SMAPS, &snapshot, &report);
	for (size_t i = 0; i < snapshot.count; i++) {
		const struct vm_mapping *m = &snapshot.mappings[i];

		if (query->address >= m->start && query->address < m->end)
			describe(seen, m);
	}
	vm_snapshot_deinit(&snapshot);
	vm_source_close(&source);
}

/* Returns whether the demo was killed: the socket ended without a word. */
static bool serve(int fd, char pane[DEMO_PANE_SIZE])
{
	struct demo_seen seen;
	struct query query;

	for (;;) {
		ssize_t n = vm_read(fd, &query, sizeof(query));

		if (n != (ssize_t)sizeof(query))
			return true;
		switch (query.type) {
		case QUERY_LOOK:
			look(&query, &seen);
			(void)!send(fd, &seen, sizeof(seen), MSG_NOSIGNAL);
			break;
		case QUERY_PANE:
			memcpy(pane, query.pane, DEMO_PANE_SIZE);
			break;
		case QUERY_END:
			return false;
		}
	}
}

/* Whoever waits for the end of the demo's output must not wait for the keeper. */
static void let_go_of_terminal(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = 0; fd < 3 && null >= 0; fd++)
		dup2(null, fd);
}

_Noreturn static void keep(pid_t demo, int fd, const struct demo_folder *folder)
{
	char pane[DEMO_PANE_SIZE] = "";

	prctl(PR_SET_NAME, "demo-keeper");
	let_go_of_terminal();
	if (serve(fd, pane)) {
		demo_folder_remove(folder);
		demo_cleanup_objects(demo);
		if (pane[0])
			demo_split_close(pane);
	}
	_exit(0);
}

bool demo_keeper_init(struct demo_keeper *keeper, const struct demo_folder *folder)
{
	pid_t demo = getpid();
	int ends[2];

	keeper->fd = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return false;
	fflush(stdout);
	keeper->pid = fork();
	if (keeper->pid == 0) {
		close(ends[0]);
		keep(demo, ends[1], folder);
	}
	close(ends[1]);
	if (keeper->pid < 0) {
		close(ends[0]);
		return false;
	}
	keeper->fd = ends[0];
	return true;
}

static bool ask(const struct demo_keeper *keeper, const struct query *query)
{
	return send(keeper->fd, query, sizeof(*query), MSG_NOSIGNAL) == (ssize_t)sizeof(*query);
}

void demo_keeper_deinit(struct demo_keeper *keeper)
{
	struct query query = { .type = QUERY_END };

	if (keeper->fd < 0)
		return;
	ask(keeper, &query);
	close(keeper->fd);
	keeper->fd = -1;
	while (waitpid(keeper->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

void demo_keeper_pane(const struct demo_keeper *keeper, const char *pane)
{
	struct query query = { .type = QUERY_PANE };

	snprintf(query.pane, sizeof(query.pane), "%s", pane);
	ask(keeper, &query);
}

void demo_keeper_look(const struct demo_keeper *keeper, pid_t pid, uint64_t address,
		      struct demo_seen *seen)
{
	struct query query = { .type = QUERY_LOOK, .pid = pid, .address = address };

	memset(seen, 0, sizeof(*seen));
	if (!ask(keeper, &query) ||
	    vm_read(keeper->fd, seen, sizeof(*seen)) != (ssize_t)sizeof(*seen)) {
		memset(seen, 0, sizeof(*seen));
		seen->error = -ECHILD;
	}
}

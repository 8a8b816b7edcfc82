/*
 * program PID
 *
 * A program of somebody else's: it knows libvmview from where that was installed, and prints the number of the
 * process's mappings, their bytes, and how many have each kind that occurs.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vmview/kind.h>
#include <vmview/sample.h>
#include <vmview/totals.h>

static int read_mappings(pid_t pid, struct vm_snapshot *snapshot)
{
	struct vm_source source = { 0 };
	struct vm_report report;
	int r = vm_source_open_process(pid, &source);

	if (r < 0)
		return r;
	r = vm_sample_snapshot(&source, VM_DETAIL_SMAPS, snapshot, &report);
	vm_source_close(&source);
	return r;
}

static void print_kinds(const struct vm_snapshot *snapshot)
{
	size_t counts[VM_KIND_COUNT] = { 0 };

	for (size_t i = 0; i < snapshot->count; i++)
		counts[snapshot->mappings[i].kind]++;
	for (int kind = 0; kind < VM_KIND_COUNT; kind++) {
		if (counts[kind])
			printf(" %s:%zu", vm_kind_info(kind)->name, counts[kind]);
	}
	putchar('\n');
}

int main(int argc, char **argv)
{
	struct vm_snapshot snapshot = { 0 };
	struct vm_totals totals = { 0 };
	int r = argc == 2 ? read_mappings(atoi(argv[1]), &snapshot) : -1;

	if (r < 0) {
		fprintf(stderr, "program: %s\n", argc == 2 ? strerror(-r) : "usage: program PID");
		return 1;
	}
	for (size_t i = 0; i < snapshot.count; i++)
		vm_totals_add(&totals, &snapshot.mappings[i]);
	printf("%" PRIu64 " %" PRIu64, totals.count, totals.size);
	print_kinds(&snapshot);
	vm_snapshot_deinit(&snapshot);
	return 0;
}

#include <errno.h>
#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "sample_private.h"
#include "vmview/limits.h"
#include "vmview/scan.h"
#include "vmview/shm.h"

bool vm_sample_shm_device(const struct vm_source *source, uint32_t *minor)
{
	struct vm_buf text = { 0 };
	struct vm_str rest;
	uint64_t number;
	bool told;

	if (source->type == VM_SOURCE_LIVE)
		return vm_shm_device(minor);
	told = vm_source_frame(source) &&
	       vm_source_read_entry(source, VM_FACT_SHM_MINOR, 32, &text) == 0;
	rest = vm_buf_str(&text);
	told = told && vm_scan_dec(&rest, &number) && number <= UINT32_MAX;
	if (told)
		*minor = (uint32_t)number;
	vm_buf_deinit(&text);
	return told;
}

/* What is told of the machine, in the making. */
struct machine {
	const struct vm_source *source;
	struct vm_recorder *recorder;
	struct vm_limits limits;
	struct vm_buf text;
};

static void put_text(struct machine *machine, const char *name)
{
	vm_recorder_put_fact(machine->recorder, name, 0, vm_buf_str(&machine->text));
	vm_buf_clear(&machine->text);
}

static void put_number(struct machine *machine, const char *name, uint64_t number)
{
	vm_buf_put_dec(&machine->text, number, 0, ' ');
	vm_buf_put_char(&machine->text, '\n');
	put_text(machine, name);
}

/* The file below /proc under the last part of its name, as it lies in a saved folder. */
static void copy_file(struct machine *machine, const char *path, const char *name)
{
	int r = vm_source_read_machine(machine->source, path, VM_SMALL_LIMIT, &machine->text);

	if (r < 0)
		vm_buf_clear(&machine->text);
	vm_recorder_put_fact(machine->recorder, name, r, vm_buf_str(&machine->text));
	vm_buf_clear(&machine->text);
}

/* Files of a control group: its limit, and what there is now. */
static const struct {
	const char *most, *now;
} group_files[] = {
	{ "memory.max", "memory.current" },
	{ "memory.swap.max", "memory.swap.current" },
	{ "memory.limit_in_bytes", "memory.usage_in_bytes" },
	{ "memory.memsw.limit_in_bytes", "memory.memsw.usage_in_bytes" },
};

static const char *now_of(const char *most)
{
	for (size_t i = 0; i < sizeof(group_files) / sizeof(group_files[0]); i++) {
		if (strcmp(group_files[i].most, most) == 0)
			return group_files[i].now;
	}
	return NULL;
}

/* Of the groups that limit the process the one that leaves the least room. */
static void put_group(struct machine *machine, const struct vm_limit *limit)
{
	const char *now = now_of(limit->source);
	char name[64];

	if (limit->most.known == VM_KNOWN_NOT || !now)
		return;
	if (limit->most.known == VM_KNOWN_UNREADABLE) {
		vm_recorder_put_fact(machine->recorder, limit->source, machine->limits.unread_error,
				     VM_STR(""));
		return;
	}
	if (limit->most.known == VM_KNOWN_UNLIMITED) {
		vm_buf_put_text(&machine->text, "max\n");
		put_text(machine, limit->source);
	} else {
		put_number(machine, limit->source, limit->most.number);
	}
	if (limit->now.known == VM_KNOWN_NUMBER)
		put_number(machine, now, limit->now.number);
	snprintf(name, sizeof(name), VM_FACT_GROUP "%s", limit->source);
	vm_recorder_put_fact(machine->recorder, name, 0, vm_buf_str(&limit->group));
}

static void put_limits(struct machine *machine)
{
	static const enum vm_limit_id groups[] = { VM_LIMIT_CGROUP, VM_LIMIT_CGROUP_SWAP,
						   VM_LIMIT_CGROUP_BOTH };

	copy_file(machine, "sys/vm/max_map_count", "max_map_count");
	copy_file(machine, "sys/vm/overcommit_memory", "overcommit_memory");
	if (vm_limit_is_known(&machine->limits.items[VM_LIMIT_COMMITTED]))
		copy_file(machine, "meminfo", "meminfo");
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		put_group(machine, &machine->limits.items[groups[i]]);
}

static void put_system(struct machine *machine)
{
	struct utsname names;
	uint32_t minor;

	put_number(machine, VM_FACT_PAGE_SIZE, (uint64_t)sysconf(_SC_PAGESIZE));
	if (vm_shm_device(&minor))
		put_number(machine, VM_FACT_SHM_MINOR, minor);
	if (uname(&names) < 0)
		return;
	vm_buf_put_text(&machine->text, names.sysname);
	vm_buf_put_char(&machine->text, '\n');
	vm_buf_put_text(&machine->text, names.release);
	vm_buf_put_char(&machine->text, '\n');
	vm_buf_put_text(&machine->text, names.machine);
	vm_buf_put_char(&machine->text, '\n');
	put_text(machine, VM_FACT_UNAME);
}

int vm_sample_copy_machine(const struct vm_source *source, struct vm_recorder *recorder)
{
	struct machine machine = { .source = source, .recorder = recorder };
	int r = vm_sample_limits(source, &machine.limits);

	if (r == 0) {
		put_limits(&machine);
		put_system(&machine);
	}
	if (machine.text.failed)
		r = -ENOMEM;
	vm_limits_deinit(&machine.limits);
	vm_buf_deinit(&machine.text);
	return r;
}

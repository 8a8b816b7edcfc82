#include <errno.h>
#include <stdio.h>

#include "vmview/cgroup.h"
#include "vmview/limits_parser.h"
#include "vmview/recording.h"
#include "vmview/sample.h"
#include "vmview/scan.h"

/* Enough for any status, limits and meminfo; mounts may be many. */
#define SMALL_LIMIT 16384
#define NAME_LIMIT 4096
#define MOUNTS_LIMIT (1 << 22)

static enum vm_known why_unknown(int r)
{
	return r == -ENOENT ? VM_KNOWN_NOT : VM_KNOWN_UNREADABLE;
}

/* A kernel setting: one number. */
static int read_setting(const struct vm_source *source, const char *name, struct vm_buf *text,
			struct vm_quantity *quantity)
{
	int r = vm_source_read_machine(source, name, SMALL_LIMIT, text);
	struct vm_str rest = vm_buf_str(text);
	uint64_t number = 0;

	if (r >= 0 && !vm_scan_dec(&rest, &number))
		r = -EBADMSG;
	quantity->known = r < 0 ? why_unknown(r) : VM_KNOWN_NUMBER;
	quantity->number = number;
	return r;
}

int vm_sample_max_mappings(const struct vm_source *source, struct vm_quantity *most)
{
	struct vm_buf text = { 0 };
	int r = read_setting(source, "sys/vm/max_map_count", &text, most);

	vm_buf_deinit(&text);
	return r == -ENOENT ? 0 : r;
}

struct reading {
	const struct vm_source *source;
	struct vm_limits *limits;
	struct vm_buf text;
};

/* What became of reading @entry: what is not there is not reported, and no failure. */
static bool settle(struct reading *reading, const char *entry, int r)
{
	if (r < 0 && r != -ENOENT && !reading->limits->unread) {
		reading->limits->unread = entry;
		reading->limits->unread_error = r;
	}
	return r == 0;
}

static void read_status(struct reading *reading)
{
	int r = vm_source_read_entry(reading->source, "status", SMALL_LIMIT, &reading->text);

	/* Every process has one as long as it is there. */
	if (r == -ENOENT && reading->source->type == VM_SOURCE_LIVE)
		r = -ESRCH;
	if (settle(reading, "status", r))
		vm_limits_parse_status(vm_buf_str(&reading->text), reading->limits);
}

static void read_rlimits(struct reading *reading)
{
	static const enum vm_limit_id ids[] = { VM_LIMIT_ADDRESS_SPACE, VM_LIMIT_DATA,
						VM_LIMIT_STACK, VM_LIMIT_LOCKED };
	int r = vm_source_read_entry(reading->source, "limits", SMALL_LIMIT, &reading->text);

	if (settle(reading, "limits", r))
		vm_limits_parse(vm_buf_str(&reading->text), reading->limits);
	for (size_t i = 0; r < 0 && i < sizeof(ids) / sizeof(ids[0]); i++)
		reading->limits->items[ids[i]].most.known = why_unknown(r);
}

/* Unless the mode is 2 the kernel promises more than the limit, which limits nothing then (proc_sys_vm(5)). */
static void read_committed(struct reading *reading)
{
	struct vm_quantity mode;
	int r = read_setting(reading->source, "sys/vm/overcommit_memory", &reading->text, &mode);

	if (!settle(reading, "overcommit_memory", r) || mode.number != 2)
		return;
	r = vm_source_read_machine(reading->source, "meminfo", SMALL_LIMIT, &reading->text);
	if (settle(reading, "meminfo", r))
		vm_limits_parse_meminfo(vm_buf_str(&reading->text), reading->limits);
}

static enum vm_limit_id limit_of(enum vm_cgroup_resource resource, bool old)
{
	if (resource == VM_CGROUP_MEMORY)
		return VM_LIMIT_CGROUP;
	return old ? VM_LIMIT_CGROUP_BOTH : VM_LIMIT_CGROUP_SWAP;
}

/* @r is what became of reading @use, whose name becomes the limit's own. */
static void take_use(struct reading *reading, int r, struct vm_cgroup_use *use, enum vm_limit_id id)
{
	struct vm_limit *limit = &reading->limits->items[id];

	if (!settle(reading, limit->source, r)) {
		limit->most.known = why_unknown(r);
		return;
	}
	limit->most.known = use->unlimited ? VM_KNOWN_UNLIMITED : VM_KNOWN_NUMBER;
	limit->most.number = use->unlimited ? 0 : use->most;
	limit->now.known = use->has_now ? VM_KNOWN_NUMBER : VM_KNOWN_NOT;
	limit->now.number = use->now;
	limit->source = use->source;
	limit->group = use->name;
	use->name = (struct vm_buf){ 0 };
}

/* Of which group a frame tells. */
static int read_name(const struct vm_source *source, struct vm_cgroup_use *use)
{
	char name[64];
	int r;

	snprintf(name, sizeof(name), VM_FACT_GROUP "%s", use->source);
	r = vm_source_read_entry(source, name, NAME_LIMIT, &use->name);
	return r == -ENOENT ? 0 : r;
}

static void read_saved_group(struct reading *reading)
{
	for (enum vm_cgroup_resource i = 0; i < VM_CGROUP_RESOURCE_COUNT; i++) {
		struct vm_cgroup_use use = { 0 };
		bool old;
		int r = vm_cgroup_read_saved(reading->source, i, &old, &use);

		if (r == 0 && vm_source_frame(reading->source))
			r = read_name(reading->source, &use);
		take_use(reading, r, &use, limit_of(i, old));
		vm_cgroup_use_deinit(&use);
	}
}

static void read_uses(struct reading *reading, const struct vm_cgroup *cgroup)
{
	for (enum vm_cgroup_resource i = 0; i < VM_CGROUP_RESOURCE_COUNT; i++) {
		struct vm_cgroup_use use = { 0 };
		int r = vm_cgroup_read(cgroup, i, &use);

		take_use(reading, r, &use, limit_of(i, cgroup->old));
		vm_cgroup_use_deinit(&use);
	}
}

static void read_group(struct reading *reading)
{
	struct vm_buf mounts = { 0 };
	struct vm_cgroup cgroup = { 0 };
	const char *entry = "cgroup";
	int r = vm_source_read_entry(reading->source, entry, SMALL_LIMIT, &reading->text);

	if (r == 0) {
		entry = "mountinfo";
		r = vm_source_read_machine(reading->source, "self/mountinfo", MOUNTS_LIMIT,
					   &mounts);
	}
	if (r == 0)
		r = vm_cgroup_find(vm_buf_str(&reading->text), vm_buf_str(&mounts), &cgroup);
	if (settle(reading, entry, r))
		read_uses(reading, &cgroup);
	vm_buf_deinit(&mounts);
	vm_cgroup_deinit(&cgroup);
}

int vm_sample_limits(const struct vm_source *source, struct vm_limits *limits)
{
	struct reading reading = { source, limits, { 0 } };
	struct vm_quantity *mappings = &limits->items[VM_LIMIT_MAPPINGS].most;

	for (enum vm_limit_id id = 0; id < VM_LIMIT_COUNT; id++)
		limits->items[id].source = vm_limit_info(id)->source;
	settle(&reading, "max_map_count", vm_sample_max_mappings(source, mappings));
	read_rlimits(&reading);
	read_committed(&reading);
	if (source->type == VM_SOURCE_LIVE)
		read_group(&reading);
	else
		read_saved_group(&reading);
	read_status(&reading);
	vm_buf_deinit(&reading.text);
	return limits->unread_error == -ENOMEM ? -ENOMEM : 0;
}

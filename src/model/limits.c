#include "vmview/limits.h"

#include <assert.h>

/* clang-format off */
static const struct vm_limit_info infos[] = {
	[VM_LIMIT_MAPPINGS] = { "mappings", "mappings", "vm.max_map_count", false },
	[VM_LIMIT_ADDRESS_SPACE] = { "address_space", "address space", "RLIMIT_AS", true },
	[VM_LIMIT_DATA] = { "data", "data", "RLIMIT_DATA", true },
	[VM_LIMIT_STACK] = { "stack", "stack", "RLIMIT_STACK", true },
	[VM_LIMIT_LOCKED] = { "locked", "locked memory", "RLIMIT_MEMLOCK", true },
	[VM_LIMIT_CGROUP] = { "cgroup", "cgroup memory", "memory.max", true },
	[VM_LIMIT_CGROUP_SWAP] = { "cgroup_swap", "cgroup swap", "memory.swap.max", true },
	[VM_LIMIT_CGROUP_BOTH] = { "cgroup_both", "cgroup memory and swap", "memory.memsw.limit_in_bytes", true },
	[VM_LIMIT_COMMITTED] = { "committed", "committed by all processes", "CommitLimit", true },
};
/* clang-format on */
static_assert(sizeof(infos) / sizeof(infos[0]) == VM_LIMIT_COUNT, "describe every limit");

const struct vm_limit_info *vm_limit_info(enum vm_limit_id id)
{
	assert(id < VM_LIMIT_COUNT);
	return &infos[id];
}

void vm_limits_deinit(struct vm_limits *limits)
{
	for (enum vm_limit_id id = 0; id < VM_LIMIT_COUNT; id++)
		vm_buf_deinit(&limits->items[id].group);
	*limits = (struct vm_limits){ 0 };
}

bool vm_limit_is_known(const struct vm_limit *limit)
{
	return limit->now.known != VM_KNOWN_NOT || limit->most.known != VM_KNOWN_NOT;
}

bool vm_limit_percent(const struct vm_limit *limit, uint64_t *percent)
{
	uint64_t now = limit->now.number, most = limit->most.number;

	if (limit->now.known != VM_KNOWN_NUMBER || limit->most.known != VM_KNOWN_NUMBER || !most)
		return false;
	if (now <= UINT64_MAX / 100)
		*percent = now * 100 / most;
	else
		*percent = now / (most >= 100 ? most / 100 : 1);
	return true;
}

/*
 * Whether /proc was mounted to hide processes, and we are none of those that see them all the same: proc(5).
 */
#include "vmview/source.h"

#include <grp.h>
#include <linux/capability.h>
#include <mntent.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vmview/scan.h"

/* Whether those alone are seen that one may trace, whatever group one is of: the kernel's HIDEPID_NOT_PTRACEABLE. */
static bool asks_no_group(const struct mntent *mount)
{
	struct vm_str option = vm_str_from(hasmntopt(mount, "hidepid"));

	return vm_str_starts(option, VM_STR("hidepid=ptraceable")) ||
	       vm_str_starts(option, VM_STR("hidepid=4"));
}

/* Whether we are of the group that the option gid= names; without it, of root's. */
static bool sees_all(const struct mntent *mount)
{
	const char *option = hasmntopt(mount, "gid");
	struct vm_str text = vm_str_from(option);
	uint64_t group = 0;

	if (asks_no_group(mount))
		return false;
	if (option) {
		text = vm_str_skip(text, vm_str_find(text, '=') + 1);
		if (!vm_scan_dec(&text, &group))
			return false;
	}
	return getegid() == (gid_t)group || group_member((gid_t)group);
}

/* What is mounted on /proc last is what is seen. */
static bool is_hidden_from_us(void)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent mount;
	bool hidden = false;
	char room[4096];

	if (!mounts)
		return false;
	while (getmntent_r(mounts, &mount, room, sizeof(room))) {
		if (strcmp(mount.mnt_dir, "/proc") == 0)
			hidden = hasmntopt(&mount, "hidepid") && !sees_all(&mount);
	}
	endmntent(mounts);
	return hidden;
}

static bool may_trace(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	return syscall(SYS_capget, &header, data) == 0 &&
	       (data[0].effective & (UINT32_C(1) << CAP_SYS_PTRACE));
}

bool vm_source_hides_others(void)
{
	return is_hidden_from_us() && !may_trace();
}

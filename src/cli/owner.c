#include "owner.h"

#include <pwd.h>
#include <unistd.h>

#include "vmview/scan.h"
#include "vmview/source.h"

/* More than the kernel allows: 340 lines of three numbers. */
#define MAP_LIMIT 16384

/* A line of uid_map: the first number inside, the first outside, and how many. */
static bool is_in_line(struct vm_str *map, uint64_t uid)
{
	uint64_t first, outside, count;

	vm_scan_blanks(map);
	if (!vm_scan_dec(map, &first) || !vm_scan_blanks(map) || !vm_scan_dec(map, &outside) ||
	    !vm_scan_blanks(map) || !vm_scan_dec(map, &count))
		return false;
	return uid >= first && uid - first < count;
}

/*
 * Whether the user has a number in our user namespace. Of all that have none the kernel tells the same one, which is that of
 * nobody.
 */
static bool is_mapped(uid_t uid)
{
	struct vm_source self = { 0 };
	struct vm_buf text = { 0 };
	struct vm_str map;
	bool mapped = false;

	/* Where that cannot be asked there are no user namespaces. */
	if (vm_source_open_process(getpid(), &self) < 0 ||
	    vm_source_read_entry(&self, "uid_map", MAP_LIMIT, &text) < 0)
		mapped = true;
	vm_source_close(&self);
	map = vm_buf_str(&text);
	while (!mapped && map.len) {
		mapped = is_in_line(&map, uid);
		map = vm_str_skip(map, vm_str_find(map, '\n') + 1);
	}
	vm_buf_deinit(&text);
	return mapped;
}

void vm_put_owner(struct vm_buf *text, const struct vm_process *process)
{
	const struct passwd *user;

	if (!process->has_uid) {
		vm_buf_put_text(text, "another user");
		return;
	}
	if (!is_mapped(process->uid)) {
		vm_buf_put_text(text, "a user outside of your user namespace");
		return;
	}
	user = getpwuid(process->uid);
	vm_buf_put_text(text, user ? "user " : "user number ");
	if (user)
		vm_buf_put_text(text, user->pw_name);
	else
		vm_buf_put_dec(text, process->uid, 0, ' ');
}

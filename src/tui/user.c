#include "user.h"

#include <pwd.h>

#include "vmview/safe.h"

/* Enough for any entry; a longer one is shown by its number. */
#define ENTRY_LIMIT 16384

/* A thread that waits for an answer inside getpwuid() would hold up all others that ask. */
void tui_put_user(struct vm_buf *text, uid_t uid)
{
	char room[ENTRY_LIMIT];
	struct passwd entry, *found = NULL;

	if (getpwuid_r(uid, &entry, room, sizeof(room), &found) == 0 && found)
		vm_safe_put(text, vm_str_from(found->pw_name));
	else
		vm_buf_put_dec(text, uid, 0, ' ');
}

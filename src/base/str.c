/*
 * What needs functions of the GNU library: programs that use the headers need not ask for those.
 */
#include "vmview/str.h"

size_t vm_str_find_last(struct vm_str s, char c)
{
	const char *hit = s.len ? memrchr(s.p, c, s.len) : NULL;

	return hit ? (size_t)(hit - s.p) : s.len;
}

bool vm_str_contains(struct vm_str s, struct vm_str part)
{
	return part.len == 0 || (s.len && memmem(s.p, s.len, part.p, part.len));
}

bool vm_str_equal_fold(struct vm_str a, struct vm_str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		if (vm_lower(a.p[i]) != vm_lower(b.p[i]))
			return false;
	}
	return true;
}

#include "vmview/mapping.h"

#include <string.h>

bool vm_mapping_has_flag(const struct vm_mapping *mapping, const char *code)
{
	struct vm_str rest = mapping->vm_flags;
	size_t len = strlen(code);

	while (rest.len) {
		size_t word = vm_str_find(rest, ' ');

		if (word == len && memcmp(rest.p, code, len) == 0)
			return true;
		rest = vm_str_skip(rest, word + 1);
	}
	return false;
}

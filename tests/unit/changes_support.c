#include "changes_support.h"

#include <stdio.h>

void changes_find(const struct vm_snapshot *before, const struct vm_snapshot *after,
		  struct vm_changes *changes)
{
	assert_int_equal(vm_changes_find(before, after, changes), 0);
}

void changes_write(const struct vm_changes *changes, struct vm_buf *text)
{
	for (size_t i = 0; i < changes->count; i++) {
		const struct vm_change *c = &changes->items[i];
		char line[96];

		snprintf(line, sizeof(line), "%s%s %zu>%zu %+d%s", i ? ", " : "",
			 vm_change_info(c->type)->name,
			 c->before_count - (c->type == VM_CHANGE_MERGED ? c->others : 0),
			 c->after_count - (c->type == VM_CHANGE_SPLIT ? c->others : 0),
			 (int)(c->delta / PAGE), c->perms_changed ? " ~" : "");
		vm_buf_put_text(text, line);
	}
	vm_buf_put_char(text, '\0');
}

#include "vmview/capture.h"

/* The kernel pads the name to this column on 64-bit machines (fs/proc/task_mmu.c). */
#define NAME_COLUMN 73

static void put_header(struct vm_buf *text, const struct vm_mapping *m)
{
	size_t begin = text->len;

	vm_buf_put_hex(text, m->start, 8, '0');
	vm_buf_put_char(text, '-');
	vm_buf_put_hex(text, m->end, 8, '0');
	vm_buf_put_char(text, ' ');
	vm_buf_put(text, m->perms, sizeof(m->perms));
	vm_buf_put_char(text, ' ');
	vm_buf_put_hex(text, m->offset, 8, '0');
	vm_buf_put_char(text, ' ');
	vm_buf_put_hex(text, m->dev_major, 2, '0');
	vm_buf_put_char(text, ':');
	vm_buf_put_hex(text, m->dev_minor, 2, '0');
	vm_buf_put_char(text, ' ');
	vm_buf_put_dec(text, m->inode, 0, ' ');
	vm_buf_put_char(text, ' ');
	if (m->name.len && text->len - begin < NAME_COLUMN)
		vm_buf_put_repeat(text, ' ', NAME_COLUMN - (text->len - begin));
	vm_buf_put_str(text, m->name);
	vm_buf_put_char(text, '\n');
}

static void put_key(struct vm_buf *text, struct vm_str key)
{
	vm_buf_put_str(text, key);
	vm_buf_put_char(text, ':');
	if (key.len < 15)
		vm_buf_put_repeat(text, ' ', 15 - key.len);
}

static void put_field(struct vm_buf *text, const struct vm_mapping *m, enum vm_field field)
{
	const struct vm_field_info *info = vm_field_info(field);
	uint64_t value = vm_usage_get(&m->usage, field);

	put_key(text, info->key);
	if (info->unit == VM_UNIT_BYTES) {
		vm_buf_put_dec(text, value / 1024, 8, ' ');
		vm_buf_put_text(text, " kB\n");
	} else {
		vm_buf_put_dec(text, value, 8, ' ');
		vm_buf_put_char(text, '\n');
	}
}

void vm_capture_put(struct vm_buf *text, const struct vm_mapping *mapping)
{
	const struct vm_usage *usage = &mapping->usage;
	uint32_t extra = 0;

	put_header(text, mapping);
	for (uint32_t i = 0; i < usage->order_count; i++) {
		if (usage->order[i] != VM_ORDER_EXTRA) {
			put_field(text, mapping, (enum vm_field)usage->order[i]);
			continue;
		}
		put_key(text, usage->extras[extra].key);
		vm_buf_put_str(text, usage->extras[extra++].value);
		vm_buf_put_char(text, '\n');
	}
	if (!mapping->vm_flags.p)
		return;
	vm_buf_put_text(text, "VmFlags: ");
	vm_buf_put_str(text, mapping->vm_flags);
	vm_buf_put_text(text, " \n");
}

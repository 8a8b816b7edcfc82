#include "pmap_private.h"

#include "vmview/safe.h"

static struct vm_str base_of(struct vm_str path, size_t slash)
{
	return slash + 1 < path.len ? vm_str_skip(path, slash + 1) : vm_str_skip(path, slash);
}

/*
 * Of a capture nobody knows the device unless it was recorded, but a file of that name lies on a disk, which
 * mostly has a major number.
 */
static bool is_shm_segment(const struct vm_pmap *pmap, const struct vm_mapping *m)
{
	if (m->dev_major != 0)
		return false;
	if (pmap->saved && !pmap->options.has_shm_device)
		return vm_str_starts(m->name, VM_STR("/SYSV"));
	return pmap->options.has_shm_device && m->dev_minor == pmap->options.shm_minor &&
	       vm_str_contains(m->name, VM_STR("/SYSV"));
}

/* One past the end counts, as in pmap: the stack's first address may be its very end. */
static bool is_main_stack(const struct vm_pmap *pmap, const struct vm_mapping *m)
{
	if (pmap->saved && !pmap->start_stack)
		return vm_str_equal(m->name, VM_STR("[stack]"));
	return pmap->start_stack >= m->start && pmap->start_stack <= m->end;
}

/* The kernel's own name in brackets, or the empty slice. */
static struct vm_str bracketed(struct vm_str name)
{
	size_t open = vm_str_find(name, '[');

	if (!vm_str_ends(name, VM_STR("]")))
		return (struct vm_str){ 0 };
	return vm_str_skip(name, open);
}

void vm_pmap_put_name(struct vm_pmap *pmap, const struct vm_mapping *m)
{
	struct vm_buf *text = &pmap->text;
	bool named_memory = vm_str_starts(m->name, VM_STR("["));
	size_t slash = vm_str_find_last(m->name, '/');

	if (is_shm_segment(pmap, m)) {
		vm_buf_put_text(text, "  [ shmid=0x");
		vm_buf_put_hex(text, m->inode, 0, ' ');
		vm_buf_put_text(text, " ]");
	} else if (slash < m->name.len && !named_memory) {
		if (pmap->options.show_path)
			slash = vm_str_find(m->name, '/');
		vm_safe_put_ascii(text, pmap->options.show_path ? vm_str_skip(m->name, slash) :
								  base_of(m->name, slash));
	} else if (pmap->options.kernel_names && bracketed(m->name).len) {
		vm_safe_put_ascii(text, bracketed(m->name));
	} else if (is_main_stack(pmap, m)) {
		vm_buf_put_text(text, "  [ stack ]");
	} else {
		vm_buf_put_text(text, "  [ anon ]");
	}
}

#include "vmview/snapshot.h"

#include <errno.h>
#include <stdlib.h>

void vm_snapshot_deinit(struct vm_snapshot *snapshot)
{
	free(snapshot->mappings);
	vm_arena_deinit(&snapshot->arena);
	*snapshot = (struct vm_snapshot){ 0 };
}

static int make_room(struct vm_snapshot *snapshot)
{
	size_t cap = snapshot->cap ? snapshot->cap * 2 : 64;
	struct vm_mapping *p;

	if (snapshot->count < snapshot->cap)
		return 0;
	p = reallocarray(snapshot->mappings, cap, sizeof(*p));
	if (!p)
		return -ENOMEM;
	snapshot->mappings = p;
	snapshot->cap = cap;
	return 0;
}

/* Neighbours mostly have the same text: share it with @last where it is equal. */
static int copy_text(struct vm_snapshot *snapshot, struct vm_str last, struct vm_str *text)
{
	if (!text->p)
		return 0;
	if (last.p && vm_str_equal(last, *text)) {
		*text = last;
		return 0;
	}
	return vm_arena_copy(&snapshot->arena, *text, text);
}

static int copy_values(struct vm_arena *arena, struct vm_usage *usage)
{
	size_t size = (size_t)__builtin_popcountll(usage->nonzero) * sizeof(uint64_t);
	uint64_t *values;

	if (!size)
		return 0;
	values = vm_arena_alloc(arena, size);
	if (!values)
		return -ENOMEM;
	memcpy(values, usage->values, size);
	usage->values = values;
	return 0;
}

static int copy_extras(struct vm_arena *arena, struct vm_usage *usage)
{
	struct vm_extra *extras;

	if (!usage->extra_count)
		return 0;
	extras = vm_arena_alloc(arena, usage->extra_count * sizeof(*extras));
	if (!extras)
		return -ENOMEM;
	for (uint32_t i = 0; i < usage->extra_count; i++) {
		if (vm_arena_copy(arena, usage->extras[i].key, &extras[i].key) < 0 ||
		    vm_arena_copy(arena, usage->extras[i].value, &extras[i].value) < 0)
			return -ENOMEM;
	}
	usage->extras = extras;
	return 0;
}

static int copy_order(struct vm_snapshot *snapshot, const struct vm_usage *last,
		      struct vm_usage *usage)
{
	struct vm_str order = { (const char *)usage->order, usage->order_count };
	struct vm_str before = { (const char *)last->order, last->order_count };
	int r = copy_text(snapshot, before, &order);

	usage->order = (const uint8_t *)order.p;
	return r;
}

int vm_snapshot_add(struct vm_snapshot *snapshot, const struct vm_mapping *mapping)
{
	static const struct vm_mapping none;
	const struct vm_mapping *last;
	struct vm_mapping copy = *mapping;

	if (make_room(snapshot) < 0)
		return -ENOMEM;
	last = snapshot->count ? &snapshot->mappings[snapshot->count - 1] : &none;
	if (copy_text(snapshot, last->name, &copy.name) < 0 ||
	    copy_text(snapshot, last->vm_flags, &copy.vm_flags) < 0 ||
	    copy_order(snapshot, &last->usage, &copy.usage) < 0 ||
	    copy_values(&snapshot->arena, &copy.usage) < 0 ||
	    copy_extras(&snapshot->arena, &copy.usage) < 0)
		return -ENOMEM;
	snapshot->mappings[snapshot->count++] = copy;
	return 0;
}

static int compare_start(const void *a, const void *b)
{
	const struct vm_mapping *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (x->end > y->end) - (x->end < y->end);
}

static bool is_sorted(const struct vm_snapshot *snapshot)
{
	for (size_t i = 1; i < snapshot->count; i++) {
		if (snapshot->mappings[i].start < snapshot->mappings[i - 1].end)
			return false;
	}
	return true;
}

size_t vm_snapshot_arrange(struct vm_snapshot *snapshot)
{
	size_t kept = 0, before = snapshot->count;
	uint64_t end = 0;

	if (is_sorted(snapshot))
		return 0;
	qsort(snapshot->mappings, snapshot->count, sizeof(*snapshot->mappings), compare_start);
	for (size_t i = 0; i < before; i++) {
		if (snapshot->mappings[i].start < end)
			continue;
		end = snapshot->mappings[i].end;
		snapshot->mappings[kept++] = snapshot->mappings[i];
	}
	snapshot->count = kept;
	return before - kept;
}

static int find_code_files(const struct vm_snapshot *snapshot, struct vm_file_id **files,
			   size_t *count)
{
	struct vm_file_id *found;
	size_t n = 0;

	for (size_t i = 0; i < snapshot->count; i++)
		n += vm_mapping_is_code(&snapshot->mappings[i]);
	*files = NULL;
	*count = 0;
	if (n == 0)
		return 0;
	found = reallocarray(NULL, n, sizeof(*found));
	if (!found)
		return -ENOMEM;
	n = 0;
	for (size_t i = 0; i < snapshot->count; i++) {
		if (vm_mapping_is_code(&snapshot->mappings[i]))
			found[n++] = vm_mapping_file(&snapshot->mappings[i]);
	}
	qsort(found, n, sizeof(*found), vm_file_id_compare);
	*files = found;
	*count = n;
	return 0;
}

int vm_snapshot_classify(struct vm_snapshot *snapshot, const uint64_t *stack_pointers, size_t count)
{
	struct vm_kind_context context = { stack_pointers, count, NULL, 0 };
	struct vm_file_id *files;
	int r = find_code_files(snapshot, &files, &context.code_file_count);

	if (r < 0)
		return r;
	context.code_files = files;
	for (size_t i = 0; i < snapshot->count; i++)
		vm_mapping_classify(&snapshot->mappings[i], &context);
	free(files);
	return 0;
}

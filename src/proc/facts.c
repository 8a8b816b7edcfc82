#include "facts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"

static int unpack(struct vm_section *section, size_t size, struct vm_buf *bytes)
{
	for (;;) {
		/* Room for what was promised, as it comes: a promise alone costs nothing. */
		size_t want = size - bytes->len < 65536 ? size - bytes->len + 1 : 65536;
		char *room = vm_buf_reserve(bytes, want);
		ssize_t n = room ? vm_section_read(section, room, want) : -ENOMEM;

		if (n <= 0)
			return (int)n;
		bytes->len += (size_t)n;
	}
}

static int unpack_all(int fd, const struct vm_extent *extent, struct vm_buf *bytes)
{
	struct vm_section *section;
	int r = vm_extent_check(fd, extent);

	if (r < 0 || !extent->stored)
		return r;
	section = vm_section_new(fd, extent);
	if (!section)
		return -ENOMEM;
	r = unpack(section, (size_t)extent->size, bytes);
	vm_section_free(section);
	return r;
}

/* Cut the next entry off @rest. */
static bool cut(struct vm_str *rest, struct vm_fact *fact)
{
	const unsigned char *header = (const unsigned char *)rest->p;
	uint64_t name_len, len;

	if (rest->len < VM_FACT_HEADER_SIZE)
		return false;
	name_len = vm_little_get(header, 2);
	len = vm_little_get(header + 4, 4);
	if (name_len + len > rest->len - VM_FACT_HEADER_SIZE)
		return false;
	fact->error = -(int)vm_little_get(header + 2, 2);
	fact->name = (struct vm_str){ rest->p + VM_FACT_HEADER_SIZE, (size_t)name_len };
	fact->bytes = (struct vm_str){ fact->name.p + name_len, (size_t)len };
	*rest = vm_str_skip(*rest, VM_FACT_HEADER_SIZE + (size_t)(name_len + len));
	return true;
}

static int compare_names(struct vm_str a, struct vm_str b)
{
	int r = memcmp(a.p, b.p, a.len < b.len ? a.len : b.len);

	return r ? r : (a.len > b.len) - (a.len < b.len);
}

static int compare(const void *a, const void *b)
{
	const struct vm_fact *x = a, *y = b;
	int r = compare_names(x->name, y->name);

	return r ? r : (x->name.p > y->name.p) - (x->name.p < y->name.p);
}

static int sort(struct vm_facts *facts)
{
	struct vm_str rest = vm_buf_str(&facts->bytes);
	struct vm_fact fact;

	while (cut(&rest, &fact))
		facts->count++;
	if (rest.len)
		return -EBADMSG;
	if (!facts->count)
		return 0;
	facts->items = reallocarray(NULL, facts->count, sizeof(*facts->items));
	if (!facts->items)
		return -ENOMEM;
	rest = vm_buf_str(&facts->bytes);
	for (size_t i = 0; i < facts->count; i++)
		cut(&rest, &facts->items[i]);
	qsort(facts->items, facts->count, sizeof(*facts->items), compare);
	return 0;
}

int vm_facts_read(int fd, const struct vm_extent *extent, struct vm_facts *facts)
{
	int r = unpack_all(fd, extent, &facts->bytes);

	return r < 0 ? r : sort(facts);
}

void vm_facts_deinit(struct vm_facts *facts)
{
	vm_buf_deinit(&facts->bytes);
	free(facts->items);
	*facts = (struct vm_facts){ 0 };
}

size_t vm_facts_find(const struct vm_facts *facts, struct vm_str name)
{
	size_t low = 0, high = facts->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_names(facts->items[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct vm_fact *vm_facts_get(const struct vm_facts *facts, const char *name)
{
	size_t at = vm_facts_find(facts, vm_str_from(name));

	return at < facts->count && vm_str_equal(facts->items[at].name, vm_str_from(name)) ?
		       &facts->items[at] :
		       NULL;
}

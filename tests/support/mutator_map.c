/* What the mutator does to mappings, heap and stack. */
#include "mutator.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where the first mapping lies, and how far apart they are: below all that the kernel places. */
static const uint64_t first_place = sizeof(void *) == 8 ? UINT64_C(0x1000000000) : 0x60000000;
static const uint64_t place_size = sizeof(void *) == 8 ? UINT64_C(1) << 30 : 1 << 21;

static bool read_prot(const char *word, int *prot)
{
	*prot = PROT_NONE;
	if (!word)
		return false;
	for (; *word; word++) {
		if (*word == 'r')
			*prot |= PROT_READ;
		else if (*word == 'w')
			*prot |= PROT_WRITE;
		else if (*word == 'x')
			*prot |= PROT_EXEC;
		else if (*word != '-')
			return false;
	}
	return true;
}

/* Regions */

static struct region *find_region(struct mutator *mutator, const char *name)
{
	for (size_t i = 0; name && i < REGIONS_MAX; i++) {
		if (strcmp(mutator->regions[i].name, name) == 0)
			return &mutator->regions[i];
	}
	return NULL;
}

/* The pages that `NAME FIRST COUNT` names. */
struct part {
	struct region *region;
	char *start;
	size_t bytes;
};

static bool find_part(struct mutator *mutator, struct part *part)
{
	struct region *region = find_region(mutator, mutator->words[1]);
	size_t first, count;

	if (!region)
		return mutator_refuse(mutator->words[0], "there is no such mapping");
	if (mutator->count < 4 || !mutator_read_count(mutator->words[2], &first) ||
	    !mutator_read_count(mutator->words[3], &count))
		return mutator_refuse(mutator->words[0], "of which pages?");
	if (first > region->pages || count > region->pages - first)
		return mutator_refuse(mutator->words[0], "it has not so many pages");
	*part = (struct part){ region, region->start + first * mutator_page_size(),
			       count * mutator_page_size() };
	return true;
}

/* map */

struct request {
	size_t pages;
	int prot, flags;
	const char *path;
	const struct region *after;
	bool guard;
};

static bool read_option(struct mutator *mutator, size_t *i, struct request *request)
{
	const char *word = mutator->words[*i];

	if (strcmp(word, "shared") == 0) {
		request->flags = MAP_SHARED;
	} else if (strcmp(word, "guard") == 0) {
		request->guard = true;
	} else if (strcmp(word, "file") == 0) {
		request->path = mutator->words[++*i];
		return request->path;
	} else if (strcmp(word, "prot") == 0) {
		return read_prot(mutator->words[++*i], &request->prot);
	} else if (strcmp(word, "after") == 0) {
		request->after = find_region(mutator, mutator->words[++*i]);
		return request->after;
	} else {
		return false;
	}
	return true;
}

static bool read_request(struct mutator *mutator, struct request *request)
{
	*request = (struct request){ .prot = PROT_READ | PROT_WRITE, .flags = MAP_PRIVATE };
	if (!mutator_read_count(mutator->words[1] ? mutator->words[2] : NULL, &request->pages))
		return mutator_refuse("map", "how many pages?");
	for (size_t i = 3; i < mutator->count; i++) {
		if (!read_option(mutator, &i, request))
			return mutator_refuse("map", "that is no option of it");
	}
	return true;
}

/* A descriptor, -1 for anonymous memory, -2 for a failure. */
static int open_file(const struct request *request)
{
	size_t bytes = request->pages * mutator_page_size();
	struct stat stat;
	int fd;

	if (!request->path)
		return -1;
	fd = open(request->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return -2;
	if (fstat(fd, &stat) < 0 ||
	    ((uint64_t)stat.st_size < bytes && ftruncate(fd, (off_t)bytes) < 0)) {
		close(fd);
		return -2;
	}
	return fd;
}

/* An address of which nothing is near. */
static char *take_place(struct mutator *mutator, size_t bytes)
{
	char *place = (char *)(uintptr_t)(first_place + mutator->places * place_size);

	mutator->places += bytes / place_size + 1;
	return place;
}

static bool put_guards(const char *start, size_t bytes)
{
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
	char *before = (char *)(uintptr_t)start - mutator_page_size();
	char *behind = (char *)(uintptr_t)start + bytes;

	return mmap(before, mutator_page_size(), PROT_NONE, flags, -1, 0) != MAP_FAILED &&
	       mmap(behind, mutator_page_size(), PROT_NONE, flags, -1, 0) != MAP_FAILED;
}

static char *make_mapping(struct mutator *mutator, const struct request *request)
{
	size_t bytes = request->pages * mutator_page_size();
	int fd = open_file(request);
	char *place, *start;

	if (fd == -2)
		return MAP_FAILED;
	if (request->after)
		place = request->after->start + request->after->pages * mutator_page_size();
	else
		place = take_place(mutator, bytes) + mutator_page_size();
	start = mmap(place, bytes, request->prot,
		     request->flags | MAP_FIXED_NOREPLACE | (fd < 0 ? MAP_ANONYMOUS : 0), fd, 0);
	if (fd >= 0)
		close(fd);
	if (start != MAP_FAILED && request->guard && !put_guards(start, bytes))
		return MAP_FAILED;
	return start;
}

static bool do_map(struct mutator *mutator)
{
	const char *name = mutator->words[1];
	struct region *region = find_region(mutator, "");
	struct request request;
	char *start;

	if (name && find_region(mutator, name))
		return mutator_refuse("map", "there is one of that name");
	if (!region || !name || strlen(name) >= sizeof(region->name))
		return mutator_refuse("map", "no more of them, or too long a name");
	if (!read_request(mutator, &request))
		return false;
	start = make_mapping(mutator, &request);
	if (start == MAP_FAILED)
		return mutator_refuse_errno("map");
	strcpy(region->name, name);
	region->start = start;
	region->pages = request.pages;
	return mutator_done(name, start);
}

/* What is done to a mapping */

static bool do_unmap(struct mutator *mutator)
{
	struct region *region = find_region(mutator, mutator->words[1]);
	struct part part;

	if (!region)
		return mutator_refuse("unmap", "there is no such mapping");
	part = (struct part){ region, region->start, region->pages * mutator_page_size() };
	if (mutator->count > 2 && !find_part(mutator, &part))
		return false;
	if (munmap(part.start, part.bytes) < 0)
		return mutator_refuse_errno("unmap");
	mutator_done_part(region->name, region->start, part.start);
	if (mutator->count == 2)
		*region = (struct region){ 0 };
	return true;
}

static bool do_protect(struct mutator *mutator)
{
	struct part part;
	int prot;

	if (!find_part(mutator, &part))
		return false;
	if (!read_prot(mutator->words[4], &prot))
		return mutator_refuse("protect", "to what?");
	if (mprotect(part.start, part.bytes, prot) < 0)
		return mutator_refuse_errno("protect");
	return mutator_done_part(part.region->name, part.region->start, part.start);
}

/* By the kernel's hand, so that what cannot be written is an error, not the end. */
static bool do_touch(struct mutator *mutator)
{
	struct part part;

	if (!find_part(mutator, &part))
		return false;
	for (size_t at = 0; at < part.bytes; at += mutator_page_size()) {
		if (read(mutator->zero, part.start + at, 1) != 1)
			return mutator_refuse_errno("touch");
	}
	return mutator_done_part(part.region->name, part.region->start, part.start);
}

static bool do_peek(struct mutator *mutator)
{
	struct part part;
	char c;

	if (!find_part(mutator, &part))
		return false;
	for (size_t at = 0; at < part.bytes; at += mutator_page_size()) {
		if (write(mutator->pipe[1], part.start + at, 1) != 1 ||
		    read(mutator->pipe[0], &c, 1) != 1)
			return mutator_refuse_errno("peek");
	}
	return mutator_done_part(part.region->name, part.region->start, part.start);
}

static bool do_drop(struct mutator *mutator)
{
	struct part part;

	if (!find_part(mutator, &part))
		return false;
	if (madvise(part.start, part.bytes, MADV_DONTNEED) < 0)
		return mutator_refuse_errno("drop");
	return mutator_done_part(part.region->name, part.region->start, part.start);
}

static bool do_lock(struct mutator *mutator)
{
	struct part part;

	if (!find_part(mutator, &part))
		return false;
	if (mlock(part.start, part.bytes) < 0)
		return mutator_refuse_errno("lock");
	return mutator_done_part(part.region->name, part.region->start, part.start);
}

static bool do_remap(struct mutator *mutator)
{
	struct region *region = find_region(mutator, mutator->words[1]);
	size_t pages;
	char *start;

	if (!region || !mutator_read_count(mutator->words[2], &pages))
		return mutator_refuse("remap", "what, and to how many pages?");
	start = mremap(region->start, region->pages * mutator_page_size(),
		       pages * mutator_page_size(), MREMAP_MAYMOVE);
	if (start == MAP_FAILED)
		return mutator_refuse_errno("remap");
	region->start = start;
	region->pages = pages;
	return mutator_done(region->name, start);
}

/* Every other page is read-only, so that none can be merged. */
static bool do_many(struct mutator *mutator)
{
	size_t count;
	char *start;

	if (!mutator_read_count(mutator->words[1], &count) || count == 0)
		return mutator_refuse("many", "how many?");
	start = mmap(take_place(mutator, count * mutator_page_size()) + mutator_page_size(),
		     count * mutator_page_size(), PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
	if (start == MAP_FAILED)
		return mutator_refuse_errno("many");
	for (size_t i = 1; i < count; i += 2) {
		if (mprotect(start + i * mutator_page_size(), mutator_page_size(), PROT_READ) < 0)
			return mutator_refuse_errno("many");
	}
	return mutator_done("many", start);
}

static bool move_break(struct mutator *mutator, int direction)
{
	size_t pages;

	if (!mutator_read_count(mutator->words[1], &pages))
		return mutator_refuse(mutator->words[0], "by how many pages?");
	if (sbrk((intptr_t)(pages * mutator_page_size()) * direction) == (void *)-1)
		return mutator_refuse_errno(mutator->words[0]);
	return mutator_done("heap", sbrk(0));
}

static bool do_grow_heap(struct mutator *mutator)
{
	return move_break(mutator, 1);
}

static bool do_shrink_heap(struct mutator *mutator)
{
	return move_break(mutator, -1);
}

/* Where the main thread's stack begins now, or NULL. */
static char *find_stack(void)
{
	struct reader maps = { .fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC) };
	char *start = NULL, *line;

	if (maps.fd < 0)
		return NULL;
	while (!start && (line = mutator_next_line(&maps))) {
		if (strstr(line, "[stack]"))
			start = (char *)(uintptr_t)strtoull(line, NULL, 16);
	}
	close(maps.fd);
	return start;
}

/* As deep as @end, so that the kernel sees the stack's pointer there, in steps far smaller than a page even with a sanitizer. */
static __attribute__((noinline)) int use_stack(const char *end)
{
	volatile char frame[256];

	frame[0] = 1;
	if ((uintptr_t)frame > (uintptr_t)end)
		return use_stack(end) + frame[0];
	return frame[0];
}

static bool do_grow_stack(struct mutator *mutator)
{
	char *start = find_stack();
	size_t pages;

	if (!mutator_read_count(mutator->words[1], &pages))
		return mutator_refuse("grow-stack", "by how many pages?");
	if (!start || mutator->in_thread)
		return mutator_refuse("grow-stack", "no stack was found");
	use_stack(start - pages * mutator_page_size() + mutator_page_size() / 4 * 3);
	return mutator_done("stack", find_stack());
}

const struct mutator_command mutator_map_commands[] = {
	/* clang-format off */
	{ "map", do_map },
	{ "unmap", do_unmap },
	{ "protect", do_protect },
	{ "touch", do_touch },
	{ "peek", do_peek },
	{ "drop", do_drop },
	{ "lock", do_lock },
	{ "remap", do_remap },
	{ "many", do_many },
	{ "grow-heap", do_grow_heap },
	{ "shrink-heap", do_shrink_heap },
	{ "grow-stack", do_grow_stack },
	{ 0 },
	/* clang-format on */
};

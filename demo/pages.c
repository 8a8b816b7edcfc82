#include <sys/mman.h>
#include <unistd.h>

#include "scene.h"

size_t demo_page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

void demo_set_apart(void *address, size_t size)
{
	if (madvise(address, size, MADV_NOHUGEPAGE) != 0)
		madvise(address, size, MADV_DONTDUMP);
}

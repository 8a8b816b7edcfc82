#include "vmview/shm.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

/* Linux 6.3 and later want to be told that nobody will execute it; older ones do not know the flag. */
static int open_memfd(void)
{
	int fd = memfd_create("vmview", MFD_CLOEXEC | MFD_NOEXEC_SEAL);

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("vmview", MFD_CLOEXEC);
	return fd;
}

/* A memfd lies on the same internal mount as segments do (mm/shmem.c): its device is theirs. */
bool vm_shm_device(uint32_t *minor_number)
{
	int fd = open_memfd();
	struct stat info;
	bool told;

	if (fd < 0)
		return false;
	told = fstat(fd, &info) == 0 && major(info.st_dev) == 0;
	close(fd);
	if (told)
		*minor_number = minor(info.st_dev);
	return told;
}

#include "vmview/output.h"

#include <errno.h>

/* Large enough that the system calls do not count, small enough to stay in cache. */
#define FLUSH_AT 32768

int vm_output_flush(struct vm_buf *text, FILE *out, bool all)
{
	size_t len = text->len;

	if (text->failed)
		return -ENOMEM;
	if (!len || (!all && len < FLUSH_AT))
		return 0;
	vm_buf_clear(text);
	errno = EIO;
	return fwrite(text->p, 1, len, out) == len ? 0 : -errno;
}

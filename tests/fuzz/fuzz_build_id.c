/*
 * An ELF file, or what is taken for one, asked for its build-id.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "vmview/build_id.h"

static void check_hex(struct vm_str hex)
{
	promise(hex.len && hex.len % 2 == 0);
	for (size_t i = 0; i < hex.len; i++)
		promise((hex.p[i] >= '0' && hex.p[i] <= '9') ||
			(hex.p[i] >= 'a' && hex.p[i] <= 'f'));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct vm_buf hex = { 0 };
	int fd = memfd_create("fuzz", MFD_CLOEXEC), r;

	promise(fd >= 0);
	promise(write(fd, bytes, size) == (ssize_t)size);
	vm_buf_put_char(&hex, '!');
	r = vm_build_id_read_fd(fd, &hex);
	promise(r == 0 || r == -ENODATA);
	promise(hex.p[0] == '!' && (r == 0 || hex.len == 1));
	if (r == 0)
		check_hex(vm_str_skip(vm_buf_str(&hex), 1));
	vm_buf_deinit(&hex);
	close(fd);
	return 0;
}

/*
 * The GNU build-id of an ELF file: the note by which a linker names one build for good, and by which
 * debuggers find its symbols.
 */
#pragma once

#include <stdint.h>

#include "vmview/buf.h"
#include "vmview/source.h"

/*
 * Append to @hex, in lower case, the build-id of the file that the process of @source maps at exactly
 * @start-@end. Only a live process is asked, through its map_files, which leads to the very file,
 * deleted or not, and never along a path that the process could have prepared. The kernel lets only
 * CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE do that.
 *
 * 0; -ENODATA: the file has none; -EINVAL: it is not a regular file; -ENOENT: no file is mapped there,
 * or the source is not live; -EPERM, -EACCES: not permitted; or another negative errno. @hex is
 * untouched on failure, -ENOMEM excepted.
 *
 * A file on a slow or stuck file system keeps the caller waiting: ask on demand only.
 */
int vm_build_id_read(const struct vm_source *source, uint64_t start, uint64_t end,
		     struct vm_buf *hex);

/* The same of an open regular file. Its offset does not move. 0, -ENODATA, -ENOMEM, or of pread(2). */
int vm_build_id_read_fd(int fd, struct vm_buf *hex);

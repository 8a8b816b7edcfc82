#include "vmview/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "frame.h"

static int open_descriptor(const struct vm_source *source, const char *name)
{
	int fd;

	if (source->type != VM_SOURCE_FILE || name[0])
		return vm_source_open_entry(source, name);
	fd = fcntl(source->fd, F_DUPFD_CLOEXEC, 3);
	return fd < 0 ? -errno : fd;
}

int vm_input_open(const struct vm_source *source, const char *name, struct vm_input *input)
{
	int fd;

	if (source->type == VM_SOURCE_FRAME)
		return vm_open_frame_input(source->frame, source->fd, name, input);
	fd = open_descriptor(source, name);
	if (fd < 0)
		return fd;
	*input = (struct vm_input){ .fd = fd };
	return 0;
}

static ssize_t read_rest(struct vm_input *input, void *room, size_t size)
{
	size_t n = input->rest.len < size ? input->rest.len : size;

	if (n)
		memcpy(room, input->rest.p, n);
	input->rest = vm_str_skip(input->rest, n);
	return (ssize_t)n;
}

ssize_t vm_input_read(struct vm_input *input, void *room, size_t size)
{
	ssize_t n;

	if (input->fd >= 0)
		return vm_read(input->fd, room, size);
	n = input->section ? vm_section_read(input->section, room, size) :
			     read_rest(input, room, size);
	if (n == -EBADMSG)
		input->reason = "what was recorded of it cannot be unpacked";
	return n ? n : input->error;
}

void vm_input_close(struct vm_input *input)
{
	if (input->fd >= 0)
		close(input->fd);
	vm_section_free(input->section);
}

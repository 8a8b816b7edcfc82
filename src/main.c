#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/live.h"
#include "cli/message.h"
#include "cli/options.h"
#include "cli/status.h"
#include "cli/table.h"
#include "cli/text.h"
#include "config.h"

/*
 * Descriptors 0 to 2 may be closed: a file opened later must not become standard output. What takes the
 * place of the outputs cannot be written to, so that the loss is noticed.
 */
static void occupy_standard_descriptors(void)
{
	for (int fd = 0; fd < 3; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)!open("/dev/null", O_RDONLY);
	}
}

/* A reader that has gone away has seen what it wanted. */
static int check_output(const char *program)
{
	if (!ferror(stdout) || errno == EPIPE)
		return VM_EXIT_OK;
	vm_say(program, "cannot write to standard output: %s", strerror(errno));
	return VM_EXIT_FAILURE;
}

static int run(const struct vm_options *options)
{
	switch (options->request) {
	case VM_REQUEST_HELP:
		vm_options_help(options, stdout);
		return check_output(options->program);
	case VM_REQUEST_VERSION:
		printf(options->as_pmap ? "pmap from vmview %s\n" : "vmview %s\n", VMVIEW_VERSION);
		return check_output(options->program);
	case VM_REQUEST_LIST_COLUMNS:
		vm_list_columns(stdout);
		return check_output(options->program);
	case VM_REQUEST_SHOW:
		break;
	}
	return vm_wants_live(options) ? vm_live(options) : vm_text(options, stdout);
}

int main(int argc, char **argv)
{
	struct vm_options options;
	int status;

	occupy_standard_descriptors();
	/* Writers collect their text themselves; so a failure is known where it happens, and once. */
	setvbuf(stdout, NULL, _IONBF, 0);
	setlocale(LC_CTYPE, "");
	status = vm_options_parse(argc, argv, &options);
	if (status == VM_EXIT_OK)
		status = run(&options);
	vm_options_deinit(&options);
	return status;
}

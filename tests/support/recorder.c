/*
 * Records processes on command, a frame each time.
 *
 *   recorder             whether recordings are built in: 0, or 77
 *   recorder FILE
 *
 * says `ready PID`, then obeys lines of standard input until its end, each answered by `ok` or `error WHY`:
 *
 *   smaps PID, maps PID
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmview/program.h"
#include "vmview/recorder.h"
#include "vmview/sample.h"

#define CANNOT 77

struct recording {
	struct vm_recorder recorder;
	struct vm_source source; /* of the process that was recorded last */
	struct vm_program program;
};

/* A program is followed from frame to frame of one process. */
static int turn_to(struct recording *recording, pid_t pid)
{
	if (recording->source.pid == pid)
		return 0;
	vm_program_deinit(&recording->program);
	vm_source_close(&recording->source);
	return vm_source_open_process(pid, &recording->source);
}

static int record(struct recording *recording, enum vm_detail detail, pid_t pid)
{
	struct vm_frame frame;
	int r = turn_to(recording, pid);

	if (r < 0)
		return r;
	return vm_sample_record(&recording->source, detail, &recording->program,
				&recording->recorder, &frame);
}

static void obey(struct recording *recording, const char *line)
{
	char word[16];
	int pid, r;

	if (sscanf(line, "%15s %d", word, &pid) != 2 ||
	    (strcmp(word, "smaps") != 0 && strcmp(word, "maps") != 0)) {
		printf("error not understood: %s", line);
		return;
	}
	r = record(recording, word[0] == 's' ? VM_DETAIL_SMAPS : VM_DETAIL_MAPS, pid);
	if (r < 0)
		printf("error %s\n", strerror(-r));
	else
		puts("ok");
}

int main(int argc, char **argv)
{
	struct recording recording = { .program = VM_PROGRAM_NONE };
	struct vm_recording_fault fault;
	char line[64];
	int r;

	if (argc < 2)
		return vm_recording_supported() ? 0 : CANNOT;
	r = vm_recorder_open(argv[1], &recording.recorder, &fault);
	if (r < 0)
		errx(r == -EOPNOTSUPP ? CANNOT : 1, "%s: %s", argv[1], strerror(-r));
	setlinebuf(stdout);
	printf("ready %d\n", (int)getpid());
	while (fgets(line, sizeof(line), stdin))
		obey(&recording, line);
	vm_program_deinit(&recording.program);
	vm_source_close(&recording.source);
	return vm_recorder_close(&recording.recorder) < 0;
}

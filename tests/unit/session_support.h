/*
 * Recording a process in a test, and looking at what was recorded.
 */
#pragma once

#include "recording_support.h"
#include "vmview/program.h"
#include "vmview/sample.h"

/* A process, the recording of it, and the last frame. */
struct session {
	struct tape tape;
	struct vm_source source;
	struct vm_program program;
	struct vm_recorder recorder;
	struct vm_frame frame;
	struct vm_recording recording;
	struct vm_source replay; /* the last frame, as a source */
};

struct session session_begin(struct vm_source source);
void session_deinit(struct session *session);

/* Returns what vm_sample_record() does. */
int session_record(struct session *session, enum vm_detail detail);

/* Open the last frame of the file. */
const struct vm_source *session_replay(struct session *session);

#include "session_support.h"

struct session session_begin(struct vm_source source)
{
	struct session session = { .tape = tape_make(),
				   .source = source,
				   .program = VM_PROGRAM_NONE };
	struct vm_recording_fault fault;

	assert_int_equal(vm_recorder_open(session.tape.path, &session.recorder, &fault), 0);
	return session;
}

void session_deinit(struct session *session)
{
	vm_source_close(&session->replay);
	vm_recording_close(&session->recording);
	vm_recorder_close(&session->recorder);
	vm_program_deinit(&session->program);
	vm_source_close(&session->source);
	tape_deinit(&session->tape);
}

int session_record(struct session *session, enum vm_detail detail)
{
	return vm_sample_record(&session->source, detail, &session->program, &session->recorder,
				&session->frame);
}

const struct vm_source *session_replay(struct session *session)
{
	struct vm_recording_fault fault;

	vm_source_close(&session->replay);
	vm_recording_close(&session->recording);
	session->recording = tape_open(&session->tape);
	assert_null(session->recording.rest.reason);
	assert_int_equal(session->recording.count, session->recorder.frames);
	assert_int_equal(vm_recording_open_frame(&session->recording, session->recording.count - 1,
						 &session->replay, &fault),
			 0);
	return &session->replay;
}

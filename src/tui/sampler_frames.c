/*
 * The sampler's thread where what is read is a recording: a frame when it is asked for, and of those asked for meanwhile the last.
 */
#include "sampler_state.h"

/* Sleep until a frame is asked for. False: the sampler is to stop. */
static bool wait_for_frame(struct tui_sampler *sampler, struct frame_request *request)
{
	bool stop;

	tui_worker_lock(&sampler->worker);
	while (!sampler->worker.stop && !sampler->wants_frame)
		tui_worker_sleep(&sampler->worker, 0);
	*request = sampler->frame;
	sampler->wants_frame = false;
	stop = sampler->worker.stop;
	tui_worker_unlock(&sampler->worker);
	return !stop;
}

static void read_source(struct tui_sampler *sampler, const struct vm_source *source,
			const struct vm_frame *frame, struct tui_sample *sample)
{
	struct vm_quantity most;

	tui_reader_init(&sampler->reader, source, &sampler->hooks);
	tui_reader_read(&sampler->reader, frame->is_smaps ? VM_DETAIL_SMAPS : VM_DETAIL_MAPS,
			sample);
	tui_reader_deinit(&sampler->reader);
	if (vm_sample_max_mappings(source, &most) == 0)
		sample->max_map_count = most.number;
}

/* A frame that is damaged has nothing but its place and what is wrong. */
static void read_frame(struct tui_sampler *sampler, const struct frame_request *request,
		       struct tui_sample *sample)
{
	struct vm_frame frame = request->frame;
	const struct vm_recording recording = {
		.fd = sampler->source.fd, .frames = &frame, .count = 1, .end = request->end
	};
	struct vm_recording_fault fault = { 0 };
	struct vm_source source = { 0 };
	int r = vm_recording_open_frame(&recording, 0, &source, &fault);

	*sample = (struct tui_sample){ .error = r, .fault = fault };
	if (r < 0)
		sample->process.pid = sample->process.tgid = frame.pid;
	else
		read_source(sampler, &source, &frame, sample);
	vm_source_close(&source);
	sample->is_frame = true;
	sample->frame = request->index;
	sample->program = request->program;
	sample->realtime_ns = frame.time_ns;
}

void tui_sampler_read_frames(struct tui_sampler *sampler)
{
	struct frame_request request;

	while (wait_for_frame(sampler, &request)) {
		struct tui_sample sample;
		bool has_uid;
		uid_t uid;

		read_frame(sampler, &request, &sample);
		has_uid = sample.process.has_uid;
		uid = sample.process.uid;
		if (!tui_sampler_post(sampler, &sample))
			return;
		tui_sampler_name_user(sampler, has_uid, uid);
	}
}

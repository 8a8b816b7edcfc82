#include "sample_support.h"

void sample_deinit(struct sample *sample)
{
	vm_snapshot_deinit(&sample->snapshot);
}

struct sample sample_source(const struct vm_source *source, enum vm_detail detail)
{
	struct sample sample = { 0 };

	sample.result = vm_sample_snapshot(source, detail, &sample.snapshot, &sample.report);
	return sample;
}

struct sample sample_process(pid_t pid, enum vm_detail detail)
{
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };

	assert_int_equal(vm_source_open_process(pid, &source), 0);
	return sample_source(&source, detail);
}

struct sample sample_saved(const char *path, enum vm_detail detail)
{
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };

	assert_int_equal(vm_source_open_saved(path, &source), 0);
	return sample_source(&source, detail);
}

int ignore_mapping(const struct vm_mapping *mapping, void *user)
{
	(void)mapping, (void)user;
	return 0;
}

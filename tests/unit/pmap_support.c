#include "pmap_support.h"

#include <stdio.h>

#include "vmview/colour.h"

const char program[] =
	"00400000-00402000 r-xp 00001000 08:02 7                                  /usr/bin/sleep\n"
	"Size: 8 kB\nKernelPageSize: 4 kB\nRss: 8 kB\nPss: 3 kB\nShared_Dirty: 0 kB\nPrivate_Dirty: 0 kB\nTHPeligible: 0\nVmFlags: rd ex mr mw me\n"
	"00601000-00622000 rw-p 00000000 00:00 0                                  [heap]\n"
	"Size: 132 kB\nKernelPageSize: 4 kB\nRss: 12 kB\nPss: 12 kB\nShared_Dirty: 0 kB\nPrivate_Dirty: 12 kB\nTHPeligible: 1\nVmFlags: rd wr mr mw me ac\n"
	"7f0000000000-7f0000004000 rw-s 00002000 103:1a 12345678                  /var/lib/data base/x.db\n"
	"Size: 16 kB\nKernelPageSize: 4 kB\nRss: 4 kB\nPss: 2 kB\nShared_Dirty: 4 kB\nPrivate_Dirty: 0 kB\nTHPeligible: 0\nVmFlags: rd wr sh mr mw me ms\n"
	"7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0                          [stack]\n"
	"Size: 132 kB\nKernelPageSize: 4 kB\nRss: 16 kB\nPss: 16 kB\nShared_Dirty: 0 kB\nPrivate_Dirty: 16 kB\nTHPeligible: 0\nVmFlags: rd wr mr mw me gd ac\n";

#define START_STACK 0x7ffc00001000

struct vm_pmap_options options_of(enum vm_pmap_format format)
{
	return (struct vm_pmap_options){ .format = format,
					 .high = UINT64_MAX,
					 .palette = vm_palette_of(VM_DEPTH_NONE) };
}

static void write_rows(struct vm_pmap *pmap, const struct vm_snapshot *snapshot,
		       const struct vm_process *process, bool saved)
{
	assert_int_equal(vm_pmap_begin(pmap, process, saved), 0);
	for (size_t i = 0; i < snapshot->count; i++)
		assert_int_equal(vm_pmap_add(pmap, &snapshot->mappings[i]), 0);
	assert_int_equal(vm_pmap_end(pmap), 0);
}

void write_process(struct vm_pmap *pmap, const char *text, uint64_t start_stack, bool saved)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = parse(text);
	const struct vm_process process = { .start_stack = start_stack };

	assert_int_equal(parsed.result, 0);
	if (vm_pmap_needs_all(pmap->options.format))
		assert_int_equal(
			vm_pmap_write_all(pmap, parsed.snapshot.mappings, parsed.snapshot.count),
			0);
	else
		write_rows(pmap, &parsed.snapshot, &process, saved);
}

void check_processes(const struct vm_pmap_options *options, const char *const *texts, size_t count,
		     const char *wanted)
{
	vm_cleanup(text_free) char *text = NULL;
	vm_cleanup(vm_pmap_deinit) struct vm_pmap pmap;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	vm_pmap_init(&pmap, options, out);
	for (size_t i = 0; i < count; i++)
		write_process(&pmap, texts[i], START_STACK, false);
	assert_int_equal(fclose(out), 0);
	assert_same(((struct vm_str){ text, len }), vm_str_from(wanted));
}

void check_output(const struct vm_pmap_options *options, const char *text, const char *wanted)
{
	check_processes(options, &text, 1, wanted);
}

void check_format(enum vm_pmap_format format, const char *text, const char *wanted)
{
	const struct vm_pmap_options options = options_of(format);

	check_output(&options, text, wanted);
}

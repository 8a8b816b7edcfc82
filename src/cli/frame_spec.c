#include "frame_spec.h"

#include <stddef.h>

#include "vmview/scan.h"

static bool parse_number(struct vm_str text, struct vm_frame_spec *spec)
{
	spec->from_end = vm_scan_char(&text, '-');
	return vm_scan_dec(&text, &spec->number) && !text.len && spec->number;
}

static bool parse_time(const char *text, struct vm_frame_spec *spec)
{
	static const struct {
		const char *format;
		bool has_date;
	} formats[] = {
		{ "%Y-%m-%d %H:%M:%S", true },
		{ "%Y-%m-%dT%H:%M:%S", true },
		{ "%Y-%m-%d %H:%M", true },
		{ "%H:%M:%S", false },
		{ "%H:%M", false },
	};

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		const char *end;

		spec->time = (struct tm){ .tm_isdst = -1 };
		end = strptime(text, formats[i].format, &spec->time);
		spec->has_date = formats[i].has_date;
		spec->is_time = true;
		if (end && !*end)
			return true;
	}
	return false;
}

bool vm_frame_spec_parse(const char *text, struct vm_frame_spec *spec)
{
	*spec = (struct vm_frame_spec){ 0 };
	return parse_number(vm_str_from(text), spec) || parse_time(text, spec);
}

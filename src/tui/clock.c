#include "clock.h"

#include <time.h>

void tui_put_time(struct vm_buf *text, int64_t realtime_ns)
{
	time_t seconds = (time_t)(realtime_ns / 1000000000);
	struct tm when;
	char clock[16];

	if (localtime_r(&seconds, &when) && strftime(clock, sizeof(clock), "%H:%M:%S", &when))
		vm_buf_put_text(text, clock);
}

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

void tui_put_time_ms(struct vm_buf *text, int64_t realtime_ns)
{
	int64_t ms = realtime_ns / 1000000 % 1000;

	tui_put_time(text, realtime_ns);
	vm_buf_put_char(text, '.');
	/* A recording may claim to be from before 1970. */
	vm_buf_put_dec(text, (uint64_t)(ms < 0 ? -ms : ms), 3, '0');
}

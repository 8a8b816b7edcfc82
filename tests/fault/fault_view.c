/*
 * fault_view FIXTURES: the live view without a terminal, from the thread that reads to the screens that are drawn, each time with
 * the next of its allocations failing. It may show less and say so; it goes on, and ends as it should.
 */
#include <err.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runner.h"
#include "tui/app.h"
#include "tui/prompt.h"

int __wrap_main(int argc, char **argv);

/*
 * Every screen, a search, a filter that is right, one that is wrong, a name to save to; a `.` draws, which no key does here, for
 * each drawing takes long.
 */
static const char keys[] = "i.i2.3\r.54.?.c\r.\033/r\rn\\kind:heap\r.\\oops:\r.\033\\\025\rsx\rb>I";

static void press_all(struct tui_app *app)
{
	for (const char *p = keys; *p; p++) {
		struct tui_key key = { .code = (unsigned char)*p };

		if (*p == '.')
			tui_app_draw(app, 80, 24);
		else
			tui_app_key(app, &key);
	}
}

static void feed(struct tui_app *app, struct tui_sample *sample)
{
	tui_data_take(&app->data, sample);
	tui_app_renew(app);
	press_all(app);
}

/* What the thread hands over. 2: it never does. */
static int feed_from_thread(struct tui_app *app, const struct vm_source *source)
{
	struct tui_sampler *sampler;
	struct tui_sample sample;
	struct pollfd polled = { .events = POLLIN };
	bool took;

	if (tui_sampler_new(source, TUI_INTERVAL_MAX_NS, false, &sampler) < 0)
		return 0;
	polled.fd = tui_sampler_fd(sampler);
	while (!(took = tui_sampler_take(sampler, &sample)) && poll(&polled, 1, 60000) > 0)
		tui_sampler_merge(sampler, &app->data.now);
	if (took)
		feed(app, &sample);
	tui_sampler_free(sampler);
	return took ? 0 : 2;
}

/* Another reading, so that there are changes. */
static void feed_directly(struct tui_app *app, const struct vm_source *source)
{
	struct tui_sample sample = { .detail = VM_DETAIL_SMAPS };

	sample.error = vm_sample_process(source, &sample.process);
	if (sample.error == 0)
		sample.error = vm_sample_snapshot(source, VM_DETAIL_SMAPS, &sample.snapshot,
						  &sample.report);
	feed(app, &sample);
}

static int play(void)
{
	struct tui_settings settings = tui_settings_default();
	struct vm_source source = { 0 }, other = { 0 };
	struct tui_app app;
	int status = 1;

	tui_app_init(&app, &settings, true);
	if (vm_source_open_saved("arm-3.10", &source) == 0 &&
	    vm_source_open_saved("future", &other) == 0) {
		status = feed_from_thread(&app, &source);
		feed_directly(&app, &other);
	}
	vm_source_close(&source);
	vm_source_close(&other);
	tui_app_deinit(&app);
	return status;
}

int __wrap_main(int argc, char **argv)
{
	struct fault fault = { .class = FAULT_MEMORY, .error = 12 };
	struct bench bench;
	bool struck = true;
	int failed = 0;

	if (argc != 2 || chdir(argv[1]) < 0)
		errx(1, "usage: fault_view FIXTURES");
	bench_init(&bench);
	bench.play = play;
	while (struck) {
		struct outcome outcome;

		fault.at++;
		outcome = bench_run(&bench, "", fault, NULL);
		struck = outcome.struck;
		if (!outcome_exited(&outcome, 0)) {
			failed++;
			printf("# allocation %u: status %#x\n# %.*s\n", fault.at,
			       (unsigned)outcome.status, (int)outcome.err.len, outcome.err.p);
		}
		outcome_deinit(&outcome);
	}
	bench_deinit(&bench);
	printf("1..1\n%s 1 - live view: no memory (%u)\n", failed ? "not ok" : "ok", fault.at - 1);
	return failed > 0;
}

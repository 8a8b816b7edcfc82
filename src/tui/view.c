#include "view.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app.h"
#include "guide.h"
#include "sampler.h"
#include "vmview/capture.h"
#include "vmview/clock.h"

struct view {
	struct tui_session *session;
	const struct vm_source *source;
	struct tui_view_options *options;
	struct tui_sampler *sampler;
	struct tui_app app;
	struct tui_guide guide;
	uint64_t asked_ns, shown_ns; /* when a frame was, by a clock that nobody sets */
	struct vm_mapping asked;     /* whose build-id was asked for: range and inode only */
};

/* A frame that takes longer to be read is told of. */
#define LONG_NS 500000000

/* Most processes are read in less; what takes longer is shown as awaited. */
#define FIRST_MS 20

/* Only the kernel knows which file is mapped, and only the file knows its build-id: ask for that. */
static void ask_build_id(struct view *view)
{
	const struct tui_row *row = tui_list_selected(&view->app);

	view->app.has_build_id = false;
	view->asked = (struct vm_mapping){ 0 };
	if (!row || row->ghost || !row->mapping->inode || view->app.saved)
		return;
	view->asked = (struct vm_mapping){ .start = row->mapping->start,
					   .end = row->mapping->end,
					   .inode = row->mapping->inode };
	tui_sampler_ask_build_id(view->sampler, row->mapping->start, row->mapping->end);
}

/* Another file may be mapped where the explained one was. */
static void explain_what_is_new(struct view *view)
{
	const struct tui_row *row = tui_list_selected(&view->app);

	if (view->app.explains && row && !row->ghost &&
	    (row->mapping->start != view->asked.start || row->mapping->end != view->asked.end ||
	     row->mapping->inode != view->asked.inode))
		ask_build_id(view);
}

/* What the sampler found out beside its readings. */
static void take_answers(struct view *view)
{
	struct tui_app *app = &view->app;

	tui_sampler_take_user(view->sampler, app->user);
	if (tui_sampler_take_build_id(view->sampler, &app->build_id_start, app->build_id))
		app->has_build_id = app->build_id[0];
}

static bool is_recording(const struct view *view)
{
	return view->app.timeline.count;
}

static void ask_frame(struct view *view)
{
	view->asked_ns = vm_now_ns(CLOCK_MONOTONIC);
	tui_sampler_ask_frame(view->sampler, view->options->recording, view->app.timeline.wanted);
}

static void show_frame(struct view *view)
{
	view->app.timeline.shown = view->app.data.frame;
	view->shown_ns = vm_now_ns(CLOCK_MONOTONIC);
}

static bool awaits_frame(const struct view *view)
{
	const struct tui_timeline *timeline = &view->app.timeline;

	return timeline->wanted != timeline->shown;
}

/* Nanoseconds until the next frame is due; 0: it is, UINT64_MAX: none will be by itself. */
static uint64_t due_ns(const struct view *view)
{
	uint64_t stay, stayed;

	if (!view->app.timeline.playing || awaits_frame(view))
		return UINT64_MAX;
	stay = tui_timeline_stay_ns(&view->app.timeline);
	stayed = vm_now_ns(CLOCK_MONOTONIC) - view->shown_ns;
	return stayed < stay ? stay - stayed : 0;
}

static void play(struct view *view)
{
	if (due_ns(view) == 0 && tui_timeline_play_on(&view->app.timeline))
		ask_frame(view);
}

static void say_executed(struct view *view)
{
	const struct vm_buf *comm = &view->app.data.process.comm;

	tui_app_say(&view->app, false, "%s %.*s: the view starts afresh",
		    is_recording(view) ? "another program," : "it executed", (int)comm->len,
		    comm->p);
	view->app.message_passes = true;
}

static void take_sample(struct view *view, struct tui_sample *sample)
{
	struct tui_data *data = &view->app.data;

	if (tui_data_take(data, sample) < 0)
		tui_app_say(&view->app, true, "out of memory: changes may be missing");
	if (data->executed && data->process.comm.len)
		say_executed(view);
	data->executed = false;
	if (data->gone && view->app.message_passes)
		view->app.message[0] = '\0';
	if (is_recording(view))
		show_frame(view);
}

static void take_data(struct view *view)
{
	struct tui_data *data = &view->app.data;
	struct tui_sample sample;

	take_answers(view);
	if (tui_sampler_take(view->sampler, &sample)) {
		take_sample(view, &sample);
	} else if (!data->has_usage && !is_recording(view)) {
		data->filled = tui_sampler_merge(view->sampler, &data->now);
		tui_data_sum(data);
	} else {
		return;
	}
	tui_app_renew(&view->app);
	explain_what_is_new(view);
}

static int open_save(const char *path)
{
	/* Addresses and names of files are nobody else's business; what exists is never written over. */
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	return fd < 0 ? -errno : fd;
}

static int write_snapshot(const struct vm_snapshot *snapshot, FILE *file)
{
	struct vm_buf text = { 0 };
	bool failed = false;

	for (size_t i = 0; i < snapshot->count && !failed; i++) {
		vm_buf_clear(&text);
		vm_capture_put(&text, &snapshot->mappings[i]);
		failed = text.failed || fwrite(text.p, 1, text.len, file) != text.len;
	}
	vm_buf_deinit(&text);
	return failed ? -EIO : 0;
}

static int save_to(const struct vm_snapshot *snapshot, const char *path)
{
	int fd = open_save(path), r;
	FILE *file;

	if (fd < 0)
		return fd;
	file = fdopen(fd, "w");
	if (!file) {
		close(fd);
		return -ENOMEM;
	}
	errno = 0;
	r = write_snapshot(snapshot, file);
	if (fclose(file) == 0 && r == 0)
		return 0;
	r = errno ? -errno : -EIO;
	/* Half a capture would be taken for a whole one. */
	unlink(path);
	return r;
}

/* What a shell would make of ~/; nobody else does. To be freed; NULL: no memory. */
static char *expand_home(const char *path)
{
	const char *home = getenv("HOME");
	char *expanded;

	if (strncmp(path, "~/", 2) != 0 || !home || !home[0])
		return strdup(path);
	return asprintf(&expanded, "%s%s", home, path + 1) < 0 ? NULL : expanded;
}

static void save(struct view *view)
{
	struct tui_app *app = &view->app;
	char *path;
	int r;

	if (!app->data.now.count) {
		tui_app_say(app, true, "there is no mapping to save");
		return;
	}
	path = expand_home(app->save_path);
	r = path ? save_to(&app->data.now, path) : -ENOMEM;
	if (r == -EEXIST)
		tui_app_say(app, true, "%s exists: choose another name", path);
	else if (r < 0)
		tui_app_say(app, true, "%s: %s", path ? path : app->save_path, strerror(-r));
	else
		tui_app_say(app, false, "saved %zu mappings%s to %s", app->data.now.count,
			    app->data.has_usage ? "" : ", without numbers,", path);
	free(path);
}

static void apply_settings(struct view *view)
{
	struct tui_app *app = &view->app;

	if (app->settings.theme != view->session->pen.theme) {
		tui_pen_set_theme(&view->session->pen, app->settings.theme);
		tui_app_say(app, false, "theme: %s", tui_theme_name(app->settings.theme));
	}
	if (app->settings.interval_ns != view->session->settings.interval_ns)
		tui_sampler_set_interval(view->sampler, app->settings.interval_ns);
	tui_sampler_set_paused(view->sampler, app->paused);
	tui_sampler_set_maps_only(view->sampler, app->maps_only);
	view->session->settings = app->settings;
}

/* Returns false when the view is over. */
static bool fulfil(struct view *view, enum tui_request request, enum tui_end *end)
{
	switch (request) {
	case TUI_REQUEST_QUIT:
		*end = TUI_END_QUIT;
		return false;
	case TUI_REQUEST_BACK:
		*end = TUI_END_BACK;
		return false;
	case TUI_REQUEST_SUSPEND:
		tui_session_suspend(view->session);
		break;
	case TUI_REQUEST_REDRAW:
		tui_term_redraw();
		break;
	case TUI_REQUEST_REFRESH:
		tui_sampler_hurry(view->sampler);
		break;
	case TUI_REQUEST_SETTINGS:
		apply_settings(view);
		break;
	case TUI_REQUEST_SAVE:
		save(view);
		break;
	case TUI_REQUEST_BUILD_ID:
		ask_build_id(view);
		break;
	case TUI_REQUEST_FRAME:
		ask_frame(view);
		break;
	case TUI_REQUEST_NONE:
		break;
	}
	return true;
}

static void follow(struct view *view)
{
	const struct tui_view_options *options = view->options;
	uint64_t address;
	pid_t pid;

	/* How much room there is for an explanation is known from the first drawing on. */
	if (!options->follow || !view->app.canvas.height)
		return;
	if (options->follow(options->follow_user, &pid, &address)) {
		if (pid == view->source->pid)
			tui_guide_tell(&view->guide, &view->app, address,
				       vm_now_ns(CLOCK_MONOTONIC));
		else
			tui_guide_tell_elsewhere(&view->guide, &view->app, pid);
		tui_sampler_hurry(view->sampler);
	}
	if (tui_guide_look(&view->guide, &view->app))
		ask_build_id(view);
}

static bool take_keys(struct view *view, enum tui_end *end)
{
	for (;;) {
		struct tui_key key = tui_term_key(&view->session->keys);

		if (key.code == TUI_KEY_NONE)
			return true;
		if (!fulfil(view, tui_app_key(&view->app, &key), end))
			return false;
	}
}

static void remark_end(struct tui_app *app)
{
	struct vm_buf note = { 0 };

	vm_buf_put_text(&note, app->child_end);
	vm_buf_put_text(&note, "; output in ");
	vm_buf_put_text(&note, app->output ? app->output : "");
	vm_buf_put_char(&note, '\0');
	if (!note.failed)
		tui_data_remark(&app->data, (int64_t)vm_now_ns(CLOCK_REALTIME), note.p);
	vm_buf_deinit(&note);
}

/* Whether the started command has ended; it may have before SIGCHLD was listened to. Says how. */
static void reap_child(struct view *view)
{
	struct tui_view_options *options = view->options;
	struct tui_app *app = &view->app;
	int status;

	if (!options->child || options->child_ended ||
	    waitpid(options->child, &status, WNOHANG) != options->child)
		return;
	options->child_ended = true;
	options->child_status = status;
	snprintf(app->child_end, sizeof(app->child_end),
		 WIFEXITED(status) ? "exit status %d" : "ended by signal %d",
		 WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
	remark_end(app);
	tui_sampler_hurry(view->sampler);
}

static void draw(struct view *view)
{
	struct tui_app *app = &view->app;
	bool editing = app->prompt.purpose != TUI_PROMPT_CLOSED;
	int width, height;

	app->now_ns = vm_now_ns(CLOCK_REALTIME);
	app->awaits_frame =
		awaits_frame(view) && vm_now_ns(CLOCK_MONOTONIC) - view->asked_ns > LONG_NS;
	tui_term_measure(&width, &height);
	tui_app_draw(app, width, height);
	tui_draw(&view->session->pen, &app->canvas, editing ? height - (height >= 7) - 1 : -1,
		 app->prompt.cursor_col);
}

/* The clock in the header moves even where nothing else does. */
static int patience_ms(const struct view *view)
{
	uint64_t due = due_ns(view);

	if (due < 1000000000)
		return (int)((due + 999999) / 1000000);
	return view->options->follow ? 200 : 1000;
}

static enum tui_end loop(struct view *view)
{
	enum tui_end end = TUI_END_QUIT;
	unsigned wake = tui_session_wait(view->session, tui_sampler_fd(view->sampler), FIRST_MS);

	for (;;) {
		if (wake & TUI_WAKE_QUIT)
			return TUI_END_QUIT;
		if (wake & TUI_WAKE_DATA)
			take_data(view);
		view->options->go_error = tui_sampler_go_error(view->sampler);
		if (view->options->go_error)
			return TUI_END_QUIT;
		play(view);
		follow(view);
		reap_child(view);
		if (wake & TUI_WAKE_SUSPEND)
			tui_session_suspend(view->session);
		if ((wake & TUI_WAKE_KEY) && !take_keys(view, &end))
			return end;
		draw(view);
		wake = tui_session_wait(view->session, tui_sampler_fd(view->sampler),
					patience_ms(view));
	}
}

static void init_recording(struct view *view, const struct vm_recording *recording)
{
	struct tui_app *app = &view->app;

	app->timeline = tui_timeline_of(recording);
	app->timeline.wanted = app->timeline.shown = view->options->frame;
	if (recording->rest.reason)
		tui_app_say(app, true, "damaged from byte %" PRIu64 " on: %s; %zu frames are whole",
			    recording->rest.offset, recording->rest.reason, recording->count);
	ask_frame(view);
}

static void init_app(struct view *view)
{
	struct tui_session *session = view->session;
	struct tui_app *app = &view->app;
	struct vm_quantity max_mappings;

	tui_app_init(app, &session->settings, session->utf8);
	app->has_picker = view->options->has_picker;
	app->saved = !view->source || view->source->type != VM_SOURCE_LIVE;
	app->is_root = geteuid() == 0;
	app->title = view->options->title ? strdup(view->options->title) : NULL;
	app->begun_ns = app->now_ns = vm_now_ns(CLOCK_REALTIME);
	if (view->source && vm_sample_max_mappings(view->source, &max_mappings) == 0)
		app->data.max_map_count = max_mappings.number;
	if (view->options->output)
		app->output = tui_copy_safe(vm_str_from(view->options->output));
	if (view->options->follow)
		tui_guide_begin(app);
	if (session->note[0])
		tui_app_say(app, true, "%s", session->note);
	session->note[0] = '\0';
	if (view->options->recording)
		init_recording(view, view->options->recording);
}

static int start_sampler(struct view *view)
{
	const struct tui_view_options *options = view->options;
	uint64_t interval = view->session->settings.interval_ns;

	if (options->recording)
		return tui_sampler_new_recording(options->recording, &view->sampler);
	if (options->go)
		return tui_sampler_new_command(view->source, interval, options->go, options->link,
					       &view->sampler);
	return tui_sampler_new(view->source, interval, false, &view->sampler);
}

int tui_view(struct tui_session *session, const struct vm_source *source,
	     struct tui_view_options *options, enum tui_end *end)
{
	struct view view = { .session = session, .source = source, .options = options };
	int r;

	r = start_sampler(&view);
	if (r < 0)
		return r;
	init_app(&view);
	*end = loop(&view);
	session->settings = view.app.settings;
	/* The terminal comes back at once, even while a long reading is still to be given up. */
	if (*end == TUI_END_QUIT)
		tui_term_deinit();
	tui_sampler_free(view.sampler);
	tui_app_deinit(&view.app);
	return 0;
}

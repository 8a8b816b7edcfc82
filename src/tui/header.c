/*
 * The two lines at the top: whose memory this is, how it is being read, and its sums.
 */
#include "app.h"
#include "vmview/event.h"
#include "vmview/safe.h"

static const struct tui_style bold = { TUI_HUE_PLAIN, TUI_BOLD };
static const struct tui_style dim = { TUI_HUE_SPECIAL, 0 };

/* 4s, 1.5s, 0.25s */
static void put_seconds(struct vm_buf *text, uint64_t ns)
{
	uint64_t hundredths = (ns + 5000000) / 10000000;

	if (ns >= 1000000000)
		hundredths = (hundredths + 5) / 10 * 10;
	vm_buf_put_dec(text, hundredths / 100, 0, ' ');
	if (hundredths % 100 && ns < 10000000000) {
		vm_buf_put_char(text, '.');
		vm_buf_put_dec(text, hundredths % 100 / 10, 0, ' ');
		if (hundredths % 10)
			vm_buf_put_dec(text, hundredths % 10, 0, ' ');
	}
	vm_buf_put_char(text, 's');
}

/* As wide for 9.9 ms as for 10 or 100: what stands beside it shall not come and go. */
static void put_cost(struct vm_buf *text, const struct tui_data *data)
{
	uint64_t tenths = (data->cost_ns + 50000) / 100000;

	vm_buf_put_text(text, data->detail == VM_DETAIL_SMAPS ? "smaps " : "maps ");
	vm_buf_put_dec(text, tenths / 10, tenths < 100 ? 0 : 3, ' ');
	if (tenths < 100) {
		vm_buf_put_char(text, '.');
		vm_buf_put_dec(text, tenths % 10, 0, ' ');
	}
	vm_buf_put_text(text, " ms");
}

static void put_progress(struct vm_buf *text, const struct tui_data *data)
{
	vm_buf_put_text(text, "smaps ");
	vm_buf_put_dec(text, data->filled * 100 / (data->now.count ? data->now.count : 1), 0, ' ');
	vm_buf_put_text(text, " %");
}

static void put_clock(struct vm_buf *text, uint64_t seconds)
{
	if (seconds >= 3600) {
		vm_buf_put_dec(text, seconds / 3600, 0, ' ');
		vm_buf_put_char(text, ':');
	}
	vm_buf_put_dec(text, seconds / 60 % 60, seconds >= 3600 ? 2 : 1, '0');
	vm_buf_put_char(text, ':');
	vm_buf_put_dec(text, seconds % 60, 2, '0');
}

static const char *mode_of(const struct tui_app *app)
{
	if (app->timeline.count)
		return app->timeline.playing ? "PLAY" : "FRAME";
	if (app->saved)
		return "SAVED";
	if (app->data.gone)
		return "EXITED";
	return app->paused ? "PAUSED" : "LIVE";
}

/* `FRAME 12/340 13:04:12.120`, the time where there is room; the wanted one too where it takes long to be read. */
static void put_frame(struct vm_buf *text, const struct tui_app *app)
{
	const struct tui_timeline *timeline = &app->timeline;

	vm_buf_put_char(text, ' ');
	vm_buf_put_dec(text, timeline->shown + 1, 0, ' ');
	vm_buf_put_char(text, '/');
	vm_buf_put_dec(text, timeline->count, 0, ' ');
	if (app->canvas.width >= 60) {
		vm_buf_put_char(text, ' ');
		vm_event_put_time(text, timeline->frames[timeline->shown].time_ns);
	}
	if (app->awaits_frame) {
		vm_buf_put_text(text, "  reading ");
		vm_buf_put_dec(text, timeline->wanted + 1, 0, ' ');
	}
}

/* None are on their way. */
static bool is_without_numbers(const struct tui_app *app)
{
	return app->maps_only || app->data.report.lacks_smaps ||
	       (app->timeline.count && app->data.has_now);
}

/* `LIVE 1s  smaps 4.0 ms`; with what it was stretched to where that differs. */
static void put_reading(struct vm_buf *text, const struct tui_app *app)
{
	const struct tui_data *data = &app->data;

	if (app->timeline.count)
		put_frame(text, app);
	if (app->saved || data->gone)
		return;
	vm_buf_put_char(text, ' ');
	put_seconds(text, app->settings.interval_ns);
	if (data->interval_ns > app->settings.interval_ns) {
		vm_buf_put_text(text, " (stretched to ");
		put_seconds(text, data->interval_ns);
		vm_buf_put_char(text, ')');
	}
	vm_buf_put_text(text, "  ");
	if (data->has_now && !data->has_usage && !is_without_numbers(app) && !data->error)
		put_progress(text, data);
	else if (data->has_now)
		put_cost(text, data);
	vm_buf_put_text(text, "  up ");
	/* The clock may have been set back since. */
	put_clock(text,
		  app->now_ns > app->begun_ns ? (app->now_ns - app->begun_ns) / 1000000000 : 0);
}

static struct tui_style mode_style(const struct tui_app *app)
{
	bool still = app->paused || app->data.gone;

	return (struct tui_style){ TUI_HUE_BAR, still ? TUI_BOLD | TUI_REVERSE : TUI_BOLD };
}

/* At the right end. Returns what is left of the width. */
static int draw_mode(struct tui_app *app, struct tui_area area)
{
	struct vm_buf text = { 0 };
	const char *mode = mode_of(app);
	int width, col;

	put_reading(&text, app);
	vm_buf_put_char(&text, ' ');
	width = (int)text.len + (int)strlen(mode) + 2;
	/* The process's name is worth more than what reading costs. */
	if (width > area.width - 24 && text.len > 1) {
		vm_buf_clear(&text);
		width = (int)strlen(mode) + 2;
	}
	col = area.col + area.width - width;
	col += tui_put_text(&app->canvas, area.row, col, width, mode_style(app), mode);
	tui_put(&app->canvas, area.row, col, area.col + area.width - col,
		(struct tui_style){ TUI_HUE_BAR, 0 }, vm_buf_str(&text));
	vm_buf_deinit(&text);
	return area.width - width;
}

static void put_name(struct vm_buf *text, const struct tui_app *app)
{
	const struct vm_process *process = &app->data.process;
	pid_t pid = vm_process_number(process);

	vm_buf_put_text(text, app->canvas.width >= 40 ? " vmview  " : " ");
	if (pid) {
		vm_buf_put_dec(text, (uint64_t)pid, 0, ' ');
		vm_buf_put_char(text, ' ');
	}
	if (process->comm.len)
		vm_safe_put(text, vm_buf_str(&process->comm));
	else if (app->title)
		vm_safe_put(text, vm_str_from(app->title));
}

static void put_user(struct vm_buf *text, const struct tui_app *app)
{
	if (!app->user[0] || !app->data.process.has_uid)
		return;
	vm_buf_put_text(text, "  user ");
	vm_buf_put_text(text, app->user);
}

/* As top(1) and ps(1) abbreviate them. */
static const struct {
	char letter;
	const char *word;
} states[] = {
	{ 'R', "running" }, { 'S', "sleeping" }, { 'D', "uninterruptible" },
	{ 'T', "stopped" }, { 't', "traced" },   { 'Z', "zombie" },
	{ 'I', "idle" },    { 'X', "dead" },
};

static void put_state(struct vm_buf *text, const struct tui_app *app)
{
	char state = app->data.process.state;

	if (!state)
		return;
	vm_buf_put_text(text, "  ");
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		if (app->canvas.width >= 100 && states[i].letter == state) {
			vm_buf_put_text(text, states[i].word);
			return;
		}
	}
	vm_safe_put(text, (struct vm_str){ &state, 1 });
}

static void put_threads(struct vm_buf *text, const struct tui_app *app)
{
	uint32_t threads = app->data.process.threads;

	if (!threads)
		return;
	vm_buf_put_text(text, "  ");
	vm_buf_put_dec(text, threads, 0, ' ');
	vm_buf_put_text(text, threads == 1 ? " thread" : " threads");
}

/* What does not fit is left out whole, but for the name. */
static void draw_identity(struct tui_app *app, struct tui_area area)
{
	static void (*const parts[])(struct vm_buf *,
				     const struct tui_app *) = { put_name, put_user, put_state,
								 put_threads };
	struct tui_style style = { TUI_HUE_BAR, TUI_BOLD };
	int room, col = 0;

	tui_fill(&app->canvas, area.row, area.col, area.width, (struct tui_style){ TUI_HUE_BAR, 0 },
		 ' ', ' ');
	room = draw_mode(app, area) - 1;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct vm_buf text = { 0 };
		struct vm_str part;

		parts[i](&text, app);
		part = vm_buf_str(&text);
		if (i == 0 || col + tui_width(&app->canvas, part) <= room)
			col += tui_put(&app->canvas, area.row, area.col + col, room - col, style,
				       part);
		vm_buf_deinit(&text);
	}
}

/* A sum of the second line. */
struct sum {
	const char *label;
	bool known, reported;
	uint64_t bytes;
	bool optional; /* left out where it is 0 and room is short */
};

static struct sum field_sum(const struct tui_app *app, const char *label, enum vm_field a,
			    enum vm_field b, bool optional)
{
	const struct vm_totals *total = &app->data.total;
	bool reported = (total->present >> a & 1) && (total->present >> b & 1);
	uint64_t bytes = total->sums[a] + (a == b ? 0 : total->sums[b]);

	return (struct sum){ label, app->data.has_usage, reported, bytes, optional };
}

/* What status tells stands in where smaps cannot be read. */
static void fall_back(const struct tui_app *app, struct sum *sum, uint64_t bytes)
{
	const struct vm_process *process = &app->data.process;

	if ((!sum->known || !sum->reported) && process->has_memory) {
		sum->known = sum->reported = true;
		sum->bytes = bytes;
	}
}

#define SUM_COUNT 7
#define SUM_OPTIONAL 5 /* from here on */

static void make_sums(const struct tui_app *app, struct sum sums[SUM_COUNT])
{
	const struct vm_process *process = &app->data.process;

	sums[0] = (struct sum){ "VIRT", app->data.has_now && !app->data.error, true,
				app->data.total.size, false };
	sums[1] = field_sum(app, "RSS", VM_FIELD_RSS, VM_FIELD_RSS, false);
	sums[2] = field_sum(app, "PSS", VM_FIELD_PSS, VM_FIELD_PSS, false);
	sums[3] = field_sum(app, "USS", VM_FIELD_PRIVATE_CLEAN, VM_FIELD_PRIVATE_DIRTY, false);
	sums[4] = field_sum(app, "SWAP", VM_FIELD_SWAP, VM_FIELD_SWAP, false);
	sums[5] =
		field_sum(app, "HUGETLB", VM_FIELD_SHARED_HUGETLB, VM_FIELD_PRIVATE_HUGETLB, true);
	sums[6] = field_sum(app, "LOCKED", VM_FIELD_LOCKED, VM_FIELD_LOCKED, true);
	fall_back(app, &sums[0], process->vm_size);
	fall_back(app, &sums[1], process->vm_rss);
	fall_back(app, &sums[4], process->vm_swap);
	fall_back(app, &sums[6], process->vm_locked);
}

static void put_sum(struct vm_buf *text, const struct tui_app *app, const struct sum *sum)
{
	if (sum->known && sum->reported)
		vm_size_put(text, sum->bytes, app->settings.units);
	else if (app->data.error)
		vm_buf_put_text(text, "n/a");
	else if (sum->known)
		vm_buf_put_char(text, '-');
	else
		vm_buf_put_text(text, is_without_numbers(app) ? "not read" : "...");
}

static int draw_pair(struct tui_app *app, int row, int col, int limit, const char *label,
		     struct vm_str value)
{
	int width = (int)strlen(label) + 1 + (int)value.len;

	if (width > limit)
		return 0;
	tui_put_text(&app->canvas, row, col, limit, dim, label);
	tui_put(&app->canvas, row, col + (int)strlen(label) + 1, limit, bold, value);
	return width + 2;
}

static void put_map_count(struct vm_buf *text, const struct tui_app *app)
{
	if (app->data.error && !app->data.now.count) {
		vm_buf_put_text(text, "n/a");
		return;
	}
	if (!app->data.has_now) {
		vm_buf_put_text(text, "...");
		return;
	}
	vm_buf_put_dec(text, app->data.now.count, 0, ' ');
	if (app->data.max_map_count) {
		vm_buf_put_char(text, '/');
		vm_buf_put_dec(text, app->data.max_map_count, 0, ' ');
	}
}

static int draw_sum(struct tui_app *app, struct tui_area area, int col, const struct sum *sum)
{
	struct vm_buf text = { 0 };
	int width = 0;

	put_sum(&text, app, sum);
	if (!sum->optional || sum->bytes || area.width >= 110)
		width = draw_pair(app, area.row, col, area.col + area.width - col, sum->label,
				  vm_buf_str(&text));
	vm_buf_deinit(&text);
	return width;
}

/* The number of mappings comes before what is optional. */
static void draw_sums(struct tui_app *app, struct tui_area area)
{
	struct sum sums[SUM_COUNT];
	struct vm_buf text = { 0 };
	int col = area.col + 1;

	make_sums(app, sums);
	put_map_count(&text, app);
	for (size_t i = 0; i < SUM_COUNT; i++) {
		if (i == SUM_OPTIONAL)
			col += draw_pair(app, area.row, col, area.col + area.width - col, "MAPS",
					 vm_buf_str(&text));
		col += draw_sum(app, area, col, &sums[i]);
	}
	vm_buf_deinit(&text);
}

void tui_draw_header(struct tui_app *app, struct tui_area area)
{
	draw_identity(app, area);
	area.row++;
	if (area.height > 1)
		draw_sums(app, area);
}

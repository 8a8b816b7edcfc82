#include "tui_support.h"

#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int tui_setup(void **state)
{
	(void)state;
	setenv("TZ", "UTC0", 1);
	tzset();
	return setlocale(LC_ALL, "C.UTF-8") ? 0 : -1;
}

struct tui_sample sample_of(const char *text)
{
	struct parsed parsed = parse(text);
	struct tui_sample sample = {
		.snapshot = parsed.snapshot,
		.detail = strstr(text, "Rss:") ? VM_DETAIL_SMAPS : VM_DETAIL_MAPS,
		.realtime_ns = 1000000000,
		.cost_ns = 4000000,
		.interval_ns = 1000000000,
	};

	assert_int_equal(parsed.result, 0);
	assert_int_equal(vm_snapshot_classify(&sample.snapshot, NULL, 0), 0);
	sample.process = (struct vm_process){
		.pid = 7,
		.tgid = 7,
		.state = 'S',
		.threads = 1,
		.has_stat = true,
		.start_stack = 0x7ffd00000000,
	};
	vm_buf_put_text(&sample.process.comm, "test");
	return sample;
}

void feed(struct tui_data *data, const char *text)
{
	struct tui_sample sample = sample_of(text);

	assert_int_equal(tui_data_take(data, &sample), 0);
}

struct tui_app app_new(void)
{
	struct tui_settings settings = tui_settings_default();
	struct tui_app app;

	tui_app_init(&app, &settings, true);
	return app;
}

void app_feed(struct tui_app *app, const char *text)
{
	feed(&app->data, text);
	tui_app_renew(app);
}

struct tui_app app_with(const char *text)
{
	struct tui_app app = app_new();

	app_feed(&app, text);
	return app;
}

/* Wide, right-to-left, broken, escaping, long, and plain ones. */
static const struct {
	const char *perms, *device, *name;
} sorts[] = {
	{ "r-xp", "08:01 1", "/usr/bin/program" },
	{ "rw-p", "00:00 0", "[heap]" },
	{ "rw-s", "00:01 3", "/memfd:shared (deleted)" },
	{ "r--p", "08:01 4", "/lib/\xe4\xb8\xad\xe6\x96\x87/\xe6\x96\x87\xe4\xbb\xb6.so" },
	{ "rwxp", "00:00 0", "" },
	{ "---p", "00:00 0", "" },
	{ "r--s", "08:01 5", "/var/\x1b[31mred\xff\xfe" },
	{ "rw-s", "00:05 6", "/dev/zero (deleted)" },
	{ "r--p", "08:01 7", "/tmp/\xd7\xa9\xd7\x9c\xe2\x80\xae\xcc\x81x (deleted)" },
	{ "rw-p", "00:00 0",
	  "[anon:a name that is much longer than any column of any list has room]" },
	{ "r-xp", "00:00 0", "[vdso]" },
};

struct vm_buf make_smaps(size_t count)
{
	struct vm_buf text = { 0 };

	for (size_t i = 0; i < count; i++) {
		/* Neighbours, small gaps and huge ones. */
		uint64_t start = 0x400000 + i * 0x10000 + i / 7 * UINT64_C(0x1000000000);
		uint64_t size = i % 3 ? 0x3000 : 0x10000, rss = i % 5 ? size / 2048 : 0;

		vm_buf_put_hex(&text, start, 8, '0');
		vm_buf_put_char(&text, '-');
		vm_buf_put_hex(&text, start + size, 8, '0');
		vm_buf_put_char(&text, ' ');
		vm_buf_put_text(&text, sorts[i % COUNT(sorts)].perms);
		vm_buf_put_text(&text, " 00000000 ");
		vm_buf_put_text(&text, sorts[i % COUNT(sorts)].device);
		vm_buf_put_char(&text, ' ');
		vm_buf_put_text(&text, sorts[i % COUNT(sorts)].name);
		vm_buf_put_text(&text, "\nRss: ");
		vm_buf_put_dec(&text, rss, 0, ' ');
		vm_buf_put_text(&text, " kB\nPss: ");
		vm_buf_put_dec(&text, rss / 2, 0, ' ');
		vm_buf_put_text(&text, " kB\n");
	}
	vm_buf_put_char(&text, '\0');
	assert_false(text.failed);
	return text;
}

enum tui_request press_key(struct tui_app *app, uint32_t code)
{
	struct tui_key key = { .code = code };

	return tui_app_key(app, &key);
}

enum tui_request press(struct tui_app *app, const char *text)
{
	enum tui_request request = TUI_REQUEST_NONE;

	for (; *text; text++)
		request = press_key(app, (unsigned char)*text);
	return request;
}

void draw(struct tui_app *app)
{
	tui_app_draw(app, 80, 24);
}

const struct tui_cell *cell_of(const struct tui_canvas *canvas, int row, int col)
{
	assert_true(row >= 0 && row < canvas->height && col >= 0 && col < canvas->width);
	return &canvas->cells[(size_t)row * (size_t)canvas->width + (size_t)col];
}

static bool is_text_at(const struct tui_canvas *canvas, const char *text, int row, int col)
{
	for (; *text; text++, col++) {
		if (col >= canvas->width || cell_of(canvas, row, col)->code != (unsigned char)*text)
			return false;
	}
	return true;
}

bool find_text(const struct tui_canvas *canvas, const char *text, int *row, int *col)
{
	for (*row = 0; *row < canvas->height; ++*row) {
		for (*col = 0; *col < canvas->width; ++*col) {
			if (is_text_at(canvas, text, *row, *col))
				return true;
		}
	}
	return false;
}

bool has_text(const struct tui_canvas *canvas, const char *text)
{
	int row, col;

	return find_text(canvas, text, &row, &col);
}

enum tui_request click_at(struct tui_app *app, int row, int col)
{
	struct tui_key key = { TUI_KEY_CLICK, row, col };

	return tui_app_key(app, &key);
}

enum tui_request click_on(struct tui_app *app, const char *text)
{
	int row, col;

	draw(app);
	assert_row(find_text(&app->canvas, text, &row, &col), text);
	return click_at(app, row, col);
}

enum tui_request click_in(struct tui_app *app, int row, const char *text)
{
	int col = 0;

	draw(app);
	while (col < app->canvas.width && !is_text_at(&app->canvas, text, row, col))
		col++;
	assert_row(col < app->canvas.width, text);
	return click_at(app, row, col);
}

static void put_code(struct vm_buf *text, uint32_t code)
{
	if (code < 0x80) {
		vm_buf_put_char(text, (char)code);
		return;
	}
	if (code < 0x800) {
		vm_buf_put_char(text, (char)(0xc0 | code >> 6));
	} else {
		/* Nothing drawn here lies beyond the first 65536. */
		vm_buf_put_char(text, (char)(0xe0 | code >> 12));
		vm_buf_put_char(text, (char)(0x80 | (code >> 6 & 0x3f)));
	}
	vm_buf_put_char(text, (char)(0x80 | (code & 0x3f)));
}

struct vm_buf line_of(const struct tui_canvas *canvas, int row)
{
	struct vm_buf text = { 0 };

	for (int col = 0; col < canvas->width; col++) {
		uint32_t code = cell_of(canvas, row, col)->code;

		if (code)
			put_code(&text, code);
	}
	while (text.len && text.p[text.len - 1] == ' ')
		text.len--;
	return text;
}

void check_line(const struct tui_canvas *canvas, int row, const char *wanted, const char *file,
		int line)
{
	struct vm_buf text = line_of(canvas, row);

	check_slice(vm_buf_str(&text), vm_str_from(wanted), file, line);
	vm_buf_deinit(&text);
}

void check_selected(const struct tui_app *app, const char *name, const char *file, int line)
{
	const struct tui_row *row = tui_list_selected(app);

	check_row(row != NULL, "a row is selected", name, file, line);
	check_slice(row->mapping->name, vm_str_from(name), file, line);
}

/* Neighbours with other permissions, so that the kernel cannot merge them. */
static void map_many(size_t count)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, count * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		       0);

	if (p == MAP_FAILED)
		_exit(1);
	memset(p, 1, count * page);
	for (size_t i = 0; i < count; i += 2)
		mprotect(p + i * page, page, PROT_READ);
}

static void *idle(void *unused)
{
	pause();
	return unused;
}

static void be_child(const struct watched *watched, int ready, int go, size_t mappings)
{
	pthread_t thread;
	char byte = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	map_many(mappings);
	if (watched->threaded && pthread_create(&thread, NULL, idle, NULL) != 0)
		_exit(1);
	if (write(ready, &byte, 1) != 1)
		_exit(1);
	while (read(go, &byte, 1) > 0)
		;
	if (watched->executes)
		execl("/bin/sleep", "sleep", "3600", NULL);
	_exit(0);
}

void start_child(struct watched *watched, size_t mappings)
{
	int ready[2], go[2];
	char byte;

	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	assert_int_equal(pipe2(go, O_CLOEXEC), 0);
	watched->pid = fork();
	assert_true(watched->pid >= 0);
	if (watched->pid == 0) {
		close(go[1]);
		be_child(watched, ready[1], go[0], mappings);
	}
	close(ready[1]);
	close(go[0]);
	watched->go = go[1];
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
}

void watch(struct watched *watched, size_t mappings, uint64_t interval)
{
	start_child(watched, mappings);
	assert_int_equal(vm_source_open_process(watched->pid, &watched->source), 0);
	assert_int_equal(
		tui_sampler_new(&watched->source, interval, watched->maps_only, &watched->sampler),
		0);
}

void stop_child(struct watched *watched)
{
	if (!watched->pid)
		return;
	kill(watched->pid, SIGKILL);
	assert_int_equal(waitpid(watched->pid, NULL, 0), watched->pid);
	watched->pid = 0;
}

void watched_deinit(struct watched *watched)
{
	watched->sampler = tui_sampler_free(watched->sampler);
	vm_source_close(&watched->source);
	if (watched->go >= 0)
		close(watched->go);
	stop_child(watched);
}

bool tells_within(const struct tui_sampler *sampler, int ms)
{
	struct pollfd fd = { .fd = tui_sampler_fd(sampler), .events = POLLIN };

	return poll(&fd, 1, ms) > 0;
}

struct tui_sample next_sample(struct tui_sampler *sampler)
{
	struct tui_sample sample;

	while (!tui_sampler_take(sampler, &sample))
		assert_true(tells_within(sampler, SOON_MS));
	return sample;
}

void merge_some(struct tui_sampler *sampler, struct vm_snapshot *snapshot)
{
	while (tui_sampler_merge(sampler, snapshot) == 0) {
		struct tui_sample complete;

		if (tui_sampler_take(sampler, &complete)) {
			tui_sample_deinit(&complete);
			tui_sampler_hurry(sampler);
		}
	}
}

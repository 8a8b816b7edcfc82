/*
 * What the tests of the live view share: samples made from text, keys and clicks, and reading what was drawn.
 */
#pragma once

#include <sys/types.h>

#include "helper.h"
#include "tui/app.h"
#include "tui/sampler.h"
#include "tui/term.h"
#include "vmview/source.h"

/* A line of maps, anonymous memory or a file with an inode; and lines that smaps puts below it. */
#define ANON(range, perms, name) range " " perms " 00000000 00:00 0 " name "\n"
#define FILE_AT(range, perms, inode, name) range " " perms " 00000000 08:01 " inode " " name "\n"
#define KB(field, kb) field ": " #kb " kB\n"

/* The locale in which wide characters are known, and times in UTC. For cmocka's group setup. */
int tui_setup(void **state);

/* A reading of @text, with numbers where the text has some; of the running process 7 called "test". */
struct tui_sample sample_of(const char *text);

/* Take a reading of @text in, as the sampler would hand it over. */
void feed(struct tui_data *data, const char *text);

/* A view with the settings' defaults and nothing read; drawn with UTF-8 unless told otherwise. */
struct tui_app app_new(void);

/* The same that has read @text once. */
struct tui_app app_with(const char *text);

/* Another reading has come. */
void app_feed(struct tui_app *app, const char *text);

/* @count mappings of all sorts with numbers, names of foreign bytes among them. */
struct vm_buf make_smaps(size_t count);

/* A key that is no character, or each character of @text. What the last one asked for is returned. */
enum tui_request press_key(struct tui_app *app, uint32_t code);
enum tui_request press(struct tui_app *app, const char *text);

/* 80 columns, 24 rows. */
void draw(struct tui_app *app);

/* The first place where the ASCII @text was drawn. */
bool find_text(const struct tui_canvas *canvas, const char *text, int *row, int *col);
bool has_text(const struct tui_canvas *canvas, const char *text);

/* Draw, then click on the first @text, which must be there; of the row @row, or of all. */
enum tui_request click_on(struct tui_app *app, const char *text);
enum tui_request click_in(struct tui_app *app, int row, const char *text);
enum tui_request click_at(struct tui_app *app, int row, int col);

/* A row as UTF-8 without the blanks at its end. */
struct vm_buf line_of(const struct tui_canvas *canvas, int row);
#define assert_line(canvas, row, wanted) check_line((canvas), (row), (wanted), __FILE__, __LINE__)
void check_line(const struct tui_canvas *canvas, int row, const char *wanted, const char *file,
		int line);

const struct tui_cell *cell_of(const struct tui_canvas *canvas, int row, int col);

/* The name of the selected mapping is @name. */
#define assert_selected(app, name) check_selected((app), (name), __FILE__, __LINE__)
void check_selected(const struct tui_app *app, const char *name, const char *file, int line);

/* So long that no second reading comes by itself, and the shortest. */
#define HOUR TUI_INTERVAL_MAX_NS
#define SHORT TUI_INTERVAL_MIN_NS

/* What is to come comes long before; what is not to come would come several times over. */
#define SOON_MS 60000
#define NEVER_MS (6 * (int)(SHORT / 1000000))

/* Mappings whose numbers take a while to read. */
#define MANY 20000

/* A process that does nothing, and its sampler. */
struct watched {
	bool executes;  /* another program, when it is let go; else it ends */
	bool threaded;  /* it has another thread */
	bool maps_only; /* from the first */
	pid_t pid;
	int go; /* closing this lets it go */
	struct vm_source source;
	struct tui_sampler *sampler;
};

/* Start the process, and the sampler too, which borrows the source: @watched stays where it is. */
void start_child(struct watched *watched, size_t mappings);
void watch(struct watched *watched, size_t mappings, uint64_t interval);

/* Kill the process and wait for it. */
void stop_child(struct watched *watched);
void watched_deinit(struct watched *watched);

/* Whether the sampler has something to tell, now or soon. */
bool tells_within(const struct tui_sampler *sampler, int ms);

/* The next complete reading, which must come. */
struct tui_sample next_sample(struct tui_sampler *sampler);

/* Merge numbers of a reading that is under way; of the next one where it was too quick. */
void merge_some(struct tui_sampler *sampler, struct vm_snapshot *snapshot);

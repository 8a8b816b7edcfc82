/*
 * The live view's state, and the two things that can be done with it: an action makes a new state, and a state is
 * drawn on a canvas. Neither touches a terminal.
 */
#pragma once

#include "canvas.h"
#include "column.h"
#include "data.h"
#include "keys.h"
#include "prompt.h"
#include "screen.h"
#include "scroll.h"
#include "settings.h"
#include "timeline.h"

/* Below so many lines of the list's there is no room for the explanation. */
#define TUI_EXPLAIN_ROOM 8

/* The list of mappings. */
struct tui_list {
	struct tui_row *rows;
	size_t count, cap;
	struct tui_scroll scroll;
	uint64_t selected_start; /* of the selected mapping; it is followed through refreshes */
	uint64_t selected_end;
	bool has_selection;   /* the user chose it; else the first row is selected */
	int longest_name;     /* of all rows, in bytes */
	uint64_t shown_count; /* mappings that match, ghosts excepted, and their sums: */
	struct vm_totals shown;
};

struct tui_files {
	struct vm_groups groups;
	enum vm_group_key key;
	struct tui_scroll scroll;
	struct tui_file_row *rows;
	size_t count, cap;
	char **open; /* names of groups that are open; owned */
	size_t open_count, open_cap;
	struct vm_buf selected_group; /* name of the selected group, which is followed */
	uint64_t selected_start;      /* of the selected mapping in it; 0: the group itself */
	bool has_selection;           /* the user chose it; else the first row is selected */
	bool stale;                   /* there was new data since the rows were made */
};

/* What the interface wants done that it cannot do itself. */
enum tui_request {
	TUI_REQUEST_NONE,
	TUI_REQUEST_QUIT,
	TUI_REQUEST_BACK, /* to the processes */
	TUI_REQUEST_SUSPEND,
	TUI_REQUEST_REDRAW,
	TUI_REQUEST_REFRESH,  /* read now */
	TUI_REQUEST_SETTINGS, /* interval, theme, pause, maps only: tell who has to know */
	TUI_REQUEST_SAVE,     /* to the file app->save_path */
	TUI_REQUEST_BUILD_ID, /* of the selected mapping */
	TUI_REQUEST_FRAME     /* read timeline.wanted */
};

struct tui_app {
	struct tui_settings settings;
	bool paused, maps_only, has_picker;
	bool saved;               /* a capture: nothing will change */
	bool is_root;             /* the user of the view, whom sudo would not help */
	char *title;              /* of a capture: its path; owned */
	char user[TUI_USER_SIZE]; /* who owns the process, made safe */
	uint64_t begun_ns;        /* realtime when the view was opened */
	uint64_t now_ns;          /* realtime of this drawing */
	char *output;       /* where a started command's output goes; made safe, owned, or NULL */
	char child_end[48]; /* how it ended, or empty */

	struct tui_canvas canvas;
	struct tui_data data;
	struct tui_timeline timeline;
	bool awaits_frame; /* the wanted one has been read for a while */

	enum tui_screen_id screen, back_to;
	struct tui_list list;
	struct tui_files files;
	struct tui_scroll totals, log, help, columns;
	enum vm_kind totals_kind; /* selected, and followed; VM_KIND_COUNT: none was chosen */
	bool log_follows;         /* the log shows its end */
	uint64_t log_gone;        /* entries that had made room when it was last shown */
	bool explains;
	int explain_top;

	struct tui_prompt prompt;
	struct vm_buf search; /* last searched text */
	struct vm_filter filter;
	struct vm_buf filter_text;

	char message[512]; /* for the status line until the next key; made safe */
	bool message_is_error;
	bool message_passes; /* no key asked for it: what happens next takes its place, too */
	char *save_path;     /* owned; with TUI_REQUEST_SAVE */
	char build_id[TUI_BUILD_ID_SIZE]; /* of the mapping at @build_id_start, hexadecimal */
	uint64_t build_id_start;
	bool has_build_id;
};

void tui_app_init(struct tui_app *app, const struct tui_settings *settings, bool utf8);
void tui_app_deinit(struct tui_app *app);

/* Do what @key means. */
enum tui_request tui_app_key(struct tui_app *app, const struct tui_key *key);

/* Do @action. */
enum tui_request tui_app_step(struct tui_app *app, enum tui_action action, uint64_t value);

/* The data changed. */
void tui_app_renew(struct tui_app *app);

/* Draw everything on app->canvas, which is made this large first. */
void tui_app_draw(struct tui_app *app, int width, int height);

/* Say something in the status line; printf-like, made safe. */
__attribute__((format(printf, 3, 4))) void tui_app_say(struct tui_app *app, bool error,
						       const char *format, ...);

/* The selected mapping, or NULL. */
const struct tui_row *tui_list_selected(const struct tui_app *app);

/* Below the titles of an empty list: why it is that. */
void tui_draw_absence(struct tui_app *app, struct tui_area area);

/* Make the list's rows anew. */
void tui_list_renew(struct tui_app *app);

/* Which of the chosen columns a list of this width has room for, and how wide they are. */
uint32_t tui_list_columns(const struct tui_app *app, int width, int widths[TUI_COLUMN_COUNT]);

/* Select the mapping that holds @address, if it is shown. */
bool tui_list_select_address(struct tui_app *app, uint64_t address);

/* Move to the next row whose name holds the searched text; @step is 1 or -1. */
void tui_list_search(struct tui_app *app, int step);

/* Set the filter from text; false: it is wrong, which has been said, and the old one stays. */
bool tui_app_set_filter(struct tui_app *app, struct vm_str text);

/* Parts of the main screen. Each draws itself into the rows it is given. */
void tui_draw_header(struct tui_app *app, struct tui_area area);
void tui_draw_type_bar(struct tui_app *app, struct tui_area area);
void tui_draw_timeline(struct tui_app *app, struct tui_area area);
void tui_draw_address_map(struct tui_app *app, struct tui_area area);
void tui_draw_explain(struct tui_app *app, struct tui_area area);

/*
 * Do @action where it is about frames, or about reading, which is another thing in a recording. False: it is not.
 */
bool tui_timeline_step(struct tui_app *app, enum tui_action action, uint64_t value,
		       enum tui_request *request);

/* A cell of a sparkline: how high @above is in 0 to @range. */
void tui_draw_level(struct tui_canvas *canvas, int row, int col, uint64_t above, uint64_t range);

/* The lines at the bottom, of which @row is the last: the status, or what is being said and edited. */
void tui_draw_status(struct tui_app *app, int row);
int tui_status_height(const struct tui_app *app, int width, int height);

/* How a mapping looks: hue from its backing, reverse for shared. */
struct tui_style tui_style_of(const struct vm_mapping *mapping);
struct tui_style tui_style_of_backing(uint8_t backing);

/* @text as a C string, to be freed; NULL when memory ran out. */
char *tui_copy_text(struct vm_str text);

/*
 * Help: keys, legend, glossary.
 */
#include "app.h"
#include "vmview/kind.h"

static const struct {
	const char *word, *meaning;
} glossary[] = {
	{ "mapping", "addresses with one backing and one set of permissions (a VMA)" },
	{ "file-backed", "its pages come from a file; those of a shared one go back to it" },
	{ "anonymous", "its pages start as zeros and, if need be, go to swap" },
	{ "shared", "MAP_SHARED: writes are seen by everybody who maps it" },
	{ "private", "MAP_PRIVATE: a page that is written to is copied first" },
	{ "copy-on-write", "pages are shared until somebody writes, who then gets a copy" },
	{ "VIRT, SIZE", "address space; costs nothing until it is touched" },
	{ "RSS", "in memory now (resident); what is shared counts in each process" },
	{ "PSS", "the same, each page divided by how many map it: sums add up" },
	{ "USS", "in memory and mapped by nobody else: free if it ended" },
	{ "SHARD", "in memory and mapped more than once now, whatever the flag says" },
	{ "DIRTY", "modified since it came from its file; all anonymous memory is" },
	{ "PCLEAN, PDIRTY", "in Totals: private to this process now, unmodified or modified" },
	{ "SCLEAN, SDIRTY", "in Totals: mapped more than once now, unmodified or modified" },
	{ "R S D T Z", "state: running, sleeping, waiting (disk), stopped, zombie" },
	{ "SWAP", "swapped out: not in memory, not lost" },
	{ "HUGETLB", "reserved huge pages; the kernel does not count them in RSS" },
	{ "n/a", "not readable;  - not reported by this kernel;  0 is a zero" },
};

static const struct {
	char mark;
	const char *meaning;
} marks[] = {
	{ '+', "new (mmap)" },
	{ '-', "gone (munmap); stays for two refreshes" },
	{ '^', "grown (brk, the stack, mremap, a neighbour joined)" },
	{ 'v', "shrunk" },
	{ '~', "other permissions (mprotect)" },
	{ '/', "split into several (mprotect or munmap of a part)" },
	{ '=', "several merged into one" },
	{ '!', "writable and executable at once (W+X)" },
};

/* Where the next line goes, and which lines scrolling has left out. */
struct page {
	struct tui_app *app;
	struct tui_area area;
	int line, top;
};

/* The row of the next line, or -1 where it is not on the screen. */
static int next_row(struct page *page)
{
	int row = page->line++ - page->top;

	return row >= 0 && row < page->area.height ? page->area.row + row : -1;
}

/* In lines of whole words from column @col on. The first one goes to @row, further ones below it. */
static void put_words(struct page *page, int row, int col, struct tui_style style, const char *text)
{
	struct tui_canvas *canvas = &page->app->canvas;
	int width = page->area.col + page->area.width - col;
	struct vm_str rest = vm_str_from(text);

	for (;;) {
		tui_put(canvas, row, col, width, style, tui_take_line(canvas, &rest, width));
		if (!rest.len)
			return;
		row = next_row(page);
	}
}

static void put_heading(struct page *page, const char *text)
{
	if (page->line)
		next_row(page);
	put_words(page, next_row(page), page->area.col + 1,
		  (struct tui_style){ TUI_HUE_PLAIN, TUI_BOLD | TUI_UNDERLINE }, text);
}

/* On narrow screens what is said stands below what it is about. */
#define NARROW 50

static void put_pair(struct page *page, struct tui_style style, const char *left, const char *right)
{
	bool narrow = page->area.width < NARROW;
	int row = next_row(page), col = page->area.col + 1;

	tui_put_text(&page->app->canvas, row, col, page->area.width - 1, style, left);
	if (narrow)
		row = next_row(page);
	put_words(page, row, col + (narrow ? 2 : 16), (struct tui_style){ 0 }, right);
}

static void put_keys(struct page *page)
{
	size_t count;
	const struct tui_key_help *helps = tui_key_helps(&count);

	put_heading(page, "Keys");
	for (size_t i = 0; i < count; i++)
		put_pair(page, (struct tui_style){ TUI_HUE_PLAIN, TUI_BOLD }, helps[i].keys,
			 helps[i].help);
}

static void put_kinds(struct page *page)
{
	static const struct vm_mapping nameless;

	put_heading(page, "Letters in column T, in the bar and in the map");
	for (enum vm_kind kind = 0; kind < VM_KIND_COUNT; kind++) {
		const struct vm_kind_info *info = vm_kind_info(kind);
		struct vm_buf text = { 0 };

		vm_buf_put_char(&text, info->letter);
		vm_buf_put_char(&text, ' ');
		vm_buf_put_text(&text, info->name);
		vm_buf_put_char(&text, '\0');
		put_pair(page, tui_style_of_backing((uint8_t)vm_backing_of(&nameless, kind)),
			 text.p ? text.p : "", info->help);
		vm_buf_deinit(&text);
	}
}

static void put_colours(struct page *page)
{
	put_heading(page, "Colours");
	put_pair(page, (struct tui_style){ TUI_HUE_FILE, 0 }, "orange, yellow", "backed by a file");
	put_pair(page, (struct tui_style){ TUI_HUE_ANONYMOUS, 0 }, "blue", "anonymous");
	put_pair(page, (struct tui_style){ TUI_HUE_SPECIAL, 0 }, "grey",
		 "provided by the kernel or a device");
	put_pair(page, (struct tui_style){ TUI_HUE_PLAIN, TUI_REVERSE }, "reverse",
		 "shared; plain: private");
}

static void put_marks(struct page *page)
{
	put_heading(page, "Marks in the second column");
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		char mark[2] = { marks[i].mark, '\0' };

		put_pair(page, (struct tui_style){ TUI_HUE_PLAIN, TUI_BOLD }, mark,
			 marks[i].meaning);
	}
}

static void put_glossary(struct page *page)
{
	put_heading(page, "Words");
	for (size_t i = 0; i < sizeof(glossary) / sizeof(glossary[0]); i++)
		put_pair(page, (struct tui_style){ TUI_HUE_PLAIN, TUI_BOLD }, glossary[i].word,
			 glossary[i].meaning);
}

static void put_all(struct page *page)
{
	put_keys(page);
	put_colours(page);
	put_kinds(page);
	put_marks(page);
	put_glossary(page);
}

/* Here the rows are the lines, and the selection is the line at the top. */
static void draw(struct tui_app *app, struct tui_area area)
{
	/* First where no line is seen, to count them. */
	struct page page = { app, { area.row, area.col, area.width, 0 }, 0, 0 };
	size_t lines, height = area.height > 0 ? (size_t)area.height : 0;

	put_all(&page);
	lines = (size_t)page.line;
	app->help.rows = lines > height ? lines - height + 1 : 1;
	app->help.height = height;
	if (app->help.selected >= app->help.rows)
		app->help.selected = app->help.rows - 1;
	app->help.top = app->help.selected;
	page = (struct page){ app, area, 0, (int)app->help.top };
	put_all(&page);
}

static bool step(struct tui_app *app, enum tui_action action, uint64_t value)
{
	(void)value;
	if (!tui_scroll_step(&app->help, action))
		return false;
	app->help.top = app->help.selected;
	return true;
}

const struct tui_screen tui_screen_help = { "Help", step, draw, NULL };

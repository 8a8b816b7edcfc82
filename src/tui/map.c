/*
 * The whole address space in one row, low to high. It cannot be drawn to scale: holes are a million times larger than
 * what lies between them. They are folded and labelled; what is mapped gets cells by the logarithm of its size.
 */
#include <stdlib.h>

#include "app.h"
#include "vmview/kind.h"

/* Holes below this are not worth a cell. */
#define HOLE_MIN (UINT64_C(1) << 20)

/* A run of neighbours of one kind, or a hole. */
struct piece {
	uint64_t start, end;
	const struct vm_mapping *mapping; /* the first; NULL: a hole */
	int cells;
};

struct pieces {
	struct piece *items;
	size_t count;
	size_t groups, holes;
};

static bool joins(const struct piece *piece, const struct vm_mapping *m)
{
	return piece->mapping && piece->end == m->start && piece->mapping->kind == m->kind &&
	       vm_mapping_shared(piece->mapping) == vm_mapping_shared(m);
}

static void add_mapping(struct pieces *pieces, const struct vm_mapping *m)
{
	struct piece *last = pieces->count ? &pieces->items[pieces->count - 1] : NULL;

	if (last && joins(last, m)) {
		last->end = m->end;
		return;
	}
	if (last && m->start - last->end >= HOLE_MIN) {
		pieces->items[pieces->count++] = (struct piece){ last->end, m->start, NULL, 0 };
		pieces->holes++;
	}
	pieces->items[pieces->count++] = (struct piece){ m->start, m->end, m, 0 };
	pieces->groups++;
}

static bool make_pieces(const struct vm_snapshot *now, struct pieces *pieces)
{
	*pieces = (struct pieces){ 0 };
	if (!now->count)
		return false;
	pieces->items = reallocarray(NULL, 2 * now->count, sizeof(*pieces->items));
	for (size_t i = 0; pieces->items && i < now->count; i++)
		add_mapping(pieces, &now->mappings[i]);
	return pieces->items;
}

static uint64_t size_of(const struct piece *piece)
{
	return piece->end - piece->start;
}

/* By the logarithm of its size above a page; a capture may claim mappings that are smaller. */
static int weight_of(const struct piece *piece)
{
	int weight = 63 - __builtin_clzll(size_of(piece) | 1) - 10;

	return weight > 1 ? weight : 1;
}

/* `~42T~` */
static void label_hole(struct vm_buf *text, const struct piece *piece)
{
	vm_buf_clear(text);
	vm_buf_put_char(text, '~');
	vm_size_put(text, size_of(piece), VM_SIZE_HUMAN);
	vm_buf_put_char(text, '~');
}

/* The largest hole that has a single cell, or NULL. */
static struct piece *largest_unlabelled(struct pieces *pieces)
{
	struct piece *largest = NULL;

	for (size_t i = 0; i < pieces->count; i++) {
		struct piece *piece = &pieces->items[i];

		if (!piece->mapping && piece->cells == 1 &&
		    (!largest || size_of(piece) > size_of(largest)))
			largest = piece;
	}
	return largest;
}

/* A cell for every piece, and labels for the largest holes of @least from @room more. Returns how much of it is left. */
static int label_holes(struct pieces *pieces, uint64_t least, int room)
{
	struct vm_buf text = { 0 };

	for (size_t i = 0; i < pieces->count; i++)
		pieces->items[i].cells = 1;
	for (;;) {
		struct piece *hole = largest_unlabelled(pieces);
		int more;

		if (!hole || size_of(hole) < least)
			break;
		label_hole(&text, hole);
		more = (int)text.len - 1;
		if (more > room)
			break;
		hole->cells += more;
		room -= more;
	}
	vm_buf_deinit(&text);
	return room;
}

/* What is left goes to what is mapped, by its weight. */
static void spread_groups(struct pieces *pieces, int left)
{
	int weights = 0, given = 0;

	for (size_t i = 0; i < pieces->count; i++) {
		if (pieces->items[i].mapping)
			weights += weight_of(&pieces->items[i]);
	}
	for (size_t i = 0, seen = 0; weights > 0 && i < pieces->count; i++) {
		struct piece *piece = &pieces->items[i];
		int until;

		if (!piece->mapping)
			continue;
		seen += (size_t)weight_of(piece);
		until = (int)((uint64_t)seen * (uint64_t)left / (uint64_t)weights);
		piece->cells += until - given;
		given = until;
	}
}

static const struct vm_mapping *selected_mapping(const struct tui_app *app)
{
	const struct tui_row *row = tui_list_selected(app);

	return row && !row->ghost ? row->mapping : NULL;
}

static bool holds(const struct piece *piece, const struct vm_mapping *m)
{
	return m && piece->mapping && m->start >= piece->start && m->start < piece->end;
}

/* Where in its cells the selected mapping is. */
static int place_in(const struct piece *piece, const struct vm_mapping *m)
{
	double part = (double)(m->start - piece->start) / (double)size_of(piece);
	int place = (int)(part * piece->cells);

	return place < piece->cells ? place : piece->cells - 1;
}

static void draw_selection(struct tui_app *app, int row, int col, const struct piece *piece)
{
	struct tui_style style = tui_style_of_backing(piece->mapping->backing);

	style.attr = TUI_REVERSE | TUI_BOLD;
	tui_fill(&app->canvas, row, col, 1, style, 0x25c6, '#');
}

static void draw_piece(struct tui_app *app, int row, int col, const struct piece *piece)
{
	const struct vm_mapping *selected = selected_mapping(app);
	struct vm_buf text = { 0 };

	if (piece->mapping) {
		char letter = vm_kind_info(piece->mapping->kind)->letter;

		tui_fill(&app->canvas, row, col, piece->cells, tui_style_of(piece->mapping),
			 (unsigned char)letter, letter);
		tui_add_hit(&app->canvas, row, col, piece->cells, TUI_SELECT_ADDRESS, piece->start);
	} else if (piece->cells > 1) {
		label_hole(&text, piece);
		tui_put(&app->canvas, row, col, piece->cells,
			(struct tui_style){ TUI_HUE_SPECIAL, 0 }, vm_buf_str(&text));
	} else {
		tui_fill(&app->canvas, row, col, 1, (struct tui_style){ TUI_HUE_SPECIAL, 0 }, '~',
			 '~');
	}
	if (holds(piece, selected))
		draw_selection(app, row, col + place_in(piece, selected), piece);
	vm_buf_deinit(&text);
}

static void draw_spread(struct tui_app *app, struct tui_area area, struct pieces *pieces)
{
	int col = area.col, left = area.width - (int)pieces->count;

	/* A third of it is for labels. */
	spread_groups(pieces, left - left / 3 + label_holes(pieces, 0, left / 3));
	for (size_t i = 0; i < pieces->count; i++) {
		draw_piece(app, area.row, col, &pieces->items[i]);
		col += pieces->items[i].cells;
	}
}

/* Of so many pieces from @from to before @to that several fall into a cell it shows the largest that is mapped. */
static void draw_dense(struct tui_app *app, int row, int col, int width, struct pieces *pieces,
		       size_t from, size_t to)
{
	const struct vm_mapping *selected = selected_mapping(app);
	static const struct piece hole = { .cells = 1 };
	size_t count = to - from;

	for (int cell = 0; cell < width; cell++, col++) {
		size_t at = from + count * (size_t)cell / (size_t)width;
		size_t end = from + count * ((size_t)cell + 1) / (size_t)width;
		const struct piece *shown = NULL, *chosen = NULL;

		for (; at < end; at++) {
			const struct piece *piece = &pieces->items[at];

			if (piece->mapping && (!shown || size_of(piece) > size_of(shown)))
				shown = piece;
			if (holds(piece, selected))
				chosen = piece;
		}
		draw_piece(app, row, col, shown ? shown : &hole);
		if (chosen)
			draw_selection(app, row, col, chosen);
	}
}

/* The first hole from @from on that has a label, or the end. */
static size_t find_label(const struct pieces *pieces, size_t from)
{
	while (from < pieces->count && pieces->items[from].cells == 1)
		from++;
	return from;
}

static uint64_t mapped_size(const struct pieces *pieces)
{
	uint64_t size = 0;

	for (size_t i = 0; i < pieces->count; i++)
		size += pieces->items[i].mapping ? size_of(&pieces->items[i]) : 0;
	return size;
}

/*
 * More pieces than cells: a third of these is for labels of holes that are larger than all that is
 * mapped. What lies between those shares the rest by its number of pieces, and has a cell at least.
 */
static void draw_crowd(struct tui_app *app, struct tui_area area, struct pieces *pieces)
{
	int labels = area.width / 3, col = area.col, given = 0;
	/* Behind the first piece of each run between labels, which has a cell: pieces, and cells for them. */
	size_t rest = pieces->count - 1, seen = 0;
	int cells = area.width - labels + label_holes(pieces, mapped_size(pieces), labels) - 1;

	for (size_t i = find_label(pieces, 0); i < pieces->count; i = find_label(pieces, i + 1)) {
		rest -= 2;
		cells -= 2;
	}
	for (size_t from = 0, to; from < pieces->count; from = to + 1) {
		int until;

		to = find_label(pieces, from);
		seen += to - from - 1;
		until = rest ? (int)(seen * (size_t)cells / rest) : 0;
		draw_dense(app, area.row, col, until - given + 1, pieces, from, to);
		col += until - given + 1;
		given = until;
		if (to < pieces->count) {
			draw_piece(app, area.row, col, &pieces->items[to]);
			col += pieces->items[to].cells;
		}
	}
}

/* Below: the ends of the address space, and where the selection is. */
static void draw_addresses(struct tui_app *app, int row, struct tui_area area)
{
	const struct vm_snapshot *now = &app->data.now;
	const struct vm_mapping *selected = selected_mapping(app);
	struct tui_style dim = { TUI_HUE_SPECIAL, 0 };
	struct vm_buf text = { 0 };

	vm_buf_put_hex(&text, now->mappings[0].start, 8, '0');
	tui_put(&app->canvas, row, area.col, area.width, dim, vm_buf_str(&text));
	vm_buf_clear(&text);
	vm_buf_put_hex(&text, now->mappings[now->count - 1].end - 1, 8, '0');
	tui_put_right(&app->canvas, row, area.col + area.width, area.width, dim, vm_buf_str(&text));
	if (selected) {
		vm_buf_clear(&text);
		vm_buf_put_text(&text, "selected ");
		vm_buf_put_hex(&text, selected->start, 8, '0');
		tui_put(&app->canvas, row, area.col + area.width / 2 - (int)text.len / 2,
			area.width / 2, dim, vm_buf_str(&text));
	}
	vm_buf_deinit(&text);
}

void tui_draw_address_map(struct tui_app *app, struct tui_area area)
{
	struct tui_area row = { area.row, area.col + 1, area.width - 2, 1 };
	struct pieces pieces;

	if (make_pieces(&app->data.now, &pieces) && row.width > 0) {
		if (pieces.count <= (size_t)row.width)
			draw_spread(app, row, &pieces);
		else
			draw_crowd(app, row, &pieces);
		if (area.height > 1)
			draw_addresses(app, area.row + 1, row);
	}
	free(pieces.items);
}

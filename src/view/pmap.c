#include "vmview/pmap.h"

#include "pmap_private.h"
#include "vmview/output.h"

/* As wide as the addresses of programs of this machine: pmap has 8 digits on one of 32 bits. */
#define ADDRESS_WIDTH (2 * sizeof(long))

void vm_pmap_init(struct vm_pmap *pmap, const struct vm_pmap_options *options, FILE *out)
{
	*pmap = (struct vm_pmap){ .options = *options, .out = out };
}

void vm_pmap_deinit(struct vm_pmap *pmap)
{
	vm_buf_deinit(&pmap->text);
	vm_pmap_columns_deinit(pmap);
	*pmap = (struct vm_pmap){ 0 };
}

struct vm_row_colour vm_row_colour_of(const struct vm_pmap *pmap, const struct vm_mapping *mapping)
{
	const struct vm_palette *palette = pmap->options.palette;
	enum vm_backing backing;

	if (!palette->reset[0])
		return (struct vm_row_colour){ "", "", "", "" };
	backing = vm_backing_of(mapping, vm_kind_of(mapping, NULL));
	if (vm_mapping_shared(mapping))
		return (struct vm_row_colour){ palette->hue[backing], palette->shared_on,
					       palette->shared_off, palette->reset };
	return (struct vm_row_colour){ palette->hue[backing], "", "", palette->reset };
}

int vm_pmap_heading(struct vm_pmap *pmap, struct vm_str number, struct vm_str command)
{
	vm_buf_put_str(&pmap->text, number);
	vm_buf_put_text(&pmap->text, ":   ");
	vm_buf_put_str(&pmap->text, command);
	vm_buf_put_char(&pmap->text, '\n');
	return vm_output_flush(&pmap->text, pmap->out, true);
}

static void put_titles(struct vm_pmap *pmap)
{
	if (pmap->options.format == VM_PMAP_DEFAULT)
		return;
	vm_buf_put_left(&pmap->text, VM_STR("Address"), ADDRESS_WIDTH);
	vm_buf_put_text(&pmap->text, pmap->options.format == VM_PMAP_EXTENDED ?
					     "  Kbytes     RSS   Dirty Mode  Mapping\n" :
					     "  Kbytes Mode  Offset           Device    Mapping\n");
}

int vm_pmap_begin(struct vm_pmap *pmap, const struct vm_process *process, bool saved)
{
	pmap->start_stack = process->start_stack;
	pmap->saved = saved;
	pmap->totals = (struct vm_totals){ 0 };
	pmap->writable_private = pmap->shared = 0;
	if (!pmap->options.quiet)
		put_titles(pmap);
	return vm_output_flush(&pmap->text, pmap->out, false);
}

static void add_to_totals(struct vm_pmap *pmap, const struct vm_mapping *mapping)
{
	uint64_t size = vm_mapping_size(mapping);

	vm_totals_add(&pmap->totals, mapping);
	if (vm_mapping_shared(mapping))
		pmap->shared = vm_add_capped(pmap->shared, size);
	else if (vm_mapping_writable(mapping))
		pmap->writable_private = vm_add_capped(pmap->writable_private, size);
}

/* pmap writes private as `-`, and a fifth character that Solaris once gave a meaning. */
static void put_mode(struct vm_buf *text, const struct vm_mapping *m)
{
	char mode[] = { m->perms[0], m->perms[1], m->perms[2], '-', '-' };

	if (vm_mapping_shared(m))
		mode[3] = 's';
	vm_buf_put(text, mode, sizeof(mode));
}

/* A cell of kB; `-` where no mapping of a capture reports it. */
static void put_kb(struct vm_buf *text, bool reported, uint64_t bytes)
{
	if (reported)
		vm_buf_put_dec(text, bytes / 1024, 7, ' ');
	else
		vm_buf_put_right(text, VM_STR("-"), 7);
}

static bool reports_dirty(uint64_t present)
{
	return present >> VM_FIELD_SHARED_DIRTY & present >> VM_FIELD_PRIVATE_DIRTY & 1;
}

static void put_extended(struct vm_buf *text, const struct vm_mapping *m)
{
	const struct vm_usage *usage = &m->usage;

	put_kb(text, vm_usage_has(usage, VM_FIELD_RSS), vm_usage_get(usage, VM_FIELD_RSS));
	vm_buf_put_char(text, ' ');
	put_kb(text, reports_dirty(usage->present),
	       vm_add_capped(vm_usage_get(usage, VM_FIELD_SHARED_DIRTY),
			     vm_usage_get(usage, VM_FIELD_PRIVATE_DIRTY)));
	vm_buf_put_char(text, ' ');
}

static void put_device(struct vm_buf *text, const struct vm_mapping *m)
{
	vm_buf_put_hex(text, m->offset, 16, '0');
	vm_buf_put_char(text, ' ');
	vm_buf_put_hex(text, m->dev_major, 3, '0');
	vm_buf_put_char(text, ':');
	vm_buf_put_hex(text, m->dev_minor, 5, '0');
	vm_buf_put_char(text, ' ');
}

static void put_row(struct vm_pmap *pmap, const struct vm_mapping *m)
{
	enum vm_pmap_format format = pmap->options.format;
	struct vm_row_colour colour = vm_row_colour_of(pmap, m);
	struct vm_buf *text = &pmap->text;

	vm_buf_put_text(text, colour.hue);
	vm_buf_put_hex(text, m->start, ADDRESS_WIDTH, '0');
	vm_buf_put_char(text, ' ');
	vm_buf_put_dec(text, vm_mapping_size(m) / 1024, format == VM_PMAP_DEFAULT ? 6 : 7, ' ');
	vm_buf_put_text(text, format == VM_PMAP_DEFAULT ? "K " : " ");
	if (format == VM_PMAP_EXTENDED)
		put_extended(text, m);
	vm_buf_put_text(text, colour.on);
	put_mode(text, m);
	vm_buf_put_text(text, colour.off);
	vm_buf_put_char(text, ' ');
	if (format == VM_PMAP_DEVICE)
		put_device(text, m);
	vm_buf_put_text(text, colour.on);
	vm_pmap_put_name(pmap, m);
	vm_buf_put_text(text, colour.reset);
	vm_buf_put_char(text, '\n');
}

int vm_pmap_add(struct vm_pmap *pmap, const struct vm_mapping *mapping)
{
	if (!vm_pmap_in_range(&pmap->options, mapping))
		return 0;
	add_to_totals(pmap, mapping);
	put_row(pmap, mapping);
	return vm_output_flush(&pmap->text, pmap->out, false);
}

static void end_default(struct vm_pmap *pmap)
{
	vm_buf_put_text(&pmap->text, " total ");
	vm_buf_put_dec(&pmap->text, pmap->totals.size / 1024, ADDRESS_WIDTH, ' ');
	vm_buf_put_text(&pmap->text, "K\n");
}

static void end_extended(struct vm_pmap *pmap)
{
	const struct vm_totals *totals = &pmap->totals;
	bool none = totals->count == 0;
	struct vm_buf *text = &pmap->text;

	vm_buf_put_repeat(text, '-', ADDRESS_WIDTH);
	vm_buf_put_text(text, " ------- ------- ------- \n");
	vm_buf_put_left(text, VM_STR("total kB"), ADDRESS_WIDTH);
	vm_buf_put_char(text, ' ');
	put_kb(text, true, totals->size);
	vm_buf_put_char(text, ' ');
	put_kb(text, none || totals->present >> VM_FIELD_RSS & 1, totals->sums[VM_FIELD_RSS]);
	vm_buf_put_char(text, ' ');
	put_kb(text, none || reports_dirty(totals->present),
	       vm_add_capped(totals->sums[VM_FIELD_SHARED_DIRTY],
			     totals->sums[VM_FIELD_PRIVATE_DIRTY]));
	vm_buf_put_char(text, '\n');
}

static void end_device(struct vm_pmap *pmap)
{
	struct vm_buf *text = &pmap->text;

	vm_buf_put_text(text, "mapped: ");
	vm_buf_put_dec(text, pmap->totals.size / 1024, 0, ' ');
	vm_buf_put_text(text, "K    writeable/private: ");
	vm_buf_put_dec(text, pmap->writable_private / 1024, 0, ' ');
	vm_buf_put_text(text, "K    shared: ");
	vm_buf_put_dec(text, pmap->shared / 1024, 0, ' ');
	vm_buf_put_text(text, "K\n");
}

int vm_pmap_end(struct vm_pmap *pmap)
{
	if (!pmap->options.quiet) {
		if (pmap->options.format == VM_PMAP_DEFAULT)
			end_default(pmap);
		else if (pmap->options.format == VM_PMAP_EXTENDED)
			end_extended(pmap);
		else
			end_device(pmap);
	}
	return vm_output_flush(&pmap->text, pmap->out, true);
}

#include "vmview/metrics.h"

#include "vmview/safe.h"

/* One process of a metric family, and one of its kinds or NULL: appends nothing where the value is not known. */
struct family {
	const char *name;
	const char *unit; /* with which the name ends, or NULL */
	const char *help;
	void (*put)(struct vm_buf *text, const struct family *family,
		    const struct vm_metrics_process *process);
	enum vm_tally_column column; /* of sums */
};

void vm_metrics_process_deinit(struct vm_metrics_process *process)
{
	vm_buf_deinit(&process->command);
	vm_tally_deinit(&process->kinds);
	*process = (struct vm_metrics_process){ 0 };
}

static void put_label_value(struct vm_buf *text, struct vm_str value)
{
	vm_buf_put_char(text, '"');
	while (value.len) {
		size_t n = vm_safe_char(value);

		if (value.p[0] == '\n')
			vm_buf_put_text(text, "\\n");
		else if (!n)
			vm_buf_put_text(text, "\xef\xbf\xbd");
		else if (value.p[0] == '"' || value.p[0] == '\\')
			vm_buf_put_char(text, '\\');
		if (n)
			vm_buf_put(text, value.p, n);
		value = vm_str_skip(value, n ? n : 1);
	}
	vm_buf_put_char(text, '"');
}

/* `NAME{pid="1",command="init"`, to which more labels may be added. */
static void begin_sample(struct vm_buf *text, const struct family *family,
			 const struct vm_metrics_process *process)
{
	vm_buf_put_text(text, family->name);
	vm_buf_put_text(text, "{pid=\"");
	if (process->pid)
		vm_buf_put_dec(text, (uint64_t)process->pid, 0, ' ');
	vm_buf_put_text(text, "\",command=");
	put_label_value(text, vm_buf_str(&process->command));
}

static void end_sample(struct vm_buf *text, uint64_t value)
{
	vm_buf_put_text(text, "} ");
	vm_buf_put_dec(text, value, 0, ' ');
	vm_buf_put_char(text, '\n');
}

static void put_info(struct vm_buf *text, const struct family *family,
		     const struct vm_metrics_process *process)
{
	begin_sample(text, family, process);
	vm_buf_put_text(text, ",uid=\"");
	if (process->has_uid)
		vm_buf_put_dec(text, process->uid, 0, ' ');
	vm_buf_put_char(text, '"');
	end_sample(text, 1);
}

static void put_readable(struct vm_buf *text, const struct family *family,
			 const struct vm_metrics_process *process)
{
	begin_sample(text, family, process);
	end_sample(text, process->readable);
}

static void put_max_mappings(struct vm_buf *text, const struct family *family,
			     const struct vm_metrics_process *process)
{
	if (process->max_mappings.known != VM_KNOWN_NUMBER)
		return;
	begin_sample(text, family, process);
	end_sample(text, process->max_mappings.number);
}

/* Of a process that could not be read not even the number of mappings is known. */
static void put_total(struct vm_buf *text, const struct family *family,
		      const struct vm_metrics_process *process)
{
	const struct vm_tally_row *total = &process->kinds.total;

	if (!total->processes || !vm_tally_has(total, family->column))
		return;
	begin_sample(text, family, process);
	end_sample(text, vm_tally_number(total, family->column));
}

static void put_kinds(struct vm_buf *text, const struct family *family,
		      const struct vm_metrics_process *process)
{
	for (size_t i = 0; i < process->kinds.count; i++) {
		const struct vm_tally_row *row = &process->kinds.rows[i];

		if (!vm_tally_has(row, family->column))
			continue;
		begin_sample(text, family, process);
		vm_buf_put_text(text, ",kind=");
		put_label_value(text, row->name);
		end_sample(text, vm_tally_number(row, family->column));
	}
}

#define MEASURE(id) ((enum vm_tally_column)(VM_TALLY_MEASURES + VM_MEASURE_##id))

/* clang-format off */
static const struct family families[] = {
	{ "vmview_process_info", NULL, "Whose process it is; always 1.", put_info, 0 },
	{ "vmview_process_readable", NULL, "Whether its memory could be read: 0 where numbers are missing.", put_readable, 0 },
	{ "vmview_process_mappings", NULL, "Mappings of the process.", put_total, VM_TALLY_MAPPINGS },
	{ "vmview_process_max_mappings", NULL, "How many mappings the kernel allows it, vm.max_map_count.", put_max_mappings, 0 },
	{ "vmview_process_virtual_memory_bytes", "bytes", "Address space, in memory or not.", put_total, MEASURE(SIZE) },
	{ "vmview_process_resident_memory_bytes", "bytes", "In memory now (RSS).", put_total, MEASURE(RSS) },
	{ "vmview_process_proportional_memory_bytes", "bytes", "In memory, shared pages divided among their users (PSS).", put_total, MEASURE(PSS) },
	{ "vmview_process_unique_memory_bytes", "bytes", "In memory and mapped by nobody else now (USS).", put_total, MEASURE(USS) },
	{ "vmview_process_swapped_memory_bytes", "bytes", "Swapped out.", put_total, MEASURE(SWAP) },
	{ "vmview_process_kind_mappings", NULL, "Mappings of this kind.", put_kinds, VM_TALLY_MAPPINGS },
	{ "vmview_process_kind_virtual_memory_bytes", "bytes", "Address space of this kind.", put_kinds, MEASURE(SIZE) },
	{ "vmview_process_kind_resident_memory_bytes", "bytes", "In memory now (RSS), of this kind.", put_kinds, MEASURE(RSS) },
	{ "vmview_process_kind_proportional_memory_bytes", "bytes", "Shared pages divided among their users (PSS), of this kind.", put_kinds, MEASURE(PSS) },
	{ "vmview_process_kind_unique_memory_bytes", "bytes", "Mapped by nobody else now (USS), of this kind.", put_kinds, MEASURE(USS) },
	{ "vmview_process_kind_swapped_memory_bytes", "bytes", "Swapped out, of this kind.", put_kinds, MEASURE(SWAP) },
};
/* clang-format on */

static void put_line(struct vm_buf *text, const char *what, const char *name, const char *rest)
{
	vm_buf_put_text(text, "# ");
	vm_buf_put_text(text, what);
	vm_buf_put_char(text, ' ');
	vm_buf_put_text(text, name);
	vm_buf_put_char(text, ' ');
	vm_buf_put_text(text, rest);
	vm_buf_put_char(text, '\n');
}

/* All are gauges: the text format has no other type for what goes up and down, and none for information. */
static void put_head(struct vm_buf *text, const char *name, const char *unit, const char *help)
{
	put_line(text, "HELP", name, help);
	put_line(text, "TYPE", name, "gauge");
	if (unit)
		put_line(text, "UNIT", name, unit);
}

/* Without a sample there is no family. */
static void put_family(struct vm_buf *text, const struct family *family,
		       const struct vm_metrics_process *processes, size_t count)
{
	size_t begin = text->len, head;

	put_head(text, family->name, family->unit, family->help);
	head = text->len;
	for (size_t i = 0; i < count; i++)
		family->put(text, family, &processes[i]);
	if (text->len == head)
		text->len = begin;
}

void vm_metrics_put(struct vm_buf *text, const struct vm_metrics_process *processes, size_t count,
		    const char *version)
{
	put_head(text, "vmview_build_info", NULL, "The vmview that wrote this; always 1.");
	vm_buf_put_text(text, "vmview_build_info{version=");
	put_label_value(text, vm_str_from(version));
	end_sample(text, 1);
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		put_family(text, &families[i], processes, count);
	vm_buf_put_text(text, "# EOF\n");
}

#include "vmview/explain.h"

#include "explain_private.h"
#include "vmview/safe.h"
#include "vmview/size.h"

struct explainer {
	struct vm_buf *text;
	size_t start; /* of the explanation in @text */
	const struct vm_mapping *mapping;
	enum vm_kind kind;
	enum vm_sharing sharing;
	enum vm_origin origin;
	bool exact; /* sizes in kB, where rounded ones would all look the same */
};

static bool reports(const struct explainer *e, enum vm_field field)
{
	return vm_usage_has(&e->mapping->usage, field);
}

static uint64_t bytes_of(const struct explainer *e, enum vm_field field)
{
	return vm_usage_get(&e->mapping->usage, field);
}

static uint64_t sum_of(const struct explainer *e, enum vm_field a, enum vm_field b)
{
	uint64_t sum;

	return __builtin_add_overflow(bytes_of(e, a), bytes_of(e, b), &sum) ? UINT64_MAX : sum;
}

static bool has_flag(const struct explainer *e, const char *code)
{
	return vm_mapping_has_flag(e->mapping, code);
}

static bool has_access(const struct explainer *e)
{
	return vm_mapping_readable(e->mapping) || vm_mapping_writable(e->mapping) ||
	       vm_mapping_executable(e->mapping);
}

static void begin_line(struct explainer *e)
{
	if (e->text->len > e->start)
		vm_buf_put_char(e->text, '\n');
}

static void put_size(struct explainer *e, uint64_t bytes)
{
	vm_size_put(e->text, bytes, e->exact ? VM_SIZE_KIB : VM_SIZE_HUMAN);
	if (e->exact)
		vm_buf_put_text(e->text, " kB");
}

static void put_value(struct explainer *e, char how, uint64_t value)
{
	if (how == '}')
		put_size(e, value);
	else if (how == 'n')
		vm_buf_put_dec(e->text, value, 0, ' ');
	else
		vm_buf_put_hex(e->text, value, (unsigned)(how - '0'), '0');
}

/* A line with @values, as many as @sentence has room for. */
static void say(struct explainer *e, const char *sentence, const uint64_t *values)
{
	struct vm_str rest = vm_str_from(sentence);

	begin_line(e);
	while (rest.len) {
		size_t open = vm_str_find(rest, '{');

		vm_buf_put(e->text, rest.p, open);
		if (open == rest.len)
			break;
		put_value(e, rest.p[open + 1], *values++);
		rest = vm_str_skip(rest, open + (rest.p[open + 1] == '}' ? 2 : 3));
	}
}

static void say_text(struct explainer *e, const char *text)
{
	begin_line(e);
	vm_buf_put_text(e->text, text);
}

static void say_plain(struct explainer *e, enum vm_sentence sentence)
{
	say_text(e, vm_sentence(sentence));
}

static void say_size(struct explainer *e, enum vm_sentence sentence, uint64_t bytes)
{
	say(e, vm_sentence(sentence), &bytes);
}

static void say_what(struct explainer *e)
{
	const struct vm_named_text *named = vm_named_text(e->mapping->name);

	if (named)
		say_text(e, named->what);
	else if (has_flag(e, "ss"))
		say_plain(e, VM_SENTENCE_SHADOW_STACK);
	else if (e->kind == VM_KIND_DATA)
		say_text(e, vm_data_text(e->mapping));
	else
		say(e, vm_kind_text(e->kind), &e->mapping->inode);
	if (e->mapping->deleted)
		say_plain(e, VM_SENTENCE_DELETED);
	if (vm_mapping_is_wx(e->mapping))
		say_plain(e, VM_SENTENCE_WRITE_EXECUTE);
}

/* Where @mapping's VmFlags are not reported, mprotect(2) may or may not help: the texts leave it open. */
static void say_refused_write(struct explainer *e)
{
	bool kernel = e->origin == VM_ORIGIN_KERNEL;

	if (has_flag(e, "sl") && !kernel)
		say_plain(e, VM_SENTENCE_READ_ONLY_SEALED);
	else if (e->mapping->vm_flags.p && !has_flag(e, "mw") && !kernel)
		say_plain(e, VM_SENTENCE_READ_ONLY);
	else
		say_text(e, vm_origin_text(e->origin)->refused[e->sharing]);
}

static void say_pages(struct explainer *e)
{
	const struct vm_named_text *named = vm_named_text(e->mapping->name);

	say_text(e, named && named->pages ? named->pages : vm_origin_text(e->origin)->pages);
}

static void say_writes(struct explainer *e)
{
	if (vm_mapping_writable(e->mapping))
		say_text(e, vm_origin_text(e->origin)->write[e->sharing]);
	else if (has_access(e))
		say_refused_write(e);
	else if (has_flag(e, "sl"))
		say_plain(e, VM_SENTENCE_NO_ACCESS_SEALED);
	else
		say_plain(e, VM_SENTENCE_NO_ACCESS);
}

static void say_fork(struct explainer *e)
{
	const struct vm_named_text *named = vm_named_text(e->mapping->name);
	const struct vm_origin_text *origin = vm_origin_text(e->origin);

	if (named && named->fork)
		say_text(e, named->fork);
	else if (has_flag(e, "dc"))
		say_plain(e, VM_SENTENCE_FORK_LEFT_OUT);
	else if (has_flag(e, "wf"))
		say_plain(e, VM_SENTENCE_FORK_WIPED);
	else if (!has_access(e))
		say_plain(e, VM_SENTENCE_FORK_NO_ACCESS);
	else if (vm_mapping_writable(e->mapping))
		say_text(e, origin->fork[e->sharing]);
	else
		say_text(e, origin->fork_unwritten);
}

/* Near to each other both would be rounded to the same: "1.5M of 1.5M". */
static void say_part(struct explainer *e, const char *sentence, uint64_t part, uint64_t page_size)
{
	uint64_t size = vm_mapping_size(e->mapping);

	e->exact = part != size && size - part <= size / 10;
	say(e, sentence, (const uint64_t[]){ part, size, page_size });
	e->exact = false;
}

static void say_hugetlb(struct explainer *e)
{
	uint64_t used = sum_of(e, VM_FIELD_SHARED_HUGETLB, VM_FIELD_PRIVATE_HUGETLB);

	if (!reports(e, VM_FIELD_SHARED_HUGETLB) && !reports(e, VM_FIELD_PRIVATE_HUGETLB))
		say_plain(e, VM_SENTENCE_HUGETLB_UNKNOWN);
	else if (used)
		say_part(e, vm_sentence(VM_SENTENCE_HUGETLB_PART), used,
			 bytes_of(e, VM_FIELD_KERNEL_PAGE_SIZE));
	else
		say_plain(e, VM_SENTENCE_HUGETLB_NONE);
}

static void say_resident(struct explainer *e)
{
	uint64_t rss = bytes_of(e, VM_FIELD_RSS);

	if (e->kind == VM_KIND_HUGETLB || has_flag(e, "ht"))
		say_hugetlb(e);
	else if (!reports(e, VM_FIELD_RSS))
		say_plain(e, VM_SENTENCE_NO_RSS);
	else if (rss >= vm_mapping_size(e->mapping))
		say_size(e, VM_SENTENCE_RESIDENT_ALL, rss);
	else if (rss)
		say_part(e, vm_origin_text(e->origin)->resident_part, rss, 0);
	else if (!has_access(e) && !bytes_of(e, VM_FIELD_SWAP))
		say_plain(e, VM_SENTENCE_RESIDENT_NO_COST);
	else
		say_text(e, vm_origin_text(e->origin)->resident_none);
}

/* In a private mapping of something, what is anonymous are the copies; swap may hold more. */
static void say_copied(struct explainer *e)
{
	bool writable = vm_mapping_writable(e->mapping);
	uint64_t copied = bytes_of(e, VM_FIELD_ANONYMOUS);

	if (e->sharing != VM_SHARING_PRIVATE ||
	    (e->origin != VM_ORIGIN_FILE && e->origin != VM_ORIGIN_OBJECT))
		return;
	if (copied)
		say_size(e, writable ? VM_SENTENCE_COPIED : VM_SENTENCE_COPIED_READ_ONLY, copied);
	else if (writable && !reports(e, VM_FIELD_ANONYMOUS))
		say_plain(e, VM_SENTENCE_COPIED_UNKNOWN);
	else if (writable && !bytes_of(e, VM_FIELD_SWAP))
		say_plain(e, VM_SENTENCE_COPIED_NONE);
}

static void say_shared_now(struct explainer *e)
{
	uint64_t shared = sum_of(e, VM_FIELD_SHARED_CLEAN, VM_FIELD_SHARED_DIRTY);
	uint64_t pss = bytes_of(e, VM_FIELD_PSS);
	enum vm_sentence both = e->sharing == VM_SHARING_PRIVATE ? VM_SENTENCE_SHARED_PRIVATE_PSS :
								   VM_SENTENCE_SHARED_PSS;

	if (shared && reports(e, VM_FIELD_PSS))
		say(e, vm_sentence(both), (const uint64_t[]){ shared, pss });
	else if (shared)
		say_size(e, VM_SENTENCE_SHARED, shared);
	else if (e->sharing == VM_SHARING_SHARED && bytes_of(e, VM_FIELD_RSS) &&
		 reports(e, VM_FIELD_SHARED_CLEAN) && reports(e, VM_FIELD_SHARED_DIRTY))
		say_plain(e, VM_SENTENCE_SHARED_NONE);
}

/* The dirty pages of private mappings of something are its copies: told already. */
static void say_dirty(struct explainer *e)
{
	uint64_t dirty = sum_of(e, VM_FIELD_SHARED_DIRTY, VM_FIELD_PRIVATE_DIRTY);
	bool shared = e->sharing == VM_SHARING_SHARED;

	if (has_flag(e, "dp"))
		say_plain(e, VM_SENTENCE_DROPPABLE);
	else if (dirty && (e->origin == VM_ORIGIN_ZERO || e->origin == VM_ORIGIN_NOWHERE ||
			   (e->origin == VM_ORIGIN_OBJECT && shared)))
		say_size(e, VM_SENTENCE_DIRTY, dirty);
	else if (dirty && e->origin == VM_ORIGIN_FILE && shared)
		say_size(e, VM_SENTENCE_DIRTY_FILE, dirty);
}

/* Of each of these zero is the rule, and not worth a line. */
static const struct {
	enum vm_field field;
	enum vm_sentence sentence;
} exceptions[] = {
	{ VM_FIELD_SWAP, VM_SENTENCE_SWAPPED },
	{ VM_FIELD_LOCKED, VM_SENTENCE_LOCKED },
	{ VM_FIELD_ANON_HUGE_PAGES, VM_SENTENCE_HUGE_PAGES },
	{ VM_FIELD_SHMEM_PMD_MAPPED, VM_SENTENCE_HUGE_PAGES },
	{ VM_FIELD_FILE_PMD_MAPPED, VM_SENTENCE_HUGE_PAGES },
	{ VM_FIELD_LAZY_FREE, VM_SENTENCE_LAZY_FREE },
	{ VM_FIELD_KSM, VM_SENTENCE_MERGED },
};

static void say_numbers(struct explainer *e)
{
	if (!e->mapping->usage.present && !e->mapping->vm_flags.p) {
		say_plain(e, VM_SENTENCE_NOTHING_READ);
		return;
	}
	say_resident(e);
	say_copied(e);
	say_shared_now(e);
	say_dirty(e);
	for (size_t i = 0; i < sizeof(exceptions) / sizeof(exceptions[0]); i++) {
		uint64_t bytes = bytes_of(e, exceptions[i].field);

		if (bytes)
			say_size(e, exceptions[i].sentence, bytes);
	}
}

static void put_range(struct explainer *e)
{
	const struct vm_mapping *m = e->mapping;
	uint64_t size = vm_mapping_size(m), page = bytes_of(e, VM_FIELD_KERNEL_PAGE_SIZE);
	const char *fact = "Range {8}-{8}: {n} bytes, ";

	if (page && size == page)
		fact = "Range {8}-{8}: {n} bytes, {n} page of {}, ";
	else if (page && size % page == 0)
		fact = "Range {8}-{8}: {n} bytes, {n} pages of {}, ";
	say(e, fact, (const uint64_t[]){ m->start, m->end, size, page ? size / page : 0, page });
	vm_buf_put(e->text, m->perms, sizeof(m->perms));
}

static void put_fact(struct explainer *e, const char *label, struct vm_str value)
{
	begin_line(e);
	vm_buf_put_text(e->text, label);
	vm_safe_put(e->text, value);
}

/* What stands between @before and @after, or the empty slice. */
static struct vm_str inner(struct vm_str name, struct vm_str before, struct vm_str after)
{
	if (name.len < before.len + after.len || !vm_str_starts(name, before) ||
	    !vm_str_ends(name, after))
		return (struct vm_str){ 0 };
	name.len -= after.len;
	return vm_str_skip(name, before.len);
}

/* The name that the program chose, for memory that has one. */
static struct vm_str given_name(struct vm_str name)
{
	struct vm_str given = inner(name, VM_STR("[anon:"), VM_STR("]"));

	if (!given.len)
		given = inner(name, VM_STR("[anon_shmem:"), VM_STR("]"));
	if (!given.len)
		given = inner(name, VM_STR("/memfd:"), VM_STR(" (deleted)"));
	return given;
}

static void put_name(struct explainer *e)
{
	struct vm_str name = e->mapping->name, given = given_name(name);
	struct vm_str key = inner(name, VM_STR("/SYSV"), VM_STR(" (deleted)"));

	if (given.len)
		put_fact(e, "Name ", given);
	else if (e->kind == VM_KIND_SYSV_SHM)
		put_fact(e, "Key 0x", key);
	else if (e->kind == VM_KIND_MEMFD || vm_str_starts(name, VM_STR("[")))
		return; /* nameless, or told already */
	else if (e->kind == VM_KIND_SHARED_ANON || e->origin == VM_ORIGIN_HUGE)
		put_fact(e, "In maps ", name);
	else if (e->kind == VM_KIND_ANON_INODE)
		put_fact(e, "Object ", name);
	else if (name.len)
		put_fact(e, "File ", vm_name_without_remark(e->mapping, e->mapping->deleted));
}

/* Device numbers in decimal, as stat(1) and lsblk(8) print them, and as maps does. */
static void put_place(struct explainer *e)
{
	const struct vm_mapping *m = e->mapping;
	uint64_t high = m->dev_major, low = m->dev_minor;

	if (m->inode || high || low)
		say(e, "Offset 0x{0}, device {n}:{n} ({2}:{2} in maps), inode {n}",
		    (const uint64_t[]){ m->offset, high, low, high, low, m->inode });
}

static void put_flags(struct explainer *e)
{
	struct vm_str rest = e->mapping->vm_flags;

	if (!rest.p && e->mapping->usage.present)
		say_plain(e, VM_SENTENCE_NO_FLAGS);
	while (rest.len) {
		struct vm_str code = { rest.p, vm_str_find(rest, ' ') };
		const struct vm_flag_info *info = vm_flag_info(code);

		if (code.len) {
			put_fact(e, "", code);
			vm_buf_put_text(e->text, "  ");
			vm_buf_put_text(e->text, info ? info->help : "not known to vmview");
		}
		rest = vm_str_skip(rest, code.len + 1);
	}
}

void vm_explain(struct vm_buf *text, const struct vm_mapping *mapping, struct vm_str build_id)
{
	struct explainer e = { .text = text, .start = text->len, .mapping = mapping };

	e.kind = mapping->kind;
	e.sharing = vm_sharing_of(mapping);
	e.origin = vm_origin_of(mapping->kind, mapping->backing);
	say_what(&e);
	say_pages(&e);
	say_writes(&e);
	say_fork(&e);
	say_numbers(&e);
	put_range(&e);
	put_name(&e);
	put_place(&e);
	if (build_id.len)
		put_fact(&e, "Build-id ", build_id);
	put_flags(&e);
}

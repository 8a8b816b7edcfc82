#include "helper.h"

#include <stdio.h>

/* The tables are walked themselves: what no mapping here leads to must be in order as well. */
#include "../../src/view/explain_private.h"
#include "vmview/explain.h"
#include "vmview/safe.h"

/* Two rows of 80 columns. */
#define SENTENCE_LIMIT 160

static const char *label_of(struct vm_str text)
{
	static char label[200];

	snprintf(label, sizeof(label), "%.*s", (int)text.len, text.p ? text.p : "");
	return label;
}

static bool is_safe(struct vm_str text)
{
	while (text.len) {
		size_t n = vm_safe_char(text);

		if (!n)
			return false;
		text = vm_str_skip(text, n);
	}
	return true;
}

static void assert_sentence(struct vm_str text)
{
	const char *label = label_of(text);

	assert_row(text.len > 10 && text.len <= SENTENCE_LIMIT, label);
	assert_row(vm_str_ends(text, VM_STR(".")) && !vm_str_ends(text, VM_STR("..")), label);
	assert_row(is_safe(text), label);
	assert_row(!vm_str_contains(text, VM_STR("  ")) && !vm_str_contains(text, VM_STR("%")),
		   label);
}

static void assert_text(const char *text)
{
	assert_non_null(text);
	assert_sentence(vm_str_from(text));
}

static struct vm_str next_line(struct vm_str *rest)
{
	struct vm_str line = { rest->p, vm_str_find(*rest, '\n') };

	*rest = vm_str_skip(*rest, line.len + 1);
	return line;
}

TEST(every_text_of_the_tables_is_a_sentence)
{
	for (enum vm_kind kind = 0; kind < VM_KIND_COUNT; kind++)
		assert_text(vm_kind_text(kind));
	for (enum vm_sentence sentence = 0; sentence < VM_SENTENCE_COUNT; sentence++)
		assert_text(vm_sentence(sentence));
	for (enum vm_origin i = 0; i < VM_ORIGIN_COUNT; i++) {
		const struct vm_origin_text *origin = vm_origin_text(i);

		assert_text(origin->pages);
		assert_text(origin->fork_unwritten);
		assert_text(origin->resident_none);
		assert_text(origin->resident_part);
		for (enum vm_sharing sharing = 0; sharing < VM_SHARING_COUNT; sharing++) {
			assert_text(origin->write[sharing]);
			assert_text(origin->refused[sharing]);
			assert_text(origin->fork[sharing]);
		}
	}
}

TEST(every_kind_is_told_in_its_own_words)
{
	for (enum vm_kind a = 0; a < VM_KIND_COUNT; a++) {
		for (enum vm_kind b = 0; b < a; b++)
			assert_string_not_equal(vm_kind_text(a), vm_kind_text(b));
	}
}

TEST(mappings_with_a_known_name_are_told_by_it)
{
	static const struct {
		const char *name, *what;
	} rows[] = {
		{ "[stack]", "main thread's stack" },
		{ "[stack:42]", "[stack:TID]" },
		{ "[vdso]", "rarely needs a system call" },
		{ "[vvar]", "data of the vdso" },
		{ "[vvar_vclock]", "hypervisor" },
		{ "[vsyscall]", "never moves" },
		{ "[vectors]", "ARM" },
		{ "[sigpage]", "sigreturn(2)" },
		{ "[uprobes]", "(uprobes) replaced" },
		{ "[uprobes-trampoline]", "enter the kernel" },
		{ "/[aio] (deleted)", "io_setup(2)" },
		{ "/secretmem (deleted)", "memfd_secret(2)" },
		{ "/i915 (deleted)", "graphics" },
		{ "/drm mm object (deleted)", "graphics" },
		{ "/dev/ashmem/x (deleted)", "Android" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct vm_named_text *named = vm_named_text(vm_str_from(rows[i].name));

		assert_row(named, rows[i].name);
		assert_text(named->what);
		assert_row(strstr(named->what, rows[i].what), rows[i].name);
		if (named->fork)
			assert_text(named->fork);
		if (named->pages)
			assert_text(named->pages);
	}
	assert_null(vm_named_text(VM_STR("")));
	assert_null(vm_named_text(VM_STR("/dev/i915")));
	assert_null(vm_named_text(VM_STR("[vdso")));
	assert_null(vm_named_text(VM_STR("[something new]")));
}

static const char *const perms_of[] = {
	"---", "--x", "-w-", "-wx", "r--", "r-x", "rw-", "rwx",
};
static const char *const flags_of[] = {
	NULL, "", "rd mr mw me", "rd mr", "dc sl", "mw wf lo", "ht", "dp ss",
};
static const uint64_t bytes_of[] = { 0, 4096, 60000, 65536, UINT64_MAX };

/* Sentences, then facts from Range on. */
static void check_explanation(const struct vm_mapping *mapping)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	struct vm_str rest;
	size_t count = 0;

	vm_explain(&text, mapping, VM_STR("00ff"));
	assert_false(text.failed);
	for (rest = vm_buf_str(&text); !vm_str_starts(rest, VM_STR("Range ")); count++) {
		struct vm_str line = next_line(&rest);

		assert_sentence(line);
		assert_row(!vm_str_contains(line, VM_STR("{")), label_of(line));
	}
	assert_in_range(count, 5, 20);
	assert_true(vm_str_contains(rest, VM_STR("\nBuild-id 00ff")));
}

static void check_numbers(struct vm_mapping mapping)
{
	uint64_t values[VM_FIELD_COUNT];

	check_explanation(&mapping);
	mapping.usage.present = (UINT64_C(1) << VM_FIELD_COUNT) - 1;
	mapping.usage.values = values;
	for (size_t i = 0; i < COUNT(bytes_of); i++) {
		for (size_t field = 0; field < VM_FIELD_COUNT; field++)
			values[field] = bytes_of[i];
		mapping.usage.nonzero = bytes_of[i] ? mapping.usage.present : 0;
		check_explanation(&mapping);
	}
}

static void check_flags(struct vm_mapping mapping)
{
	for (size_t i = 0; i < COUNT(flags_of); i++) {
		mapping.vm_flags = vm_str_from(flags_of[i]);
		check_numbers(mapping);
	}
}

TEST(every_kind_backing_sharing_and_perms_are_told_in_sentences)
{
	struct vm_mapping mapping = { .start = 0x10000, .end = 0x20000, .deleted = true };

	for (uint8_t kind = 0; kind < VM_KIND_COUNT; kind++) {
		for (uint8_t backing = 0; backing < VM_BACKING_COUNT; backing++) {
			for (size_t i = 0; i < 2 * COUNT(perms_of); i++) {
				memcpy(mapping.perms, perms_of[i / 2], 3);
				mapping.perms[3] = "ps"[i % 2];
				mapping.kind = kind;
				mapping.backing = backing;
				check_flags(mapping);
			}
		}
	}
}

TEST(every_flag_of_the_kernel_is_known_and_a_few_words)
{
	struct vm_str codes = VM_STR("rd wr ex sh mr mw me ms gd pf dw lo io sr rr dc de ac nr ht "
				     "sf ar wf dd sd mm hg nh mg bt mt um uw ui ss sl lf dp gu nl "
				     "mp ??");
	const struct vm_flag_info *infos;
	size_t count, known = 0;

	infos = vm_flag_infos(&count);
	for (; codes.len; codes = vm_str_skip(codes, 3), known++)
		assert_non_null(vm_flag_info((struct vm_str){ codes.p, 2 }));
	assert_int_equal(known, count);
	for (size_t i = 0; i < count; i++) {
		struct vm_str help = vm_str_from(infos[i].help);

		/* Twice the same code would find the first row. */
		assert_ptr_equal(vm_flag_info(vm_str_from(infos[i].code)), &infos[i]);
		assert_row(help.len > 5 && help.len <= 76 && is_safe(help), infos[i].code);
		assert_row(!vm_str_ends(help, VM_STR(".")), infos[i].code);
	}
	assert_null(vm_flag_info(VM_STR("zz")));
	assert_null(vm_flag_info(VM_STR("rdx")));
	assert_null(vm_flag_info(VM_STR("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_text_of_the_tables_is_a_sentence),
		cmocka_unit_test(every_kind_is_told_in_its_own_words),
		cmocka_unit_test(mappings_with_a_known_name_are_told_by_it),
		cmocka_unit_test(every_kind_backing_sharing_and_perms_are_told_in_sentences),
		cmocka_unit_test(every_flag_of_the_kernel_is_known_and_a_few_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

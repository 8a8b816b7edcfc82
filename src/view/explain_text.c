#include "explain_private.h"

#include <assert.h>

#include "vmview/explain.h"

/*
 * Checked against the manual pages mmap(2), mprotect(2), fork(2), madvise(2), memfd_create(2),
 * shmget(2), shm_overview(7), proc_pid_maps(5) and proc_pid_smaps(5), and the kernel's fs/proc/task_mmu.c
 * where these say little. Short sentences: most shall fit into one row of 80 columns.
 */
/* clang-format off */
static const char *const kind_texts[] = {
	[VM_KIND_KERNEL] =
		"A mapping that the kernel made itself; its name in brackets tells the purpose.",
	[VM_KIND_STACK] =
		"A thread's stack: a stack pointer lies in it. It does not grow by itself.",
	[VM_KIND_HEAP] =
		"The heap (brk(2)): malloc() keeps its small blocks here, even most freed ones.",
	[VM_KIND_HUGETLB] =
		"Memory in huge pages: fewer, larger pages make address translation cheaper.",
	[VM_KIND_SYSV_SHM] =
		"System V shared memory, id {n} in `ipcs -m`: it lasts until it is removed.",
	[VM_KIND_POSIX_SHM] =
		"POSIX shared memory: a file in /dev/shm, a file system in memory (shm_open(3)).",
	[VM_KIND_MEMFD] =
		"A memfd: memory behind a file descriptor, without a path (memfd_create(2)).",
	[VM_KIND_SHARED_ANON] =
		"Shared anonymous memory, without a path: processes get it through fork(2).",
	[VM_KIND_RESERVED] =
		"Addresses without access (PROT_NONE): a guard page, or room kept for later.",
	[VM_KIND_ANON] =
		"Private anonymous memory: big malloc() blocks, arenas, runtimes' heaps, .bss.",
	[VM_KIND_DEVICE] =
		"Memory of a device or its driver, mapped for use without system calls.",
	[VM_KIND_ANON_INODE] =
		"A kernel object without a path, mapped through its file descriptor.",
	[VM_KIND_CODE] =
		"Machine code of a program or library: a file mapped so that it may be executed.",
	[VM_KIND_DATA] =
		"A part of a program or library that is not code.",
	[VM_KIND_MAPPED_FILE] =
		"A file mapped with mmap(2), to be used like an array in memory.",
};
static_assert(sizeof(kind_texts) / sizeof(kind_texts[0]) == VM_KIND_COUNT, "explain every kind");

static const struct vm_named_text named_texts[] = {
	{ "[stack]",
	  "The main thread's stack: it grows down by itself, as far as `ulimit -s` allows.",
	  NULL, NULL },
	{ "[stack:*",
	  "A thread's stack, by the name that Linux 3.4 to 4.4 gave it: [stack:TID].",
	  NULL, NULL },
	{ "[vdso]",
	  "The kernel's vdso library: with it, reading a clock rarely needs a system call.",
	  NULL, NULL },
	{ "[vvar]",
	  "The data of the vdso: clock readings and more that the kernel keeps up to date.",
	  NULL, NULL },
	{ "[vvar_vclock]",
	  "The data through which the vdso reads a hypervisor's clock in a virtual machine.",
	  NULL, NULL },
	{ "[vsyscall]",
	  "Three system calls of old 64-bit x86 programs, at an address that never moves.",
	  "It is in every process at this address, whatever fork(2) or munmap(2) do.", NULL },
	{ "[vectors]",
	  "The vector page of ARM, at a fixed address, with helper functions for programs.",
	  NULL, NULL },
	{ "[sigpage]",
	  "Code that signal handlers return through on ARM: it calls sigreturn(2).",
	  NULL, NULL },
	{ "[uprobes]",
	  "Instructions that probes of a tracer (uprobes) replaced: they run from here.",
	  "fork(2) leaves it out: the child gets its own where it needs one.", NULL },
	{ "[uprobes-trampoline]",
	  "The way by which a tracer's probes (uprobes) enter the kernel quickly.",
	  "fork(2) does not share it: the child gets its own where it needs one.", NULL },
	{ "/[aio] (deleted)",
	  "The ring in which the kernel tells of I/O that is done (io_setup(2)).",
	  NULL, NULL },
	{ "/secretmem (deleted)",
	  "Secret memory, behind a file descriptor (memfd_secret(2)).",
	  NULL,
	  "Pages start as zeros; not even the kernel reads them, and they never go to swap." },
	{ "/i915 (deleted)",
	  "A buffer that is shared with the graphics processor, by its driver.",
	  NULL, NULL },
	{ "/drm mm object (deleted)",
	  "A buffer that is shared with the graphics processor, by its driver.",
	  NULL, NULL },
	{ "/dev/ashmem*",
	  "Android's shared memory (ashmem): an object behind a file descriptor.",
	  NULL, NULL },
};

static const char data_writable[] =
	"Variables of a program or library, with first values from its file (.data).";
static const char data_readable[] =
	"Read-only data of a program or library: constants, symbols, relocated tables.";
static const char data_gap[] =
	"A gap between the parts of a library, kept so that nothing else lands in it.";

static const char copied_on_write[] =
	"After fork(2) parent and child share each page until one writes and gets a copy.";
static const char seen_by_both[] =
	"After fork(2) the child maps the same memory: each sees what the other writes.";
static const char shares_pages[] =
	"After fork(2) the child has the same mapping and shares the pages.";
static const char seen_here[] =
	"Only this process, with all of its threads, sees what is written.";
static const char seen_by_all[] =
	"Every process that maps the same memory sees a write at once.";
static const char refused_here[] =
	"A write ends with SIGSEGV, until mprotect(2) allows it: then no other sees it.";
static const char refused_copy[] =
	"A write ends with SIGSEGV, until mprotect(2) allows it: then it copies the page.";
static const char refused_all[] =
	"A write ends with SIGSEGV, unless mprotect(2) allows it: then all see it.";
static const char resident_part[] = "{} of {} are in memory (RSS).";

static const struct vm_origin_text origin_texts[] = {
	[VM_ORIGIN_FILE] = {
		"Pages come from the file at the first touch: from disk, or from the page cache.",
		{ "A write copies the page first (copy-on-write): the file and others never see it.",
		  "Writes go to the file: all who use it see them at once; its storage follows." },
		{ refused_copy,
		  "A write ends with SIGSEGV, unless mprotect(2) allows it: then the file changes." },
		{ copied_on_write, seen_by_both },
		shares_pages,
		"None is in memory for this process (RSS 0): untouched so far, or taken back.",
		"{} of {} are in memory here (RSS); the rest is fetched when it is touched.",
	},
	[VM_ORIGIN_ZERO] = {
		"Pages come from no file: they start as zeros and take memory once written to.",
		{ seen_here, seen_by_all },
		{ refused_here, refused_all },
		{ copied_on_write, seen_by_both },
		shares_pages,
		"None is in memory (RSS 0): untouched so far, given back, or swapped out.",
		"{} of {} are in memory (RSS); the rest is untouched, given back or swapped.",
	},
	[VM_ORIGIN_OBJECT] = {
		"Pages belong to the object: they start as zeros and may go to swap, to no file.",
		{ "A write copies the page first (copy-on-write): the object does not change.",
		  "Every process that maps the same object sees a write at once." },
		{ refused_copy, refused_all },
		{ copied_on_write, seen_by_both },
		shares_pages,
		"None is in memory for this process (RSS 0): untouched here, or swapped out.",
		"{} of {} are in memory here (RSS); the rest is untouched here or swapped out.",
	},
	[VM_ORIGIN_HUGE] = {
		"Pages come from the pool of huge pages, start as zeros and are never swapped.",
		{ seen_here, seen_by_all },
		{ refused_here, refused_all },
		{ copied_on_write, seen_by_both },
		shares_pages,
		"RSS is 0: it never counts hugetlb pages.",
		resident_part,
	},
	[VM_ORIGIN_HUGE_FILE] = {
		"Pages belong to a hugetlbfs file: it is in memory only and never swapped.",
		{ "A write copies the page first (copy-on-write): the file and others never see it.",
		  "Every process that maps the same file sees a write at once; no disk is involved." },
		{ refused_copy, refused_all },
		{ copied_on_write, seen_by_both },
		shares_pages,
		"RSS is 0: it never counts hugetlb pages.",
		resident_part,
	},
	[VM_ORIGIN_KERNEL] = {
		"Pages are the kernel's own: no file stands behind them.",
		{ "What a write changes is up to the kernel, which made this mapping.",
		  "What a write changes is up to the kernel, which made this mapping." },
		{ "A write ends with SIGSEGV: no process changes what the kernel keeps here.",
		  "A write ends with SIGSEGV: no process changes what the kernel keeps here." },
		{ "A child made by fork(2) has it too.", "A child made by fork(2) has it too." },
		"A child made by fork(2) has it too.",
		"RSS is 0: none of it counts as memory of this process.",
		resident_part,
	},
	[VM_ORIGIN_DRIVER] = {
		"Pages are those of a driver or kernel object, which decides what they hold.",
		{ "A write, where the driver allows one, copies the page first (copy-on-write).",
		  "Writes go to the driver or kernel object itself, which decides what they do." },
		{ refused_copy,
		  "A write ends with SIGSEGV; the driver decides if mprotect(2) may allow it." },
		{ "After fork(2) the child has the same mapping, unless the driver objects (dc).",
		  "After fork(2) the child has the same mapping, unless the driver objects (dc)." },
		"After fork(2) the child has the same mapping, unless the driver objects (dc).",
		"RSS is 0: untouched, or memory that a driver maps directly, which never counts.",
		resident_part,
	},
	[VM_ORIGIN_NOWHERE] = {
		"No page can be touched, so none is added, as long as access is forbidden.",
		{ seen_here, seen_by_all },
		{ refused_here, refused_all },
		{ copied_on_write, seen_by_both },
		shares_pages,
		"None is in memory (RSS 0): untouched so far, given back, or swapped out.",
		"{} of {} are in memory (RSS), touched before access was forbidden.",
	},
};
static_assert(sizeof(origin_texts) / sizeof(origin_texts[0]) == VM_ORIGIN_COUNT,
	      "explain every origin");

static const unsigned char origins[] = {
	[VM_KIND_KERNEL] = VM_ORIGIN_KERNEL,
	[VM_KIND_STACK] = VM_ORIGIN_ZERO,
	[VM_KIND_HEAP] = VM_ORIGIN_ZERO,
	[VM_KIND_HUGETLB] = VM_ORIGIN_HUGE,
	[VM_KIND_SYSV_SHM] = VM_ORIGIN_OBJECT,
	[VM_KIND_POSIX_SHM] = VM_ORIGIN_OBJECT,
	[VM_KIND_MEMFD] = VM_ORIGIN_OBJECT,
	[VM_KIND_SHARED_ANON] = VM_ORIGIN_OBJECT,
	[VM_KIND_RESERVED] = VM_ORIGIN_NOWHERE,
	[VM_KIND_ANON] = VM_ORIGIN_ZERO,
	[VM_KIND_DEVICE] = VM_ORIGIN_DRIVER,
	[VM_KIND_ANON_INODE] = VM_ORIGIN_DRIVER,
	[VM_KIND_CODE] = VM_ORIGIN_FILE,
	[VM_KIND_DATA] = VM_ORIGIN_FILE,
	[VM_KIND_MAPPED_FILE] = VM_ORIGIN_FILE,
};
static_assert(sizeof(origins) == VM_KIND_COUNT, "every kind has an origin");

static const char *const sentences[] = {
	[VM_SENTENCE_SHADOW_STACK] =
		"A shadow stack: the processor keeps return addresses here to check them.",
	[VM_SENTENCE_DELETED] =
		"The file has lost its name (deleted, replaced); its content stays while in use.",
	[VM_SENTENCE_WRITE_EXECUTE] =
		"Writable and executable (W+X): JIT compilers do it, attackers look for it.",
	[VM_SENTENCE_NO_ACCESS] =
		"Any access ends with SIGSEGV, until mprotect(2) allows it.",
	[VM_SENTENCE_NO_ACCESS_SEALED] =
		"Any access ends with SIGSEGV, for good: mseal(2) forbids mprotect(2).",
	[VM_SENTENCE_READ_ONLY] =
		"A write ends with SIGSEGV, for good: it was opened or sealed for reading only.",
	[VM_SENTENCE_READ_ONLY_SEALED] =
		"A write ends with SIGSEGV, for good: mseal(2) forbids mprotect(2).",
	[VM_SENTENCE_FORK_LEFT_OUT] =
		"fork(2) leaves it out (dc): the child has nothing here.",
	[VM_SENTENCE_FORK_WIPED] =
		"fork(2) does not copy it (wf): the child finds zeros here instead.",
	[VM_SENTENCE_FORK_NO_ACCESS] =
		"After fork(2) the child has the same range, without access.",
	[VM_SENTENCE_NOTHING_READ] =
		"Not known without smaps: how much is in memory, and what madvise(2) changed.",
	[VM_SENTENCE_NO_RSS] =
		"This kernel does not report how much of it is in memory (no Rss).",
	[VM_SENTENCE_RESIDENT_ALL] = "All {} are in memory (RSS).",
	[VM_SENTENCE_RESIDENT_NO_COST] = "It uses no memory (RSS 0), only addresses.",
	[VM_SENTENCE_HUGETLB_PART] =
		"{} of {} are in use, in pages of {}; RSS never counts hugetlb pages.",
	[VM_SENTENCE_HUGETLB_NONE] =
		"No huge page is in use here so far; RSS never counts hugetlb pages.",
	[VM_SENTENCE_HUGETLB_UNKNOWN] =
		"This kernel does not report how much is in use; RSS never counts hugetlb pages.",
	[VM_SENTENCE_COPIED] =
		"{} are copies made by writes (Anonymous); only swap can take them out of memory.",
	[VM_SENTENCE_COPIED_READ_ONLY] =
		"{} are copies (Anonymous), written before it became read-only or by a debugger.",
	[VM_SENTENCE_COPIED_NONE] = "No page was written and so copied (Anonymous 0).",
	[VM_SENTENCE_COPIED_UNKNOWN] =
		"This kernel does not report how much was copied on write (no Anonymous).",
	[VM_SENTENCE_SHARED_PSS] =
		"{} are mapped elsewhere too now (Shared_*); the fair share (PSS) is {}.",
	[VM_SENTENCE_SHARED_PRIVATE_PSS] =
		"Private, yet {} are mapped elsewhere too (Shared_*); fair share (PSS): {}.",
	[VM_SENTENCE_SHARED] = "{} are mapped elsewhere too now (Shared_*).",
	[VM_SENTENCE_SHARED_NONE] =
		"Shared, yet nothing else maps these pages at the moment (Shared_* 0).",
	[VM_SENTENCE_DIRTY] =
		"{} are dirty: no file to write them back to, so only swap can take them out.",
	[VM_SENTENCE_DROPPABLE] =
		"MAP_DROPPABLE: the kernel may discard these pages; they are zeros afterwards.",
	[VM_SENTENCE_DIRTY_FILE] = "{} are dirty: changed since they were last written to the file's storage.",
	[VM_SENTENCE_SWAPPED] = "{} are swapped out and come back when they are touched.",
	[VM_SENTENCE_LOCKED] = "Locked by mlock(2): what is in memory stays there (Locked {}).",
	[VM_SENTENCE_HUGE_PAGES] =
		"{} are in transparent huge pages, which make address translation cheaper.",
	[VM_SENTENCE_LAZY_FREE] =
		"{} are given up (MADV_FREE): the kernel takes them when memory gets short.",
	[VM_SENTENCE_MERGED] = "{} are merged with equal pages (KSM) until they are written to.",
	[VM_SENTENCE_NO_FLAGS] = "This kernel does not report VmFlags (Linux 3.8 and later do).",
};
static_assert(sizeof(sentences) / sizeof(sentences[0]) == VM_SENTENCE_COUNT,
	      "write every sentence");

/*
 * As fs/proc/task_mmu.c and Documentation/filesystems/proc.rst name them, about in the order of their bits.
 */
static const struct vm_flag_info flags[] = {
	{ "rd", "readable" },
	{ "wr", "writable" },
	{ "ex", "executable" },
	{ "sh", "shared, and what it maps is open for writing" },
	{ "mr", "may be made readable by mprotect(2)" },
	{ "mw", "may be made writable by mprotect(2)" },
	{ "me", "may be made executable by mprotect(2)" },
	{ "ms", "mapped with MAP_SHARED" },
	{ "gd", "grows down, as a stack does" },
	{ "um", "userfaultfd(2) handles missing pages" },
	{ "pf", "bare page frames of a driver, which RSS does not count" },
	{ "gu", "may hold guard regions (MADV_GUARD_INSTALL)" },
	{ "dw", "writing to the mapped file was denied (kernels before 5.15)" },
	{ "uw", "userfaultfd(2) watches writes" },
	{ "lo", "locked in memory by mlock(2)" },
	{ "io", "memory of a device (I/O), left out of core dumps" },
	{ "sr", "will be read in order (MADV_SEQUENTIAL)" },
	{ "rr", "will be read at random (MADV_RANDOM)" },
	{ "dc", "not copied by fork(2) (MADV_DONTFORK)" },
	{ "de", "cannot be enlarged by mremap(2)" },
	{ "lf", "locked page by page as they are touched (MLOCK_ONFAULT)" },
	{ "ac", "counts towards the limit on committed memory" },
	{ "nr", "no swap space reserved (MAP_NORESERVE)" },
	{ "ht", "huge pages of hugetlb" },
	{ "sf", "synchronous page faults, for persistent memory (MAP_SYNC)" },
	{ "nl", "nonlinear mapping (kernels before 4.0)" },
	{ "ar", "a flag of this processor architecture" },
	{ "wf", "the child of a fork(2) finds zeros (MADV_WIPEONFORK)" },
	{ "dd", "left out of core dumps (MADV_DONTDUMP)" },
	{ "bt", "guarded by branch target identification (arm64)" },
	{ "sd", "soft-dirty: made or resized since the soft-dirty bits were cleared" },
	{ "mm", "mixed: bare page frames and ordinary pages" },
	{ "hg", "transparent huge pages are wanted (MADV_HUGEPAGE)" },
	{ "nh", "no transparent huge pages (MADV_NOHUGEPAGE)" },
	{ "mg", "equal pages may be merged, KSM (MADV_MERGEABLE)" },
	{ "mp", "bounds tables of Intel MPX (kernels before 5.6)" },
	{ "mt", "memory tags are in use (arm64 MTE)" },
	{ "ui", "userfaultfd(2) handles pages that are there but not mapped" },
	{ "ss", "shadow stack: return addresses kept by the processor" },
	{ "dp", "may be dropped when memory is short (MAP_DROPPABLE)" },
	{ "sl", "sealed by mseal(2): cannot be unmapped, moved or changed" },
	{ "??", "a flag that the kernel prints no code for" },
};
/* clang-format on */

const char *vm_kind_text(enum vm_kind kind)
{
	assert(kind < VM_KIND_COUNT);
	return kind_texts[kind];
}

const char *vm_data_text(const struct vm_mapping *mapping)
{
	if (vm_mapping_writable(mapping))
		return data_writable;
	return vm_mapping_readable(mapping) ? data_readable : data_gap;
}

static bool is_name(struct vm_str name, struct vm_str pattern)
{
	if (!vm_str_ends(pattern, VM_STR("*")))
		return vm_str_equal(name, pattern);
	pattern.len--;
	return vm_str_starts(name, pattern);
}

const struct vm_named_text *vm_named_text(struct vm_str name)
{
	for (size_t i = 0; i < sizeof(named_texts) / sizeof(named_texts[0]); i++) {
		if (is_name(name, vm_str_from(named_texts[i].name)))
			return &named_texts[i];
	}
	return NULL;
}

enum vm_origin vm_origin_of(enum vm_kind kind, enum vm_backing backing)
{
	assert(kind < VM_KIND_COUNT);
	if (kind == VM_KIND_HUGETLB && backing == VM_BACKING_FILE)
		return VM_ORIGIN_HUGE_FILE;
	return origins[kind];
}

const struct vm_origin_text *vm_origin_text(enum vm_origin origin)
{
	assert(origin < VM_ORIGIN_COUNT);
	return &origin_texts[origin];
}

const char *vm_sentence(enum vm_sentence sentence)
{
	assert(sentence < VM_SENTENCE_COUNT);
	return sentences[sentence];
}

const struct vm_flag_info *vm_flag_infos(size_t *count)
{
	*count = sizeof(flags) / sizeof(flags[0]);
	return flags;
}

const struct vm_flag_info *vm_flag_info(struct vm_str code)
{
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (vm_str_equal(code, vm_str_from(flags[i].code)))
			return &flags[i];
	}
	return NULL;
}

/*
 * What changed between two snapshots of one process, told as what a reader of mmap(2), munmap(2),
 * mprotect(2) and brk(2) would call it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmview/snapshot.h"

enum vm_change_type {
	VM_CHANGE_NEW,    /* mapped where nothing was, or instead of something else */
	VM_CHANGE_GONE,   /* unmapped */
	VM_CHANGE_GROWN,  /* an end moved out: brk, the stack, mremap, a new neighbour joined */
	VM_CHANGE_SHRUNK, /* an end moved in: its first or last part was unmapped */
	VM_CHANGE_PERMS,  /* the whole of it has other permissions */
	VM_CHANGE_SPLIT,  /* one became several: mprotect of a part, munmap of the middle, ... */
	VM_CHANGE_MERGED, /* several became one */
	VM_CHANGE_COUNT
};

struct vm_change_info {
	const char *name; /* as in logs and JSON */
	char mark;        /* + - ^ v ~ and, for split and merged, / and = */
	const char *help; /* one line: what a program does to bring it about */
};

const struct vm_change_info *vm_change_info(enum vm_change_type type);

/*
 * One change. Mappings are given by index and number: those of @before that are meant stand side by
 * side there, those of @after likewise. NEW has no before, GONE no after, one of the other; GROWN,
 * SHRUNK and PERMS have one of each; SPLIT one before and several after; MERGED several before and
 * one after.
 *
 * Where something else was mapped over the middle of what is SPLIT, it stands among the parts: such
 * @others are counted here and told as NEW by changes of their own, further on. So are, as GONE,
 * those between the parts of what is MERGED.
 */
struct vm_change {
	enum vm_change_type type;
	size_t before, before_count;
	size_t after, after_count;
	size_t others;      /* of those side by side, how many are no parts; else 0 */
	int64_t delta;      /* bytes of address space won; negative: lost */
	bool perms_changed; /* of the whole (PERMS, GROWN, SHRUNK) or of parts (SPLIT, MERGED) */
};

struct vm_changes {
	struct vm_change *items; /* by the lowest address of their mappings, ascending */
	size_t count, cap;
};

void vm_changes_deinit(struct vm_changes *changes);

/*
 * Find what turned @before into @after; both must be arranged (sorted, without overlaps). Time is
 * linear. 0, or -ENOMEM with @changes (which must be zeroed) empty.
 *
 * Two mappings at overlapping addresses are the same object when both are shared or both private
 * and both map the same file (device and inode) with the same offset for each address; without a
 * file, when both are private anonymous memory or have the same name. Names of anonymous memory
 * ([heap], [stack], [anon:NAME], none) and of files can change and are not compared; such a change
 * is not told, nor is one of numbers (RSS and so on). Of a mapping without a size nothing is told.
 *
 * Every mapping is in one change, or in none where nothing changed, except:
 * - Where one end moved in and the other out, SHRUNK and GROWN tell of the same two mappings, the
 *   lower end first. That the permissions changed as well is told with the first.
 * - Where the boundary between neighbours moved (mprotect of a part that lies beside one with these
 *   permissions already), one has SHRUNK and the other GROWN: nothing was split or merged. Memory
 *   that went over is counted in both, as lost and as won.
 *
 * All deltas add up to the size after less the size before. From @after to @before the changes are
 * the same with NEW and GONE, GROWN and SHRUNK, SPLIT and MERGED exchanged and deltas negated.
 */
int vm_changes_find(const struct vm_snapshot *before, const struct vm_snapshot *after,
		    struct vm_changes *changes);

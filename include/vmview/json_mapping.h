/*
 * Mappings as members of JSON objects, and their sums.
 *
 * Columns (vmview/column.h) are keys, `address` as "start". Sizes are integers in bytes, addresses strings, flags
 * arrays; what is not reported is absent. The bytes of a name that is no UTF-8 are in "path_hex" as well.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmview/column.h"
#include "vmview/json.h"

struct vm_json_mappings {
	/* the writer's own */
	struct vm_json *json;
	bool extras;        /* and what smaps has that no column tells */
	struct vm_buf keys; /* `,"KEY":` of each that is not a number of smaps: */
	struct vm_json_plain {
		enum vm_column column;
		enum vm_column_type type;
		size_t key, key_len;
	} plain[VM_COLUMN_COUNT];
	size_t plain_count;
	enum vm_column numbers[VM_COLUMN_COUNT];
	size_t number_count;

	/* the numbers of mappings that report @present: text in which all are 0, and where these are */
	struct vm_buf zeros;
	struct vm_json_slot {
		enum vm_column column;
		uint64_t fields; /* that make it more than 0: bit per enum vm_field */
		size_t zero;
	} slots[VM_COLUMN_COUNT];
	size_t slot_count;
	uint64_t present;
	bool has_slots;

	struct vm_buf extra_key;
	uint64_t count, sums[VM_COLUMN_COUNT];
	bool summed[VM_COLUMN_COUNT]; /* some mapping reported it */
};

/*
 * Write to @json: @count of @columns, or where there are none all that is reported, fields that vmview does not
 * know included: those under their key in lower case.
 */
void vm_json_mappings_init(struct vm_json_mappings *mappings, struct vm_json *json,
			   const enum vm_column *columns, size_t count);
void vm_json_mappings_deinit(struct vm_json_mappings *mappings);

/*
 * The members of a classified mapping, into the object that is open; and add it to the sums. 0, -ENOMEM, or -E2BIG with
 * nothing written for captures with more different fields than make sense. Of fields that would have the same key the
 * first one counts.
 */
int vm_json_mapping(struct vm_json_mappings *mappings, const struct vm_mapping *mapping);

/* The sums of what can be summed and was reported, and "count", the mappings; then begin anew. Into an open object. */
void vm_json_totals(struct vm_json_mappings *mappings);

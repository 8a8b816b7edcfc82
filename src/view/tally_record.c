#include "csv.h"
#include "tally_private.h"
#include "vmview/tally_text.h"

void vm_kinds_put(struct vm_buf *text, uint32_t kinds)
{
	for (uint32_t rest = kinds; rest; rest &= rest - 1) {
		if (rest != kinds)
			vm_buf_put_char(text, ',');
		vm_buf_put_text(text, vm_kind_info((enum vm_kind)__builtin_ctz(rest))->name);
	}
}

void vm_tally_put_csv_names(struct vm_buf *text)
{
	for (enum vm_tally_column column = 0; column < VM_TALLY_COLUMN_COUNT; column++) {
		if (column)
			vm_buf_put_char(text, ',');
		vm_buf_put_text(text, vm_tally_column_name(column));
	}
	vm_buf_put_text(text, "\r\n");
}

static void put_kinds(struct vm_buf *text, uint32_t kinds)
{
	struct vm_buf list = { 0 };

	vm_kinds_put(&list, kinds);
	vm_csv_put_text(text, vm_buf_str(&list), false);
	text->failed |= list.failed;
	vm_buf_deinit(&list);
}

void vm_tally_put_csv(struct vm_buf *text, const struct vm_tally_row *row, bool terminal)
{
	for (enum vm_tally_column column = 0; column < VM_TALLY_COLUMN_COUNT; column++) {
		if (column)
			vm_buf_put_char(text, ',');
		if (column == VM_TALLY_NAME)
			vm_csv_put_text(text, row->name, terminal);
		else if (column == VM_TALLY_KIND)
			put_kinds(text, row->kinds);
		else if (vm_tally_has(row, column))
			vm_buf_put_dec(text, vm_tally_number(row, column), 0, ' ');
	}
	vm_buf_put_text(text, "\r\n");
}

/* What is not reported is absent. */
static void put_numbers(struct vm_json *json, const struct vm_tally_row *row, bool several)
{
	if (several)
		vm_json_number(json, "processes", row->processes);
	vm_json_number(json, "count", row->mappings);
	for (enum vm_tally_column column = VM_TALLY_MEASURES; column < VM_TALLY_KIND; column++) {
		if (vm_tally_has(row, column))
			vm_json_number(json, vm_tally_column_name(column),
				       vm_tally_number(row, column));
	}
}

static void put_kind_names(struct vm_json *json, uint32_t kinds)
{
	vm_json_array(json, "kinds");
	for (uint32_t rest = kinds; rest; rest &= rest - 1)
		vm_json_text(json, NULL, vm_kind_info((enum vm_kind)__builtin_ctz(rest))->name);
	vm_json_end(json);
}

/* Of kinds the name is the kind. */
void vm_tally_put_json(struct vm_json *json, const char *key, const struct vm_tally *tally,
		       bool several)
{
	vm_json_array(json, key);
	for (size_t i = 0; i < tally->count; i++) {
		const struct vm_tally_row *row = &tally->rows[i];

		vm_json_line(json);
		vm_json_object(json, NULL);
		vm_json_bytes(json, "name", row->name);
		put_numbers(json, row, several);
		if (tally->key != VM_GROUP_KIND)
			put_kind_names(json, row->kinds);
		if (tally->key == VM_GROUP_FILE)
			vm_json_bool(json, "deleted", row->deleted);
		vm_json_end(json);
	}
	vm_json_end(json);
}

void vm_tally_put_json_total(struct vm_json *json, const char *key, const struct vm_tally *tally,
			     bool several)
{
	vm_json_line(json);
	vm_json_object(json, key);
	put_numbers(json, &tally->total, several);
	vm_json_end(json);
}

static void put_quantity(struct vm_json *json, const char *key, const struct vm_quantity *quantity)
{
	if (quantity->known == VM_KNOWN_NUMBER)
		vm_json_number(json, key, quantity->number);
}

static bool is_any_known(const struct vm_limits *limits)
{
	for (enum vm_limit_id id = 0; id < VM_LIMIT_COUNT; id++) {
		if (vm_limit_is_known(&limits->items[id]))
			return true;
	}
	return false;
}

void vm_limits_put_json(struct vm_json *json, const char *key, const struct vm_limits *limits)
{
	if (!is_any_known(limits))
		return;
	vm_json_line(json);
	vm_json_object(json, key);
	for (enum vm_limit_id id = 0; id < VM_LIMIT_COUNT; id++) {
		const struct vm_limit *limit = &limits->items[id];

		if (!vm_limit_is_known(limit))
			continue;
		vm_json_line(json);
		vm_json_object(json, vm_limit_info(id)->name);
		put_quantity(json, "now", &limit->now);
		put_quantity(json, "limit", &limit->most);
		if (limit->most.known == VM_KNOWN_UNLIMITED)
			vm_json_bool(json, "unlimited", true);
		if (limit->now.known == VM_KNOWN_UNREADABLE ||
		    limit->most.known == VM_KNOWN_UNREADABLE)
			vm_json_bool(json, "unreadable", true);
		vm_json_text(json, "source", limit->source);
		if (limit->group.len)
			vm_json_bytes(json, "group", vm_buf_str(&limit->group));
		vm_json_end(json);
	}
	vm_json_end(json);
}

#include "vmview/json_mapping.h"

#include <errno.h>

#include "json_private.h"
#include "vmview/scan.h"
#include "vmview/totals.h"

/* More different fields that vmview does not know than any kernel prints. */
#define EXTRA_LIMIT 256

/* What an object has where no columns are chosen; all that is in smaps comes behind it. */
static const enum vm_column usual[] = {
	VM_COLUMN_ADDRESS, VM_COLUMN_END,   VM_COLUMN_SIZE,  VM_COLUMN_PERMS,    VM_COLUMN_BACKING,
	VM_COLUMN_SHARING, VM_COLUMN_KIND,  VM_COLUMN_FLAGS, VM_COLUMN_DELETED,  VM_COLUMN_OFFSET,
	VM_COLUMN_DEVICE,  VM_COLUMN_INODE, VM_COLUMN_PATH,  VM_COLUMN_VM_FLAGS,
};

static const char *key_of(enum vm_column column)
{
	return column == VM_COLUMN_ADDRESS ? "start" : vm_column_info(column).name;
}

/* A key must not stand twice in an object. */
static bool has_column(const struct vm_json_mappings *mappings, enum vm_column column)
{
	for (size_t i = 0; i < mappings->plain_count; i++) {
		if (mappings->plain[i].column == column)
			return true;
	}
	for (size_t i = 0; i < mappings->number_count; i++) {
		if (mappings->numbers[i] == column)
			return true;
	}
	return false;
}

/* `,"KEY":` */
static void put_next_key(struct vm_buf *text, enum vm_column column)
{
	vm_buf_put_text(text, ",\"");
	vm_buf_put_text(text, key_of(column));
	vm_buf_put_text(text, "\":");
}

static void add_column(struct vm_json_mappings *mappings, enum vm_column column)
{
	size_t key = mappings->keys.len;

	if (has_column(mappings, column))
		return;
	if (vm_column_fields(column)) {
		mappings->numbers[mappings->number_count++] = column;
		return;
	}
	put_next_key(&mappings->keys, column);
	mappings->plain[mappings->plain_count++] =
		(struct vm_json_plain){ column, vm_column_info(column).type, key,
					mappings->keys.len - key };
}

static void add_all(struct vm_json_mappings *mappings)
{
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		add_column(mappings, usual[i]);
	for (enum vm_column column = 0; column < VM_COLUMN_COUNT; column++) {
		if (vm_column_fields(column) && vm_column_is_listed(column))
			add_column(mappings, column);
	}
}

void vm_json_mappings_init(struct vm_json_mappings *mappings, struct vm_json *json,
			   const enum vm_column *columns, size_t count)
{
	*mappings = (struct vm_json_mappings){ .json = json, .extras = !count };
	for (size_t i = 0; i < count; i++)
		add_column(mappings, columns[i]);
	if (!count)
		add_all(mappings);
}

void vm_json_mappings_deinit(struct vm_json_mappings *mappings)
{
	vm_buf_deinit(&mappings->keys);
	vm_buf_deinit(&mappings->zeros);
	vm_buf_deinit(&mappings->extra_key);
	*mappings = (struct vm_json_mappings){ 0 };
}

/* `rd wr` as `["rd","wr"]`. False: these are no words of two plain letters with single blanks between them. */
static bool put_codes(struct vm_buf *text, struct vm_str codes)
{
	char *room = vm_buf_reserve(text, 2 * codes.len + 5);
	size_t n = 0;

	if (!room || codes.len % 3 != 2)
		return !room;
	for (size_t i = 0; i + 2 <= codes.len; i += 3) {
		const char *c = codes.p + i;

		if (!vm_json_is_plain(c[0]) || !vm_json_is_plain(c[1]) ||
		    (i + 2 < codes.len && c[2] != ' '))
			return false;
		room[n++] = i ? ',' : '[';
		room[n++] = '"';
		room[n++] = c[0];
		room[n++] = c[1];
		room[n++] = '"';
	}
	room[n++] = ']';
	text->len += n;
	return true;
}

static void put_words(struct vm_buf *text, struct vm_str words, char separator)
{
	char before = '[';

	while (words.len) {
		size_t len = vm_str_find(words, separator);

		if (len) {
			vm_buf_put_char(text, before);
			vm_json_put_quoted(text, (struct vm_str){ words.p, len });
			before = ',';
		}
		words = vm_str_skip(words, len + 1);
	}
	vm_buf_put_text(text, before == '[' ? "[]" : "]");
}

static void put_text(struct vm_buf *text, enum vm_column column, struct vm_str value)
{
	if (column == VM_COLUMN_FLAGS)
		put_words(text, value, ',');
	else if (column != VM_COLUMN_VM_FLAGS)
		vm_json_put_quoted(text, value);
	else if (!put_codes(text, value))
		put_words(text, value, ' ');
}

/* As text, for not every reader has integers of 64 bits. */
static void put_address(struct vm_buf *text, uint64_t value)
{
	vm_buf_put(text, "\"0x", 3);
	vm_buf_put_hex(text, value, 1, '0');
	vm_buf_put_char(text, '"');
}

static void put_value(struct vm_buf *text, const struct vm_json_plain *plain,
		      const struct vm_mapping *m)
{
	char room[32];

	switch (plain->type) {
	case VM_TYPE_ADDRESS:
		put_address(text, vm_column_number(m, plain->column));
		break;
	case VM_TYPE_BYTES:
	case VM_TYPE_NUMBER:
	case VM_TYPE_HEX:
		vm_buf_put_dec(text, vm_column_number(m, plain->column), 0, ' ');
		break;
	case VM_TYPE_BOOL:
		vm_buf_put_text(text, vm_column_number(m, plain->column) ? "true" : "false");
		break;
	case VM_TYPE_TEXT:
		put_text(text, plain->column, vm_column_text(m, plain->column, room));
		break;
	}
}

/* Names are anything; the other texts are made of plain words. */
static bool is_name(enum vm_column column)
{
	return column == VM_COLUMN_PATH || column == VM_COLUMN_MAPPING;
}

static void put_plain(struct vm_json_mappings *mappings, const struct vm_json_plain *plain,
		      const struct vm_mapping *m)
{
	struct vm_json *json = mappings->json;
	struct vm_str key = { mappings->keys.p + plain->key, plain->key_len };
	char room[32];

	if (plain->column == VM_COLUMN_VM_FLAGS && !m->vm_flags.p)
		return;
	if (is_name(plain->column)) {
		vm_json_bytes(json, key_of(plain->column), vm_column_text(m, plain->column, room));
		return;
	}
	vm_buf_put_str(json->text, vm_str_skip(key, vm_json_follow(json)));
	put_value(json->text, plain, m);
}

/* Mostly every mapping reports the same fields. */
static void make_slots(struct vm_json_mappings *mappings, const struct vm_mapping *m)
{
	mappings->slot_count = 0;
	vm_buf_clear(&mappings->zeros);
	for (size_t i = 0; i < mappings->number_count; i++) {
		enum vm_column column = mappings->numbers[i];

		if (!vm_column_has(m, column))
			continue;
		put_next_key(&mappings->zeros, column);
		vm_buf_put_char(&mappings->zeros, '0');
		mappings->slots[mappings->slot_count++] =
			(struct vm_json_slot){ column, vm_column_fields(column),
					       mappings->zeros.len - 1 };
		mappings->summed[column] = true;
	}
	mappings->present = m->usage.present;
	mappings->has_slots = true;
}

/* Most numbers are 0: what stands between the others is copied at once, for speed. */
static void put_numbers(struct vm_json_mappings *mappings, const struct vm_mapping *m)
{
	struct vm_buf *text = mappings->json->text;
	struct vm_str zeros;
	size_t at;

	if (!mappings->has_slots || mappings->present != m->usage.present)
		make_slots(mappings, m);
	text->failed |= mappings->zeros.failed;
	if (!mappings->slot_count || text->failed)
		return;
	zeros = vm_buf_str(&mappings->zeros);
	at = vm_json_follow(mappings->json);
	for (size_t i = 0; i < mappings->slot_count; i++) {
		const struct vm_json_slot *slot = &mappings->slots[i];
		uint64_t number;

		if (!(m->usage.nonzero & slot->fields))
			continue;
		number = vm_column_number(m, slot->column);
		vm_buf_put(text, zeros.p + at, slot->zero - at);
		vm_buf_put_dec(text, number, 0, ' ');
		at = slot->zero + 1;
		mappings->sums[slot->column] = vm_add_capped(mappings->sums[slot->column], number);
	}
	vm_buf_put_str(text, vm_str_skip(zeros, at));
}

/* What keys of fields get before or behind them. */
#define KERNEL "kernel_"
#define HEX "_hex"

static bool has_part(struct vm_str key, size_t at, struct vm_str part)
{
	return at + part.len <= key.len &&
	       vm_str_equal_fold((struct vm_str){ key.p + at, part.len }, part);
}

/* Names that differ in these only may become the same key. */
static struct vm_str stem(struct vm_str key)
{
	const struct vm_str before = VM_STR(KERNEL), behind = VM_STR(HEX);

	while (has_part(key, 0, before))
		key = vm_str_skip(key, before.len);
	while (key.len >= behind.len && has_part(key, key.len - behind.len, behind))
		key.len -= behind.len;
	return key;
}

/* Whether a field before this one may have the same key. */
static bool is_repeated(const struct vm_usage *usage, uint32_t extra)
{
	struct vm_str key = stem(usage->extras[extra].key);

	for (uint32_t i = 0; i < extra; i++) {
		if (vm_str_equal_fold(stem(usage->extras[i].key), key))
			return true;
	}
	return false;
}

/* The other keys of objects that mappings are in. */
static const char *const others[] = { "start", "time", "pid", "tid", "command", "source" };

/* Whether @key, or what its bytes would be told under, is one of ours: a field may be called anything. */
static bool is_taken(struct vm_str key)
{
	if (vm_str_ends(key, VM_STR(HEX)))
		key.len -= strlen(HEX);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (vm_str_equal(key, vm_str_from(others[i])))
			return true;
	}
	return vm_column_find(key) < VM_COLUMN_COUNT;
}

/* In lower case, with a NUL behind it; what would be taken for ours is the kernel's, as `kernel_size` is. */
static const char *make_key(struct vm_buf *key, struct vm_str name)
{
	size_t skip = 2 * strlen(KERNEL);

	vm_buf_clear(key);
	vm_buf_put_text(key, KERNEL KERNEL);
	for (size_t i = 0; i < name.len; i++)
		vm_buf_put_char(key, vm_lower(name.p[i]));
	while (skip && is_taken(vm_str_skip(vm_buf_str(key), skip)))
		skip -= strlen(KERNEL);
	vm_buf_put_char(key, '\0');
	return key->failed ? "" : key->p + skip;
}

static void put_extra(struct vm_json_mappings *mappings, const struct vm_extra *extra)
{
	struct vm_json *json = mappings->json;
	const char *key = make_key(&mappings->extra_key, extra->key);
	struct vm_str rest = extra->value;
	uint64_t number;
	bool begins = vm_scan_dec(&rest, &number);

	if (begins && !rest.len)
		vm_json_number(json, key, number);
	else if (begins && vm_str_equal(rest, VM_STR(" kB")) && number <= UINT64_MAX / 1024)
		vm_json_number(json, key, number * 1024);
	else
		vm_json_bytes(json, key, extra->value);
	json->text->failed |= mappings->extra_key.failed;
}

int vm_json_mapping(struct vm_json_mappings *mappings, const struct vm_mapping *mapping)
{
	uint64_t *size = &mappings->sums[VM_COLUMN_SIZE];
	uint32_t extras = mappings->extras ? mapping->usage.extra_count : 0;

	if (extras > EXTRA_LIMIT || mappings->keys.failed)
		return mappings->keys.failed ? -ENOMEM : -E2BIG;
	for (size_t i = 0; i < mappings->plain_count; i++)
		put_plain(mappings, &mappings->plain[i], mapping);
	put_numbers(mappings, mapping);
	for (uint32_t i = 0; i < extras; i++) {
		if (!is_repeated(&mapping->usage, i))
			put_extra(mappings, &mapping->usage.extras[i]);
	}
	mappings->count++;
	*size = vm_add_capped(*size, vm_mapping_size(mapping));
	return mappings->json->text->failed ? -ENOMEM : 0;
}

static void put_sum(struct vm_json_mappings *mappings, enum vm_column column)
{
	if (vm_column_info(column).summable)
		vm_json_number(mappings->json, key_of(column), mappings->sums[column]);
	mappings->sums[column] = 0;
	mappings->summed[column] = false;
}

void vm_json_totals(struct vm_json_mappings *mappings)
{
	vm_json_number(mappings->json, "count", mappings->count);
	for (size_t i = 0; i < mappings->plain_count; i++)
		put_sum(mappings, mappings->plain[i].column);
	for (size_t i = 0; i < mappings->number_count; i++) {
		if (mappings->summed[mappings->numbers[i]])
			put_sum(mappings, mappings->numbers[i]);
	}
	mappings->count = 0;
	mappings->has_slots = false;
}

#include "vmview/json.h"

#include <assert.h>

#include "json_private.h"
#include "vmview/safe.h"

/* What stands before a value or a key. */
static void separate(struct vm_json *json)
{
	if (json->comma && json->depth)
		vm_buf_put_char(json->text, ',');
	if (json->line)
		vm_buf_put_char(json->text, '\n');
	json->comma = true;
	json->line = false;
}

/* All at once: there are many. */
static void put_key(struct vm_json *json, const char *key)
{
	size_t len = key ? strlen(key) : 0;
	char *room = vm_buf_reserve(json->text, len + 5);

	if (!room)
		return;
	separate(json);
	if (!key)
		return;
	room = json->text->p + json->text->len;
	room[0] = '"';
	memcpy(room + 1, key, len);
	room[len + 1] = '"';
	room[len + 2] = ':';
	json->text->len += len + 3;
}

static void begin(struct vm_json *json, const char *key, bool array)
{
	assert(json->depth < VM_JSON_DEPTH_MAX);
	put_key(json, key);
	vm_buf_put_char(json->text, array ? '[' : '{');
	json->arrays = json->arrays << 1 | array;
	json->depth++;
	json->comma = false;
}

void vm_json_object(struct vm_json *json, const char *key)
{
	begin(json, key, false);
}

void vm_json_array(struct vm_json *json, const char *key)
{
	begin(json, key, true);
}

void vm_json_end(struct vm_json *json)
{
	assert(json->depth > 0);
	json->comma = false;
	separate(json);
	vm_buf_put_char(json->text, json->arrays & 1 ? ']' : '}');
	json->arrays >>= 1;
	json->depth--;
}

size_t vm_json_follow(struct vm_json *json)
{
	size_t skip = json->comma ? 0 : 1;

	json->comma = true;
	return skip;
}

void vm_json_line(struct vm_json *json)
{
	json->line = true;
}

static void put_escape(struct vm_buf *text, uint32_t code)
{
	static const char letters[] = "btn\0fr"; /* of U+0008 to U+000D */
	char letter = code >= '\b' && code <= '\r' ? letters[code - '\b'] : '\0';

	vm_buf_put_char(text, '\\');
	if (code == '"' || code == '\\')
		letter = (char)code;
	if (letter) {
		vm_buf_put_char(text, letter);
		return;
	}
	/* All that are not safe lie in the first 65,536. */
	vm_buf_put_char(text, 'u');
	vm_buf_put_hex(text, code, 4, '0');
}

/* Whatever stands at the front of @s; returns its length. */
static size_t put_char(struct vm_buf *text, struct vm_str s, bool *lossy)
{
	uint32_t code;
	size_t len = vm_utf8_char(s, &code);

	if (!len) {
		*lossy = true;
		put_escape(text, 0xfffd);
		return 1;
	}
	if (code == '"' || code == '\\' || !vm_safe_code(code))
		put_escape(text, code);
	else
		vm_buf_put(text, s.p, len);
	return len;
}

bool vm_json_put_quoted(struct vm_buf *text, struct vm_str value)
{
	bool lossy = false;

	vm_buf_put_char(text, '"');
	while (value.len) {
		size_t n = 0;

		while (n < value.len && vm_json_is_plain(value.p[n]))
			n++;
		if (n)
			vm_buf_put(text, value.p, n);
		else
			n = put_char(text, value, &lossy);
		value = vm_str_skip(value, n);
	}
	vm_buf_put_char(text, '"');
	return lossy;
}

void vm_json_number(struct vm_json *json, const char *key, uint64_t value)
{
	put_key(json, key);
	vm_buf_put_dec(json->text, value, 0, ' ');
}

void vm_json_signed(struct vm_json *json, const char *key, int64_t value)
{
	put_key(json, key);
	if (value < 0)
		vm_buf_put_char(json->text, '-');
	vm_buf_put_dec(json->text, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 0, ' ');
}

void vm_json_bool(struct vm_json *json, const char *key, bool value)
{
	put_key(json, key);
	vm_buf_put_text(json->text, value ? "true" : "false");
}

void vm_json_string(struct vm_json *json, const char *key, struct vm_str value)
{
	put_key(json, key);
	vm_json_put_quoted(json->text, value);
}

void vm_json_text(struct vm_json *json, const char *key, const char *value)
{
	vm_json_string(json, key, vm_str_from(value));
}

static void put_hex(struct vm_buf *text, struct vm_str bytes)
{
	vm_buf_put_char(text, '"');
	for (size_t i = 0; i < bytes.len; i++)
		vm_buf_put_hex(text, (unsigned char)bytes.p[i], 2, '0');
	vm_buf_put_char(text, '"');
}

void vm_json_hex(struct vm_json *json, const char *key, struct vm_str value)
{
	put_key(json, key);
	put_hex(json->text, value);
}

void vm_json_bytes(struct vm_json *json, const char *key, struct vm_str value)
{
	put_key(json, key);
	if (!vm_json_put_quoted(json->text, value))
		return;
	vm_buf_put_text(json->text, ",\"");
	vm_buf_put_text(json->text, key);
	vm_buf_put_text(json->text, "_hex\":");
	put_hex(json->text, value);
}

/*
 * Sizes and intervals as people write them, and sizes as they are written for people.
 */
#include "fuzz.h"
#include "tui/settings.h"
#include "vmview/size.h"

static struct vm_buf write_size(uint64_t bytes, enum vm_size_style style)
{
	struct vm_buf text = { 0 };

	vm_size_put(&text, bytes, style);
	fuzz_promise_sentence(vm_buf_str(&text));
	return text;
}

static uint64_t read_size(const struct vm_buf *text)
{
	uint64_t bytes;

	promise(vm_size_parse(vm_buf_str(text), &bytes));
	return bytes;
}

static void check_exact(uint64_t bytes)
{
	struct vm_buf text = write_size(bytes, VM_SIZE_BYTES);
	struct vm_buf kib = write_size(bytes, VM_SIZE_KIB);

	promise(read_size(&text) == bytes);
	promise(read_size(&kib) == bytes / 1024);
	vm_buf_deinit(&text);
	vm_buf_deinit(&kib);
}

/* Two digits at least, rounded; below a tenth of a kB nothing is left to be near to. */
static void check_human(uint64_t bytes)
{
	struct vm_buf text = write_size(bytes, VM_SIZE_HUMAN);
	uint64_t back = bytes;

	promise(text.len <= 5);
	promise((bytes == 0) == vm_str_equal(vm_buf_str(&text), VM_STR("0")));
	/* 16.0E, which the largest are rounded to, is one more than there is. */
	if (bytes >= 1024 && vm_size_parse(vm_buf_str(&text), &back))
		promise((back > bytes ? back - bytes : bytes - back) <= bytes / 19);
	vm_buf_deinit(&text);
}

static void check_size(uint64_t bytes)
{
	check_exact(bytes);
	check_human(bytes);
}

static uint64_t raw_number(struct vm_str text)
{
	uint64_t number = 0;

	for (size_t i = 0; i < text.len && i < sizeof(number); i++)
		number = number << 8 | (unsigned char)text.p[i];
	return number;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct vm_str text = fuzz_str(bytes, size);
	uint64_t number = 1, interval = 1;

	if (vm_size_parse(text, &number))
		check_size(number);
	else
		promise(number == 1);
	if (tui_interval_parse(text, &interval))
		promise(interval >= TUI_INTERVAL_MIN_NS && interval <= TUI_INTERVAL_MAX_NS);
	else
		promise(interval == 1);
	check_size(raw_number(text));
	return 0;
}

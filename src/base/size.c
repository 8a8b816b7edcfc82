#include "vmview/size.h"

#include "vmview/scan.h"

static const char units[] = "BKMGTPE";
#define UNIT_COUNT (sizeof(units) - 1)

/* The unit in which @bytes has at most three digits before the point. */
static unsigned pick_unit(uint64_t bytes)
{
	unsigned unit = 0;

	while (unit < UNIT_COUNT - 1 && bytes >= UINT64_C(1000) << (10 * unit))
		unit++;
	return unit;
}

/* @rest, less than 1 << @shift, in @parts of it, rounded to the nearest. Up to 10 parts of 60 bits fit. */
static uint64_t round_rest(uint64_t rest, unsigned shift, unsigned parts)
{
	return (rest * parts + (UINT64_C(1) << (shift - 1))) >> shift;
}

/* At most one digit behind the point, below 10, and no 0 there: 1.5M, 2M, 2G for a little more than that. */
static void put_number(struct vm_buf *text, uint64_t bytes, unsigned shift)
{
	uint64_t whole = bytes >> shift;
	uint64_t rest = bytes & ((UINT64_C(1) << shift) - 1);
	uint64_t tenths = whole * 10 + round_rest(rest, shift, 10);

	if (whole >= 10 || tenths >= 100) {
		vm_buf_put_dec(text, whole + round_rest(rest, shift, 1), 0, ' ');
		return;
	}
	if (tenths == 0)
		tenths = 1;
	vm_buf_put_dec(text, tenths / 10, 0, ' ');
	if (tenths % 10) {
		vm_buf_put_char(text, '.');
		vm_buf_put_dec(text, tenths % 10, 0, ' ');
	}
}

static void put_human(struct vm_buf *text, uint64_t bytes)
{
	unsigned unit = pick_unit(bytes);

	if (bytes == 0) {
		vm_buf_put_char(text, '0');
		return;
	}
	/* Memory comes in pages: a bare number of bytes would look like one of kilobytes. */
	if (unit == 0)
		unit = 1;
	put_number(text, bytes, 10 * unit);
	vm_buf_put_char(text, units[unit]);
}

void vm_size_put(struct vm_buf *text, uint64_t bytes, enum vm_size_style style)
{
	switch (style) {
	case VM_SIZE_HUMAN:
		put_human(text, bytes);
		break;
	case VM_SIZE_KIB:
		vm_buf_put_dec(text, bytes / 1024, 0, ' ');
		break;
	case VM_SIZE_BYTES:
		vm_buf_put_dec(text, bytes, 0, ' ');
		break;
	}
}

/* The digits behind a point, at least one. */
static bool scan_fraction(struct vm_str *cursor, struct vm_str *digits)
{
	struct vm_str rest = *cursor;

	while (rest.len && rest.p[0] >= '0' && rest.p[0] <= '9')
		rest = vm_str_skip(rest, 1);
	*digits = (struct vm_str){ cursor->p, cursor->len - rest.len };
	*cursor = rest;
	return digits->len;
}

/* From the last digit on nothing is lost: 1.5M is 1536K to the byte. @scale is at most 1 << 60. */
static uint64_t fraction_of(struct vm_str digits, uint64_t scale)
{
	uint64_t sum = 0;

	while (digits.len--)
		sum = (sum + (uint64_t)(digits.p[digits.len] - '0') * scale) / 10;
	return sum;
}

/* The unit's power of 1024, the letter with or without `B` or `iB`. */
static bool parse_unit(struct vm_str text, unsigned *power)
{
	const char *hit;

	*power = 0;
	if (text.len == 0)
		return true;
	hit = memchr(units, text.p[0] & ~0x20, UNIT_COUNT);
	if (!hit)
		return false;
	*power = (unsigned)(hit - units);
	text = vm_str_skip(text, 1);
	return text.len == 0 ||
	       (*power && (vm_str_equal(text, VM_STR("B")) || vm_str_equal(text, VM_STR("iB"))));
}

bool vm_size_parse(struct vm_str text, uint64_t *bytes)
{
	struct vm_str digits = { 0 };
	uint64_t whole, scale, sum;
	unsigned power;

	if (!vm_scan_dec(&text, &whole))
		return false;
	if (vm_scan_char(&text, '.') && !scan_fraction(&text, &digits))
		return false;
	/* There are no parts of a byte. */
	if (!parse_unit(text, &power) || (digits.len && power == 0))
		return false;
	scale = UINT64_C(1) << (10 * power);
	if (__builtin_mul_overflow(whole, scale, &sum) ||
	    __builtin_add_overflow(sum, fraction_of(digits, scale), &sum))
		return false;
	*bytes = sum;
	return true;
}

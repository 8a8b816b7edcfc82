#include "vmview/scan.h"

/*
 * Value of each hexadecimal digit, plus one: what is not listed is none. The kernel prints lower case;
 * captures are not refused for upper.
 */
static const uint8_t hex_digits[256] = {
	['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
	['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
	['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12,
	['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

bool vm_scan_hex(struct vm_str *cursor, uint64_t *value)
{
	uint64_t v = 0;
	size_t n = 0;

	for (; n < cursor->len; n++) {
		uint8_t digit = hex_digits[(unsigned char)cursor->p[n]];

		if (!digit)
			break;
		if (v >> 60)
			return false;
		v = v << 4 | (digit - 1u);
	}
	if (n == 0)
		return false;
	*cursor = vm_str_skip(*cursor, n);
	*value = v;
	return true;
}

bool vm_scan_dec(struct vm_str *cursor, uint64_t *value)
{
	uint64_t v = 0;
	size_t n = 0;

	for (; n < cursor->len && cursor->p[n] >= '0' && cursor->p[n] <= '9'; n++) {
		unsigned digit = (unsigned)(cursor->p[n] - '0');

		if (v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	if (n == 0)
		return false;
	*cursor = vm_str_skip(*cursor, n);
	*value = v;
	return true;
}

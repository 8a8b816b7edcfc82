#include "text.h"

#include "json.h"
#include "once.h"
#include "table.h"

int vm_text(const struct vm_options *options, FILE *out)
{
	switch (options->form) {
	case VM_FORM_PMAP:
		return vm_once(options, out);
	case VM_FORM_TABLE:
		return vm_print_table(options, out);
	case VM_FORM_CSV:
		return vm_print_csv(options, out);
	case VM_FORM_JSON:
		return vm_print_json(options, out);
	case VM_FORM_NDJSON:
		return vm_print_ndjson(options, out);
	}
	return 0;
}

#include "app.h"

#include "vmview/kind.h"

struct tui_style tui_style_of_backing(uint8_t backing)
{
	static const uint8_t hues[VM_BACKING_COUNT] = {
		[VM_BACKING_FILE] = TUI_HUE_FILE,
		[VM_BACKING_ANONYMOUS] = TUI_HUE_ANONYMOUS,
		[VM_BACKING_SPECIAL] = TUI_HUE_SPECIAL,
	};

	return (struct tui_style){ .hue = hues[backing] };
}

struct tui_style tui_style_of(const struct vm_mapping *mapping)
{
	struct tui_style style = tui_style_of_backing(mapping->backing);

	if (vm_mapping_shared(mapping))
		style.attr |= TUI_REVERSE;
	return style;
}

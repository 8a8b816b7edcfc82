/*
 * The rows of the Files screen.
 */
#pragma once

#include "app.h"

/* A group, or, with @mapping, one of its mappings. */
struct tui_file_row {
	const struct vm_group *group;
	const struct vm_mapping *mapping;
};

void tui_files_deinit(struct tui_files *files);

/*
 * Checking what the formats of pmap write.
 */
#pragma once

#include "helper.h"
#include "vmview/pmap.h"

/* The text of a smaps with four mappings, as a recent kernel prints them, but with fewer fields. */
extern const char program[];

/* No colour, all addresses. */
struct vm_pmap_options options_of(enum vm_pmap_format format);

/* Write the process whose smaps is @text. */
void write_process(struct vm_pmap *pmap, const char *text, uint64_t start_stack, bool saved);

/* What each of @texts gives, one behind the other, by one struct vm_pmap. */
void check_processes(const struct vm_pmap_options *options, const char *const *texts, size_t count,
		     const char *wanted);

void check_output(const struct vm_pmap_options *options, const char *text, const char *wanted);
void check_format(enum vm_pmap_format format, const char *text, const char *wanted);

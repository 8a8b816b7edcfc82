/*
 * What the arguments of options mean. Each returns false where its argument is wrong, which has been said.
 */
#pragma once

#include "options.h"

bool vm_option_range(const char *argument, struct vm_options *options);
bool vm_option_colour(const char *argument, struct vm_options *options);
bool vm_option_interval(const char *argument, struct vm_options *options);

bool vm_option_frame(const char *argument, struct vm_options *options);
bool vm_option_duration(const char *argument, struct vm_options *options);

/* The filter's terms: an expression of the filter language, or one term with all of @argument as its value, of option @name. */
bool vm_option_filter(const char *argument, struct vm_options *options);
bool vm_option_term(const char *name, const char *key, const char *argument,
		    struct vm_options *options);
bool vm_option_min_rss(const char *argument, struct vm_options *options);

bool vm_option_at(const char *argument, struct vm_options *options);
bool vm_option_number(const char *name, const char *argument, struct vm_options *options,
		      uint64_t *number);
bool vm_option_count(const char *argument, struct vm_options *options);
bool vm_option_by(const char *argument, struct vm_options *options);
bool vm_option_group(const char *argument, struct vm_options *options);

/* The task says whether columns of mappings or of sums are meant. */
bool vm_option_sort(const char *argument, struct vm_options *options);
bool vm_option_columns(const char *argument, struct vm_options *options);

/* Where no columns have been chosen: those that are shown then. */
void vm_option_usual_columns(struct vm_options *options);

/*
 * A process or capture as members of the JSON object that is open.
 */
#pragma once

#include "sources.h"
#include "vmview/json.h"

/* By what it is known: source, pid, command. */
void vm_visit_put_json_identity(const struct vm_visit *visit, struct vm_json *json);

/* The same, and what else is known of it. */
void vm_visit_put_json(const struct vm_visit *visit, struct vm_json *json);

/* "limited": what has been said of it. */
void vm_visit_put_json_reasons(const struct vm_visit *visit, struct vm_json *json);

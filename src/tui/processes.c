#include "processes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user.h"
#include "vmview/pmap.h"
#include "vmview/safe.h"
#include "vmview/sample.h"

void tui_processes_deinit(struct tui_processes *processes)
{
	for (size_t i = 0; i < processes->count; i++) {
		free(processes->items[i].command);
		free(processes->items[i].name);
	}
	free(processes->items);
	*processes = (struct tui_processes){ 0 };
}

/* Looking up a user is slow, and most processes belong to the same few. */
struct known_user {
	uid_t uid;
	bool known;
	char name[32];
};

struct reading {
	struct tui_processes *processes;
	struct known_user users[16];
	size_t next_user;
};

static void look_up(struct known_user *user, uid_t uid)
{
	struct vm_buf safe = { 0 };

	*user = (struct known_user){ .uid = uid, .known = true };
	tui_put_user(&safe, uid);
	snprintf(user->name, sizeof(user->name), "%.*s", (int)safe.len, safe.p ? safe.p : "");
	vm_buf_deinit(&safe);
}

static const char *user_name(struct reading *reading, uid_t uid)
{
	size_t count = sizeof(reading->users) / sizeof(reading->users[0]);
	struct known_user *user;

	for (size_t i = 0; i < count; i++) {
		if (reading->users[i].known && reading->users[i].uid == uid)
			return reading->users[i].name;
	}
	user = &reading->users[reading->next_user++ % count];
	look_up(user, uid);
	return user->name;
}

static char *safe_text(struct vm_buf *text)
{
	vm_buf_put_char(text, '\0');
	if (text->failed)
		vm_buf_deinit(text);
	return text->p;
}

static int append(struct reading *reading, const struct vm_process *facts)
{
	struct tui_processes *all = reading->processes;
	struct vm_buf command = { 0 }, name = { 0 };
	struct tui_process *process;

	if (all->count == all->cap) {
		size_t cap = all->cap ? all->cap * 2 : 256;

		process = reallocarray(all->items, cap, sizeof(*process));
		if (!process)
			return -ENOMEM;
		all->items = process;
		all->cap = cap;
	}
	process = &all->items[all->count];
	*process = (struct tui_process){ .pid = facts->pid,
					 .rss = facts->vm_rss,
					 .has_rss = facts->has_memory };
	snprintf(process->user, sizeof(process->user), "%s",
		 facts->has_uid ? user_name(reading, facts->uid) : "?");
	vm_pmap_command(&command, facts, true);
	process->command = safe_text(&command);
	vm_safe_put(&name, vm_buf_str(&facts->comm));
	process->name = safe_text(&name);
	all->count++;
	return process->command && process->name ? 0 : -ENOMEM;
}

static int read_one(pid_t pid, void *user)
{
	struct vm_source source = { 0 };
	struct vm_process facts = { 0 };
	int r = 0;

	if (pid == getpid() || vm_source_open_process(pid, &source) < 0)
		return 0;
	if (vm_sample_whole_process(&source, &facts) == 0)
		r = append(user, &facts);
	vm_process_deinit(&facts);
	vm_source_close(&source);
	return r;
}

static int compare(const void *a, const void *b)
{
	const struct tui_process *x = a, *y = b;

	if (x->rss != y->rss)
		return x->rss < y->rss ? 1 : -1;
	return (x->pid > y->pid) - (x->pid < y->pid);
}

int tui_processes_read(struct tui_processes *processes)
{
	struct reading reading = { .processes = processes };
	int r = vm_source_each_task(NULL, read_one, &reading);

	processes->hidden = vm_source_hides_others();
	if (processes->count)
		qsort(processes->items, processes->count, sizeof(*processes->items), compare);
	return r;
}

bool tui_process_has_pid(const struct tui_process *process, struct vm_str typed)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", (int)process->pid);
	return vm_str_equal(typed, vm_str_from(pid));
}

bool tui_process_matches(const struct tui_process *process, struct vm_str typed)
{
	char needle[256], pid[16];

	if (!typed.len)
		return true;
	snprintf(needle, sizeof(needle), "%.*s", (int)typed.len, typed.p);
	snprintf(pid, sizeof(pid), "%d", (int)process->pid);
	return strstr(pid, needle) || strcasestr(process->user, needle) ||
	       strcasestr(process->command, needle) || strcasestr(process->name, needle);
}

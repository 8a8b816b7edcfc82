/*
 * The child's side of demo_try(): an access that may be answered with a signal.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "stage.h"

/* As the scenes say it: the code of siginfo, and what it means. */
static const struct {
	int signal, code;
	const char *name, *meaning;
} codes[] = {
	{ SIGSEGV, SEGV_MAPERR, "SEGV_MAPERR", "nothing is mapped there" },
	{ SIGSEGV, SEGV_ACCERR, "SEGV_ACCERR", "it is mapped, but this access is not allowed" },
	{ SIGSEGV, SI_KERNEL, "SI_KERNEL", "no address that a program can have" },
	{ SIGBUS, BUS_ADRALN, "BUS_ADRALN", "the address is not aligned" },
	{ SIGBUS, BUS_ADRERR, "BUS_ADRERR", "the file, or the memory, has no such page" },
	{ SIGBUS, BUS_OBJERR, "BUS_OBJERR", "the page cannot be read" },
	{ SIGILL, ILL_ILLOPC, "ILL_ILLOPC", "these bytes are no instruction" },
	{ SIGILL, ILL_ILLOPN, "ILL_ILLOPN", "this instruction cannot be used so" },
	{ SIGILL, ILL_PRVOPC, "ILL_PRVOPC", "this instruction is the kernel's" },
};

/* To standard output, which is the parent's socket here: a handler is not handed a descriptor. */
static void report(int number, siginfo_t *info, void *context)
{
	struct demo_fault fault;

	(void)context;
	memset(&fault, 0, sizeof(fault));
	fault.signal = number;
	fault.code = info->si_code;
	fault.address = info->si_addr;
	(void)!write(STDOUT_FILENO, &fault, sizeof(fault));
	_exit(0);
}

/* The stack may be what is exhausted: the handler runs on one of its own. */
static void catch_faults(void)
{
	static const int numbers[] = { SIGSEGV, SIGBUS, SIGILL };
	struct sigaction action = { .sa_sigaction = report, .sa_flags = SA_SIGINFO | SA_ONSTACK };
	stack_t stack = { .ss_sp = malloc(65536), .ss_size = 65536 };

	if (stack.ss_sp)
		sigaltstack(&stack, NULL);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaction(numbers[i], &action, NULL);
}

void demo_fork_try(int (*access)(void *data), void *data, int fd)
{
	struct demo_fault fault;

	memset(&fault, 0, sizeof(fault));
	dup2(fd, STDOUT_FILENO);
	catch_faults();
	fault.status = access(data);
	(void)!write(fd, &fault, sizeof(fault));
	_exit(0);
}

static const char *signal_name(int number)
{
	switch (number) {
	case SIGSEGV:
		return "SIGSEGV";
	case SIGBUS:
		return "SIGBUS";
	case SIGILL:
		return "SIGILL";
	default:
		return "a signal";
	}
}

const char *demo_fault_text(struct demo_stage *stage, const struct demo_fault *fault)
{
	const char *name = signal_name(fault->signal);

	if (!fault->signal)
		return demo_text(stage, "no signal: it returned %d", fault->status);
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (codes[i].signal == fault->signal && codes[i].code == fault->code)
			return demo_text(stage, "%s at %p (%s: %s)", name, fault->address,
					 codes[i].name, codes[i].meaning);
	}
	return demo_text(stage, "%s at %p (si_code %d)", name, fault->address, fault->code);
}

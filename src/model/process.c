#include "vmview/process.h"

void vm_process_deinit(struct vm_process *process)
{
	vm_buf_deinit(&process->comm);
	vm_buf_deinit(&process->cmdline);
	*process = (struct vm_process){ 0 };
}

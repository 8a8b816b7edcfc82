#include "vt_helper.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void become_helper(char *const *argv, int in, int out, const char *folder)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_DFL);
	if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 || chdir(folder) < 0)
		_exit(126);
	execvp(argv[0], argv);
	warn("%s", argv[0]);
	_exit(127);
}

int vt_helper_start(struct vt_helper *helper, const char *name, char *const *argv,
		    const char *folder)
{
	int in[2], out[2];

	*helper = (struct vt_helper){ 0 };
	if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0)
		return -errno;
	helper->pid = fork();
	if (helper->pid < 0)
		return -errno;
	if (helper->pid == 0)
		become_helper(argv, in[0], out[1], folder);
	close(in[0]);
	close(out[1]);
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	helper->in = in[1];
	helper->out = out[0];
	snprintf(helper->name, sizeof(helper->name), "%s", name);
	return 0;
}

bool vt_helper_tell(struct vt_helper *helper, const char *line)
{
	return dprintf(helper->in, "%s\n", line) > 0;
}

char *vt_helper_take_line(struct vt_helper *helper)
{
	ssize_t n =
		read(helper->out, helper->said + helper->len, sizeof(helper->said) - helper->len);
	char *end, *line;

	if (n > 0)
		helper->len += (size_t)n;
	end = memchr(helper->said, '\n', helper->len);
	if (!end)
		return NULL;
	*end = '\0';
	line = strdup(helper->said);
	if (!line)
		err(1, "no memory");
	helper->len -= (size_t)(end + 1 - helper->said);
	memmove(helper->said, end + 1, helper->len);
	return line;
}

void vt_helper_deinit(struct vt_helper *helper)
{
	if (helper->name[0] == '\0')
		return;
	if (helper->pid > 0) {
		kill(helper->pid, SIGKILL);
		waitpid(helper->pid, NULL, 0);
	}
	close(helper->in);
	close(helper->out);
	*helper = (struct vt_helper){ 0 };
}

#include "output.h"

#include <inttypes.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "stage.h"
#include "terminal.h"
#include "vmview/safe.h"
#include "vmview/size.h"

#define WIDTH 80

/* Steps stand under their number. */
#define INDENT 4

void demo_output_init(struct demo_output *output)
{
	setvbuf(stdout, output->room, _IOFBF, sizeof(output->room));
	output->depth = vm_terminal_depth(VM_COLOUR_AUTO, stdout);
	output->terminal = isatty(STDOUT_FILENO);
}

int demo_output_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col < 20 || size.ws_col > WIDTH)
		return WIDTH;
	return size.ws_col;
}

/* Columns up to the next blank, newline or end; @bytes receives the length. */
static int word_width(struct vm_str text, size_t *bytes)
{
	int width = 0;
	size_t n = 0;

	while (n < text.len && text.p[n] != ' ' && text.p[n] != '\n') {
		size_t step = vm_safe_char(vm_str_skip(text, n));

		n += step ? step : 1;
		width++;
	}
	*bytes = n;
	return width;
}

void demo_put_safe(FILE *out, struct vm_str text)
{
	while (text.len) {
		size_t n = vm_safe_char(text);

		if (n)
			fwrite(text.p, 1, n, out);
		else
			putc('?', out);
		text = vm_str_skip(text, n ? n : 1);
	}
}

void demo_put_text(FILE *out, const char *text, int indent, int width)
{
	struct vm_str rest = vm_str_from(text);
	int column = indent;

	while (rest.len) {
		size_t blanks = 0, bytes;
		int word;

		if (rest.p[0] == '\n') {
			fprintf(out, "\n%*s", indent, "");
			column = indent;
			rest = vm_str_skip(rest, 1);
			continue;
		}
		while (blanks < rest.len && rest.p[blanks] == ' ')
			blanks++;
		rest = vm_str_skip(rest, blanks);
		word = word_width(rest, &bytes);
		if (column > indent && column + (int)blanks + word > width) {
			fprintf(out, "\n%*s", indent, "");
			column = indent;
		} else {
			fprintf(out, "%*s", (int)blanks, "");
			column += (int)blanks;
		}
		demo_put_safe(out, (struct vm_str){ rest.p, bytes });
		column += word;
		rest = vm_str_skip(rest, bytes);
	}
	putc('\n', out);
}

static const char *on(const struct demo_stage *stage, const char *sequence)
{
	return stage->output.depth == VM_DEPTH_NONE ? "" : sequence;
}

#define BOLD "\033[1m"
#define DIM "\033[2m"
#define RED "\033[1;31m"
#define RESET "\033[0m"

static void put_size(uint64_t bytes)
{
	struct vm_buf text = { 0 };

	vm_size_put(&text, bytes, VM_SIZE_HUMAN);
	printf("%.*s", (int)text.len, text.p ? text.p : "");
	vm_buf_deinit(&text);
}

/* What is there, in the colours that vmview gives it. */
static void put_mapping(const struct demo_stage *stage, const struct demo_seen *seen)
{
	const struct vm_palette *palette = vm_palette_of(stage->output.depth);
	bool shared = seen->sharing == VM_SHARING_SHARED;

	printf("  %s%s%s %s%s  ", palette->hue[seen->backing], shared ? palette->shared_on : "",
	       seen->perms, vm_kind_info(seen->kind)->name, palette->reset);
	put_size(seen->end - seen->start);
	if (seen->reported >> DEMO_NUMBER_RSS & 1) {
		printf(", ");
		put_size(seen->numbers[DEMO_NUMBER_RSS]);
		printf(" in memory");
	}
}

static void put_place(const struct demo_stage *stage, const struct demo_outcome *outcome)
{
	const struct demo_step *step = outcome->step;

	if (step->result) {
		printf("  = ");
		demo_put_text(stdout, step->result, INDENT, demo_output_width());
		printf("    0x%" PRIxPTR, (uintptr_t)step->address);
	} else {
		printf("  = 0x%" PRIxPTR, (uintptr_t)step->address);
	}
	if (step->pid && step->pid != getpid())
		printf(" of process %d", (int)step->pid);
	if (outcome->seen->found)
		put_mapping(stage, outcome->seen);
	else
		printf("  no mapping");
	putchar('\n');
	if (step->look) {
		printf("%slook:%s ", on(stage, BOLD), on(stage, RESET));
		demo_put_text(stdout, step->look, 6, demo_output_width());
	}
}

static void put_result(const struct demo_stage *stage, const struct demo_outcome *outcome)
{
	switch (outcome->result) {
	case DEMO_OK:
		printf("%sok%s\n", on(stage, DIM), on(stage, RESET));
		break;
	case DEMO_SKIPPED:
		printf("%sskipped:%s ", on(stage, BOLD), on(stage, RESET));
		break;
	case DEMO_FAILED:
	case DEMO_RESULT_COUNT:
		printf("%s! differs:%s ", on(stage, RED), on(stage, RESET));
		break;
	}
	if (outcome->result != DEMO_OK)
		demo_put_text(stdout, outcome->text ? outcome->text : "", 9, demo_output_width());
}

void demo_tell_step(const struct demo_stage *stage, const struct demo_outcome *outcome)
{
	if (stage->options->json) {
		demo_put_json(stdout, stage, outcome);
		fflush(stdout);
		return;
	}
	if (stage->options->quiet && outcome->result != DEMO_FAILED)
		return;
	if (stage->options->quiet)
		printf("%s: ", stage->scene->name);
	printf("%s%2u.%s ", on(stage, DIM), stage->step, on(stage, RESET));
	demo_put_text(stdout, outcome->call, INDENT, demo_output_width());
	if (outcome->step) {
		put_place(stage, outcome);
	} else if (outcome->result == DEMO_OK) {
		printf("  = ");
		demo_put_text(stdout, outcome->text, INDENT, demo_output_width());
	}
	put_result(stage, outcome);
	fflush(stdout);
}

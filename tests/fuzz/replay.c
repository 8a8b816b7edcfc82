/*
 * TARGET PATH...: hand every file, and every file below every folder, to the target. What is found ends the program; the last
 * line printed names the file. A path that is not there is passed over: not everybody has all corpora.
 */
#include <err.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "fuzz.h"

static size_t replayed; /* nftw() hands nothing through */

static char *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "re");
	struct stat info;
	char *bytes;

	if (!file || fstat(fileno(file), &info) < 0)
		err(1, "%s", path);
	*size = (size_t)info.st_size;
	/* Exactly as long as it is: reading on is found. */
	bytes = malloc(*size ? *size : 1);
	if (!bytes || fread(bytes, 1, *size, file) != *size)
		err(1, "%s", path);
	fclose(file);
	return bytes;
}

static int replay(const char *path, const struct stat *info, int type, struct FTW *place)
{
	size_t size;
	char *bytes;

	(void)info;
	(void)place;
	if (type != FTW_F)
		return 0;
	printf("# %s\n", path);
	fflush(stdout);
	bytes = read_file(path, &size);
	LLVMFuzzerTestOneInput((const uint8_t *)bytes, size);
	free(bytes);
	replayed++;
	return 0;
}

int main(int argc, char **argv)
{
	LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++) {
		if (nftw(argv[i], replay, 16, FTW_PHYS) != 0 && errno != ENOENT)
			err(1, "%s", argv[i]);
	}
	if (!replayed)
		errx(1, "no file to replay");
	printf("1..1\nok 1 - %zu files\n", replayed);
	return 0;
}

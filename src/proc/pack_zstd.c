#include "pack.h"

#include <errno.h>
#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

/* What of smaps resembles each other lies close together: a larger window gains nothing and costs memory. */
#define LEVEL 3
#define WINDOW_LOG 19

/* The most that a recording may ask of its reader: 8 MiB. */
#define WINDOW_LOG_MAX 23

#define ROOM 32768

bool vm_pack_supported(void)
{
	return true;
}

struct vm_packer {
	ZSTD_CCtx *context;
	char room[ROOM];
};

struct vm_packer *vm_packer_new(void)
{
	struct vm_packer *packer = malloc(sizeof(*packer));

	if (!packer)
		return NULL;
	packer->context = ZSTD_createCCtx();
	if (!packer->context)
		return vm_packer_free(packer);
	ZSTD_CCtx_setParameter(packer->context, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(packer->context, ZSTD_c_windowLog, WINDOW_LOG);
	ZSTD_CCtx_setParameter(packer->context, ZSTD_c_checksumFlag, 1);
	return packer;
}

struct vm_packer *vm_packer_free(struct vm_packer *packer)
{
	if (packer)
		ZSTD_freeCCtx(packer->context);
	free(packer);
	return NULL;
}

void vm_packer_reset(struct vm_packer *packer)
{
	ZSTD_CCtx_reset(packer->context, ZSTD_reset_session_only);
}

int vm_packer_put(struct vm_packer *packer, const char *bytes, size_t len, bool last,
		  vm_pack_fn take, void *user)
{
	ZSTD_inBuffer in = { bytes, len, 0 };
	size_t left;

	do {
		ZSTD_outBuffer out = { packer->room, ROOM, 0 };
		int r;

		left = ZSTD_compressStream2(packer->context, &out, &in,
					    last ? ZSTD_e_end : ZSTD_e_continue);
		/* Nothing else can go wrong: parameters and order are ours. */
		if (ZSTD_isError(left))
			return -ENOMEM;
		r = out.pos ? take(packer->room, out.pos, user) : 0;
		if (r < 0)
			return r;
	} while (last ? left > 0 : in.pos < in.size);
	return 0;
}

struct vm_unpacker {
	ZSTD_DCtx *context;
};

struct vm_unpacker *vm_unpacker_new(void)
{
	struct vm_unpacker *unpacker = malloc(sizeof(*unpacker));

	if (!unpacker)
		return NULL;
	unpacker->context = ZSTD_createDCtx();
	if (!unpacker->context)
		return vm_unpacker_free(unpacker);
	ZSTD_DCtx_setParameter(unpacker->context, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
	return unpacker;
}

struct vm_unpacker *vm_unpacker_free(struct vm_unpacker *unpacker)
{
	if (unpacker)
		ZSTD_freeDCtx(unpacker->context);
	free(unpacker);
	return NULL;
}

int vm_unpacker_step(struct vm_unpacker *unpacker, const void *in, size_t in_size, size_t *in_at,
		     void *room, size_t size, size_t *made, bool *done)
{
	ZSTD_inBuffer input = { in, in_size, *in_at };
	ZSTD_outBuffer output = { room, size, 0 };
	size_t left = ZSTD_decompressStream(unpacker->context, &output, &input);

	if (ZSTD_isError(left))
		return ZSTD_getErrorCode(left) == ZSTD_error_memory_allocation ? -ENOMEM : -EBADMSG;
	*in_at = input.pos;
	*made = output.pos;
	*done = left == 0;
	return 0;
}

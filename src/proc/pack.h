/*
 * Packing and unpacking bytes as one zstd frame each. pack_none.c stands in where there is no zstd.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct vm_packer;
struct vm_unpacker;

bool vm_pack_supported(void);

/* Takes packed bytes. 0, or a negative errno, which ends the packing. */
typedef int (*vm_pack_fn)(const void *bytes, size_t len, void *user);

/* NULL: memory ran out. */
struct vm_packer *vm_packer_new(void);
struct vm_packer *vm_packer_free(struct vm_packer *packer);

/* Forget what was put since the last end. */
void vm_packer_reset(struct vm_packer *packer);

/* Pack more; with @last the end of it. Hands over what is ready. 0, -ENOMEM, or what @take returned. */
int vm_packer_put(struct vm_packer *packer, const char *bytes, size_t len, bool last,
		  vm_pack_fn take, void *user);

/* NULL: memory ran out. */
struct vm_unpacker *vm_unpacker_new(void);
struct vm_unpacker *vm_unpacker_free(struct vm_unpacker *unpacker);

/*
 * Unpack from @in of @in_size bytes, from @in_at on, which moves, into @room. @made: bytes that were written.
 * @done: this was the end of the zstd frame, and its checksum is right. 0, -EBADMSG or -ENOMEM.
 */
int vm_unpacker_step(struct vm_unpacker *unpacker, const void *in, size_t in_size, size_t *in_at,
		     void *room, size_t size, size_t *made, bool *done);

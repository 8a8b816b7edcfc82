#include "pack.h"

#include <errno.h>

bool vm_pack_supported(void)
{
	return false;
}

struct vm_packer *vm_packer_new(void)
{
	return NULL;
}

struct vm_packer *vm_packer_free(struct vm_packer *packer)
{
	(void)packer;
	return NULL;
}

void vm_packer_reset(struct vm_packer *packer)
{
	(void)packer;
}

int vm_packer_put(struct vm_packer *packer, const char *bytes, size_t len, bool last,
		  vm_pack_fn take, void *user)
{
	(void)packer, (void)bytes, (void)len, (void)last, (void)take, (void)user;
	return -EOPNOTSUPP;
}

struct vm_unpacker *vm_unpacker_new(void)
{
	return NULL;
}

struct vm_unpacker *vm_unpacker_free(struct vm_unpacker *unpacker)
{
	(void)unpacker;
	return NULL;
}

int vm_unpacker_step(struct vm_unpacker *unpacker, const void *in, size_t in_size, size_t *in_at,
		     void *room, size_t size, size_t *made, bool *done)
{
	(void)unpacker, (void)in, (void)in_size, (void)in_at, (void)room, (void)size;
	*made = 0;
	*done = true;
	return -EOPNOTSUPP;
}

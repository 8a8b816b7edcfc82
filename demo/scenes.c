#include "scene.h"

extern const struct demo_scene demo_scene_anon_private;
extern const struct demo_scene demo_scene_anon_shared;
extern const struct demo_scene demo_scene_file_private;
extern const struct demo_scene demo_scene_file_shared;
extern const struct demo_scene demo_scene_read_like_an_array;
extern const struct demo_scene demo_scene_posix_shm;
extern const struct demo_scene demo_scene_sysv_shm;
extern const struct demo_scene demo_scene_memfd;
extern const struct demo_scene demo_scene_protections;
extern const struct demo_scene demo_scene_fixed;
extern const struct demo_scene demo_scene_locked;
extern const struct demo_scene demo_scene_fork_cow;
extern const struct demo_scene demo_scene_munmap;
extern const struct demo_scene demo_scene_bigger_than_memory;
extern const struct demo_scene demo_scene_cannot_map;
extern const struct demo_scene demo_scene_growing;
extern const struct demo_scene demo_scene_huge;
extern const struct demo_scene demo_scene_swapped;
extern const struct demo_scene demo_scene_reclaimed;
extern const struct demo_scene demo_scene_deleted;

const struct demo_scene *const demo_scenes[] = {
	&demo_scene_anon_private,
	&demo_scene_anon_shared,
	&demo_scene_file_private,
	&demo_scene_file_shared,
	&demo_scene_read_like_an_array,
	&demo_scene_posix_shm,
	&demo_scene_sysv_shm,
	&demo_scene_memfd,
	&demo_scene_protections,
	&demo_scene_fixed,
	&demo_scene_locked,
	&demo_scene_fork_cow,
	&demo_scene_munmap,
	&demo_scene_bigger_than_memory,
	&demo_scene_cannot_map,
	&demo_scene_growing,
	&demo_scene_huge,
	&demo_scene_swapped,
	&demo_scene_reclaimed,
	&demo_scene_deleted,
};

const size_t demo_scene_count = sizeof(demo_scenes) / sizeof(demo_scenes[0]);

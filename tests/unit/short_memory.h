/* Memory that runs out at a chosen moment: the program is linked so that the allocations of the code under
 * test come here (see tests/CMakeLists.txt). Only the thread that armed it is refused anything. */
#ifndef TEST_SHORT_MEMORY_H
#define TEST_SHORT_MEMORY_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/types.h>

/* `k`-th allocation from now on is refused, and all later ones too if `stays_short`; 0: none. */
static _Thread_local uint64_t short_at, short_seen;
static _Thread_local bool short_stays, short_is_armed;
static int64_t short_n_mapped;

static inline void short_memory_arm(uint64_t k, bool stays)
{
    short_at = k;
    short_seen = 0;
    short_stays = stays;
    short_is_armed = true;
}

/* How many allocations there were. */
static inline uint64_t short_memory_disarm(void)
{
    short_is_armed = false;
    return short_seen;
}

static inline bool is_refused(void)
{
    if (!short_is_armed)
        return false;
    short_seen++;
    const bool refused = short_at > 0 && (short_stays ? short_seen >= short_at : short_seen == short_at);
    if (refused)
        errno = ENOMEM;
    return refused;
}

void *__real_malloc(size_t bytes);
void *__real_calloc(size_t n, size_t bytes);
void *__real_realloc(void *old, size_t bytes);
void *__real_aligned_alloc(size_t alignment, size_t bytes);
char *__real_strdup(const char *text);
FILE *__real_fopen(const char *path, const char *mode);
FILE *__real_open_memstream(char **text, size_t *bytes);
/* mmap, where files may be large. */
void *__real_mmap64(void *at, size_t bytes, int protection, int flags, int fd, off_t offset);
int __real_munmap(void *at, size_t bytes);

void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t n, size_t bytes);
void *__wrap_realloc(void *old, size_t bytes);
void *__wrap_aligned_alloc(size_t alignment, size_t bytes);
char *__wrap_strdup(const char *text);
FILE *__wrap_fopen(const char *path, const char *mode);
FILE *__wrap_open_memstream(char **text, size_t *bytes);
void *__wrap_mmap64(void *at, size_t bytes, int protection, int flags, int fd, off_t offset);
int __wrap_munmap(void *at, size_t bytes);

void *__wrap_malloc(size_t bytes)
{
    return is_refused() ? NULL : __real_malloc(bytes);
}

void *__wrap_calloc(size_t n, size_t bytes)
{
    return is_refused() ? NULL : __real_calloc(n, bytes);
}

void *__wrap_realloc(void *old, size_t bytes)
{
    return is_refused() ? NULL : __real_realloc(old, bytes);
}

void *__wrap_aligned_alloc(size_t alignment, size_t bytes)
{
    return is_refused() ? NULL : __real_aligned_alloc(alignment, bytes);
}

char *__wrap_strdup(const char *text)
{
    return is_refused() ? NULL : __real_strdup(text);
}

FILE *__wrap_fopen(const char *path, const char *mode)
{
    return is_refused() ? NULL : __real_fopen(path, mode);
}

FILE *__wrap_open_memstream(char **text, size_t *bytes)
{
    return is_refused() ? NULL : __real_open_memstream(text, bytes);
}

void *__wrap_mmap64(void *at, size_t bytes, int protection, int flags, int fd, off_t offset)
{
    void *map = is_refused() ? MAP_FAILED : __real_mmap64(at, bytes, protection, flags, fd, offset);
    short_n_mapped += map != MAP_FAILED;
    return map;
}

int __wrap_munmap(void *at, size_t bytes)
{
    short_n_mapped--;
    return __real_munmap(at, bytes);
}

#endif

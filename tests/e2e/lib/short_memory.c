/* A preloaded library that refuses one allocation of the whole program, or all from one on: malloc, calloc,
 * realloc, aligned_alloc and mmap are counted together from the program's start. The environment says which:
 *
 *   SHORT_MEMORY_AT      the number of the one that is refused; 0: none
 *   SHORT_MEMORY_STAYS   1: and all that come later
 *   SHORT_MEMORY_COUNT   a file that is told at the end how many there were
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* glibc's own names of its allocator. */
void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t n, size_t bytes);
void *__libc_realloc(void *old, size_t bytes);
void *__libc_memalign(size_t alignment, size_t bytes);

static _Atomic uint64_t n_seen;
static uint64_t refused_at;
static int stays;

__attribute__((constructor)) static void begin(void)
{
    const char *at = getenv("SHORT_MEMORY_AT");
    const char *on = getenv("SHORT_MEMORY_STAYS");
    refused_at = at ? strtoull(at, NULL, 10) : 0;
    stays = on && *on == '1';
    n_seen = 0;
}

__attribute__((destructor)) static void tell(void)
{
    char text[32];
    const char *path = getenv("SHORT_MEMORY_COUNT");
    const int fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
    const int n = snprintf(text, sizeof text, "%llu\n", (unsigned long long)n_seen);
    if (fd >= 0 && write(fd, text, (size_t)n) == n)
        close(fd);
}

static int is_refused(void)
{
    const uint64_t number = ++n_seen;
    if (refused_at == 0 || (stays ? number < refused_at : number != refused_at))
        return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t bytes)
{
    return is_refused() ? NULL : __libc_malloc(bytes);
}

void *calloc(size_t n, size_t bytes)
{
    return is_refused() ? NULL : __libc_calloc(n, bytes);
}

void *realloc(void *old, size_t bytes)
{
    return is_refused() ? NULL : __libc_realloc(old, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes)
{
    return is_refused() ? NULL : __libc_memalign(alignment, bytes);
}

void *mmap(void *at, size_t bytes, int protection, int flags, int fd, off_t offset)
{
    return is_refused() ? MAP_FAILED : (void *)syscall(SYS_mmap, at, bytes, protection, flags, fd, offset);
}

void *mmap64(void *at, size_t bytes, int protection, int flags, int fd, off64_t offset)
{
    return mmap(at, bytes, protection, flags, fd, offset);
}

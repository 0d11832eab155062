/* A disk that is full, without the right to mount one: no file may grow beyond a size (EFBIG). */
#ifndef TEST_FULL_DISK_H
#define TEST_FULL_DISK_H

#include <signal.h>
#include <sys/resource.h>

static inline void disk_takes(rlim_t most_bytes)
{
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = most_bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

#endif

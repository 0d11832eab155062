#include "standard_streams.h"

#include "cm.h"

#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

static bool is_null(int fd)
{
    struct stat about;
    return fstat(fd, &about) == 0 && S_ISCHR(about.st_mode) && about.st_rdev == makedev(1, 3) &&
           (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR;
}

/* Runs in a child with the descriptors of the mask closed; exits with 0 when all is as it should be. */
static void try_closed(unsigned mask)
{
    int ends[2];
    if (pipe(ends) < 0)
        _exit(2);
    for (int fd = 0; fd <= 2; fd++)
        if (mask >> fd & 1)
            close(fd);
        else if (dup2(ends[fd > 0], fd) != fd)
            _exit(3);
    if (standard_streams_open())
        _exit(4);
    for (int fd = 0; fd <= 2; fd++)
        if (is_null(fd) != (mask >> fd & 1))
            _exit(5);
    _exit(open("/dev/null", O_RDONLY) > 2 ? 0 : 6); /* the next file is another */
}

static void what_is_closed_becomes_the_null_device_and_the_rest_stays(void **state)
{
    (void)state;
    for (unsigned mask = 0; mask < 8; mask++) {
        int status;
        const pid_t pid = fork();
        if (pid == 0)
            try_closed(mask);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(status, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_closed_becomes_the_null_device_and_the_rest_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

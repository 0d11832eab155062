/* A preloaded library that makes a generator worse in a known way, so that a test of times is shown able to
 * fail. The environment says how:
 *
 *   ALTERED_SEND_US      every send takes so much longer, in CPU time
 *   ALTERED_RECEIVE_US   every receive that yields data comes so much later
 *   ALTERED_TICK_US      timers of the kernel fire and waits end at multiples of this, as coarse timers do
 *   ALTERED_OLD_KERNEL   there is no epoll_pwait2, as before Linux 5.11
 *   ALTERED_CLOCK_PPM    the monotonic clock gains so many microseconds in a second
 *   ALTERED_JUMP_S       the monotonic clock jumps ahead by so much, once,
 *   ALTERED_JUMP_AT_MS   so long after the first look at it
 *   ALTERED_FLUSH_MS     the disk is slow: every fflush takes so much longer, without CPU time
 *   ALTERED_NAMES_S      name servers are silent: every look-up fails after so long
 */
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>

typedef int clock_fn(clockid_t, struct timespec *);
typedef long syscall_fn(long, ...);
typedef int flush_fn(FILE *);
typedef int names_fn(const char *, const char *, const struct addrinfo *, struct addrinfo **);
typedef int settime_fn(int, int, const struct itimerspec *, struct itimerspec *);

static const int64_t NS_PER_S = 1000000000;

/* POSIX lets a pointer to a function be taken from a pointer to an object. */
static void *next(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

static int64_t setting(const char *name)
{
    const char *text = getenv(name);
    return text ? strtoll(text, NULL, 10) : 0;
}

static int64_t to_ns(const struct timespec *t)
{
    return t->tv_sec * NS_PER_S + t->tv_nsec;
}

static struct timespec to_timespec(int64_t ns)
{
    return (struct timespec){ .tv_sec = ns / NS_PER_S, .tv_nsec = ns % NS_PER_S };
}

static int64_t true_ns(void)
{
    static clock_fn *call;
    struct timespec now;
    if (!call)
        call = (clock_fn *)next("clock_gettime");
    call(CLOCK_MONOTONIC, &now);
    return to_ns(&now);
}

static void spin(int64_t us)
{
    const int64_t end_ns = true_ns() + us * 1000;
    while (us && true_ns() < end_ns)
        ;
}

static int64_t altered_ns(void)
{
    static int64_t first_ns, ppm, jump_ns, jump_at_ns;
    const int64_t now_ns = true_ns();
    if (!first_ns) {
        ppm = setting("ALTERED_CLOCK_PPM");
        jump_ns = setting("ALTERED_JUMP_S") * NS_PER_S;
        jump_at_ns = setting("ALTERED_JUMP_AT_MS") * 1000000;
        first_ns = now_ns;
    }
    const int64_t age_ns = now_ns - first_ns;
    return now_ns + age_ns / 1000000 * ppm + (age_ns >= jump_at_ns ? jump_ns : 0);
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    static clock_fn *call;
    if (!call)
        call = (clock_fn *)next("clock_gettime");
    if (clock != CLOCK_MONOTONIC)
        return call(clock, now);
    *now = to_timespec(altered_ns());
    return 0;
}

/* How long it takes from now until the next tick behind a time. */
static struct timespec ticked(const struct timespec *left)
{
    static int64_t tick_ns = -1;
    if (tick_ns < 0)
        tick_ns = setting("ALTERED_TICK_US") * 1000;
    const int64_t now_ns = true_ns();
    const int64_t end_ns = now_ns + to_ns(left);
    return tick_ns && to_ns(left) ? to_timespec((end_ns + tick_ns - 1) / tick_ns * tick_ns - now_ns) : *left;
}

/* What the plain transport sends and receives with, and what the loop waits with. */
long syscall(long number, ...)
{
    static syscall_fn *call;
    static int64_t send_us, receive_us, is_old;
    long a[6];
    va_list arguments;
    va_start(arguments, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(arguments, long);
    va_end(arguments);
    if (!call) {
        send_us = setting("ALTERED_SEND_US");
        receive_us = setting("ALTERED_RECEIVE_US");
        is_old = setting("ALTERED_OLD_KERNEL");
        call = (syscall_fn *)next("syscall");
    }
    struct timespec left;
    if (number == SYS_epoll_pwait2 && is_old) {
        errno = ENOSYS;
        return -1;
    }
    if (number == SYS_epoll_pwait2 && a[3]) {
        left = ticked((const struct timespec *)a[3]);
        a[3] = (long)&left;
    }
    if (number == SYS_sendto)
        spin(send_us);
    const long n = call(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    if (number == SYS_recvmsg && n > 0)
        spin(receive_us);
    return n;
}

int timerfd_settime(int fd, int flags, const struct itimerspec *wanted, struct itimerspec *old)
{
    static settime_fn *call;
    if (!call)
        call = (settime_fn *)next("timerfd_settime");
    const struct itimerspec altered = { .it_interval = wanted->it_interval,
                                        .it_value = flags & TFD_TIMER_ABSTIME ? wanted->it_value
                                                                              : ticked(&wanted->it_value) };
    return call(fd, flags, &altered, old);
}

int fflush(FILE *file)
{
    static flush_fn *call;
    static int64_t flush_ns;
    if (!call) {
        flush_ns = setting("ALTERED_FLUSH_MS") * 1000000;
        call = (flush_fn *)next("fflush");
    }
    const struct timespec pause = to_timespec(file == stdout || file == stderr ? 0 : flush_ns);
    nanosleep(&pause, NULL);
    return call(file);
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    const int64_t wait_s = setting("ALTERED_NAMES_S");
    if (wait_s == 0)
        return ((names_fn *)next("getaddrinfo"))(name, service, hints, found);
    nanosleep(&(struct timespec){ .tv_sec = wait_s }, NULL);
    return EAI_AGAIN;
}

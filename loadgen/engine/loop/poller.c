#include "poller.h"

#include "units.h"

#include <linux/time_types.h>
#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SIGNALS_BYTES ((size_t)(_NSIG / 8))

/* Not epoll_wait() and epoll_pwait2(), which are cancellation points: see transport_socket.c. */
static long wait_ns(struct poller *p, struct epoll_event *events, int n_most, uint64_t most_ns)
{
    const struct __kernel_timespec timeout = { .tv_sec = (int64_t)(most_ns / NS_PER_S),
                                               .tv_nsec = (int64_t)(most_ns % NS_PER_S) };
    return syscall(SYS_epoll_pwait2, p->fd, events, n_most, most_ns == POLLER_FOREVER ? NULL : &timeout, NULL,
                   SIGNALS_BYTES);
}

int poller_whole_ms(uint64_t most_ns)
{
    return most_ns == POLLER_FOREVER ? -1 : (int)((most_ns + NS_PER_MS - 1) / NS_PER_MS);
}

static long wait_ms(struct poller *p, struct epoll_event *events, int n_most, uint64_t most_ns)
{
    return syscall(SYS_epoll_pwait, p->fd, events, n_most, poller_whole_ms(most_ns), NULL, SIGNALS_BYTES);
}

int poller_init(struct poller *p)
{
    struct epoll_event none;
    p->fd = epoll_create1(EPOLL_CLOEXEC);
    p->counts_ns = p->fd >= 0 && wait_ns(p, &none, 1, 0) == 0;
    return p->fd < 0 ? -1 : 0;
}

void poller_fini(struct poller *p)
{
    if (p->fd >= 0)
        close(p->fd);
    p->fd = -1;
}

static int control(struct poller *p, int operation, int fd, struct poller_watch *watch, uint32_t events)
{
    struct epoll_event event = { .events = events, .data.ptr = watch };
    return epoll_ctl(p->fd, operation, fd, &event);
}

int poller_add(struct poller *p, int fd, struct poller_watch *watch, uint32_t events)
{
    return control(p, EPOLL_CTL_ADD, fd, watch, events);
}

void poller_remind(struct poller *p, int fd, struct poller_watch *watch, uint32_t events)
{
    control(p, EPOLL_CTL_MOD, fd, watch, events);
}

int poller_wait(struct poller *p, uint64_t most_ns)
{
    struct epoll_event events[POLLER_CALLS_MOST];
    const long n = p->counts_ns ? wait_ns(p, events, POLLER_CALLS_MOST, most_ns)
                                : wait_ms(p, events, POLLER_CALLS_MOST, most_ns);
    for (long i = 0; i < n; i++) {
        struct poller_watch *watch = events[i].data.ptr;
        uint32_t told = events[i].events;
        if (told & (EPOLLERR | EPOLLHUP))
            told |= POLLER_READABLE | POLLER_WRITABLE | POLLER_HUNG_UP;
        watch->on_events(watch, told);
    }
    return n < 0 ? 0 : (int)n;
}

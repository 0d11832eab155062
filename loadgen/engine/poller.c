#include "poller.h"

#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { EVENTS_MOST = 256 }; /* more are told on the next turn */

int poller_init(struct poller *p)
{
    p->fd = epoll_create1(EPOLL_CLOEXEC);
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

int poller_wait(struct poller *p, int most_ms)
{
    struct epoll_event events[EVENTS_MOST];
    /* Not epoll_wait(), which is a point of cancellation: see transport_socket.c. */
    const long n = syscall(SYS_epoll_pwait, p->fd, events, EVENTS_MOST, most_ms, NULL, (size_t)(_NSIG / 8));
    for (long i = 0; i < n; i++) {
        struct poller_watch *watch = events[i].data.ptr;
        uint32_t told = events[i].events;
        if (told & (EPOLLERR | EPOLLHUP))
            told |= POLLER_READABLE | POLLER_WRITABLE | POLLER_HUNG_UP;
        watch->on_events(watch, told);
    }
    return n < 0 ? 0 : (int)n;
}

/* Waits for many descriptors at once: the epoll set of one thread. Owners embed a watch and are called back.
 * libuv has no edge-triggered polls, which spare the kernel a second look at each socket, and its turn costs
 * more than a wait: a generator faster than its target wakes up for nearly every response. */
#ifndef ENGINE_POLLER_H
#define ENGINE_POLLER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

enum { POLLER_CALLS_MOST = 256 }; /* per wait; the next one reports more */
#define POLLER_FOREVER UINT64_MAX

struct poller_watch;
/* An error is reported as all three events. */
typedef void poller_fn(struct poller_watch *watch, uint32_t events);

enum {
    POLLER_READABLE = EPOLLIN,
    POLLER_WRITABLE = EPOLLOUT,
    POLLER_HUNG_UP = EPOLLRDHUP, /* the peer has shut down its side; bytes may still wait to be read */
};
/* Edge-triggered: reported once; read and write until the kernel returns EAGAIN. */
#define POLLER_EDGES ((uint32_t)EPOLLET)

/* Must not move while it is watched, nor until the current poller_wait has returned. */
struct poller_watch {
    poller_fn *on_events;
};

struct poller {
    int fd;         /* -1: none */
    bool counts_ns; /* waits are exact; else they are rounded up to milliseconds */
};

/* 0, or -1 with errno. */
int poller_init(struct poller *p);
void poller_fini(struct poller *p);
/* Begins to watch. Closing the descriptor ends it, unless a child process holds it too. 0, or -1 with errno.
 */
int poller_add(struct poller *p, int fd, struct poller_watch *watch, uint32_t events);
/* Reports again in the next turn which of these events hold. */
void poller_remind(struct poller *p, int fd, struct poller_watch *watch, uint32_t events);
/* Waits for at most that long and calls back for each event. Returns the number of calls. */
int poller_wait(struct poller *p, uint64_t most_ns);
/* Timeout for epoll_wait(2), rounded up so that it does not end too early. */
int poller_whole_ms(uint64_t most_ns);

#endif

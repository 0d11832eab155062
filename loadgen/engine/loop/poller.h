/* Waits for many descriptors at once: the epoll set of one thread. Whoever is watched embeds a watch and is
 * called back. libuv has no edge-triggered polls, which spare the kernel a second look at each socket, and
 * its turn costs more than a wait: a generator that is faster than its target wakes up for nearly every
 * answer. */
#ifndef ENGINE_POLLER_H
#define ENGINE_POLLER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

enum { POLLER_CALLS_MOST = 256 }; /* in a wait; more are told by the next */
#define POLLER_FOREVER UINT64_MAX

struct poller_watch;
/* An error comes as all three events. */
typedef void poller_fn(struct poller_watch *watch, uint32_t events);

enum {
    POLLER_READABLE = EPOLLIN,
    POLLER_WRITABLE = EPOLLOUT,
    POLLER_HUNG_UP = EPOLLRDHUP, /* the peer has ended its side; bytes may still wait to be read */
};
/* Told once when it comes about: whoever is told reads and writes until the kernel says that it would wait.
 */
#define POLLER_EDGES ((uint32_t)EPOLLET)

/* Must stay where it is while it is watched, and until the poller_wait under way has returned. */
struct poller_watch {
    poller_fn *on_events;
};

struct poller {
    int fd;         /* -1: none */
    bool counts_ns; /* waits are as long as they shall be; else they are rounded up to milliseconds */
};

/* 0, or -1 with errno. */
int poller_init(struct poller *p);
void poller_fini(struct poller *p);
/* Begins to watch; closing the descriptor ends it, if no child process holds it too. 0, or -1 with errno. */
int poller_add(struct poller *p, int fd, struct poller_watch *watch, uint32_t events);
/* Tells again on the next turn what of these events is there now. */
void poller_remind(struct poller *p, int fd, struct poller_watch *watch, uint32_t events);
/* Waits for at most so long and calls back for what has come. Returns how many calls that were. */
int poller_wait(struct poller *p, uint64_t most_ns);
/* The timeout of epoll_wait(2) for a wait that must not end too early. */
int poller_whole_ms(uint64_t most_ns);

#endif

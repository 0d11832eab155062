/* The addresses behind the target's name: resolved before the run, again at least every `resolve_every_ns`
 * and when connections fail, every answer logged. Workers take the addresses in turn, so that all are used
 * evenly; a connection whose address is no longer in the set is retired after its request. One small thread
 * resolves; sets are immutable and live until the end. */
#ifndef ENGINE_ADDRESSES_H
#define ENGINE_ADDRESSES_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

struct dns_log;
struct err;
struct plan_target;

struct address {
    struct sockaddr_storage sockaddr;
    socklen_t length_bytes;
    char text[64]; /* without port */
};

struct address_set {
    struct address *list; /* owned */
    uint32_t n;
    uint32_t generation;
    struct address_set *older;
};

/* Told on the resolver's thread that a new set is there. */
typedef void addresses_changed_fn(void *payload);

struct addresses {
    const struct plan_target *target;
    struct dns_log *log;
    int family; /* 0 any, 4, 6: as the target says, or the one that can be reached */
    _Atomic(struct address_set *) current;
    addresses_changed_fn *on_changed;
    void *payload;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    uint64_t answer_ns; /* when the last answer came */
    uint64_t ttl_ns;    /* how long it may be used */
    bool is_running, stops, is_asked;
};

/* Resolves for the first time, on the calling thread. A name with addresses of both kinds, of which one kind
 * cannot be reached (a server that listens on 127.0.0.1 only, named `localhost`), is used with the other kind
 * alone. -1 and a sentence when the name has no address. */
int addresses_init(struct addresses *a, const struct plan_target *target, struct dns_log *log, struct err *e);
/* Starts resolving again and again, where there is a name to resolve. */
int addresses_start(struct addresses *a, addresses_changed_fn *on_changed, void *payload, struct err *e);
/* Asks for a fresh answer soon (at most one look-up a second); from any thread. */
void addresses_refresh(struct addresses *a);
/* Ends the thread and frees all sets; accepts a zeroed struct. */
void addresses_fini(struct addresses *a);

static inline const struct address_set *addresses_now(const struct addresses *a)
{
    return atomic_load_explicit(&((struct addresses *)(uintptr_t)a)->current, memory_order_acquire);
}

#endif

/* One lookup of the target's name: its addresses and how long they are valid. Blocks for as long as the
 * resolver does; cold. Also defines the shared set of addresses. */
#ifndef ENGINE_LOOKUP_H
#define ENGINE_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

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
    bool is_short; /* incomplete for lack of memory */
    struct address_set *older;
};

/* Starts connecting a non-blocking socket: 1 connected, 0 in progress, -1 with errno. Resumes after
 * interruptions. */
int lookup_connect(int fd, const struct address *a);
/* Frees this set, not the older ones; accepts NULL. */
void address_set_free(struct address_set *set);
/* Adds a copy of the address; out of memory drops it and sets `is_short`. */
void address_set_add(struct address_set *set, const struct sockaddr *sockaddr, socklen_t length_bytes);

/* A question. Owns its strings, so that a lookup may outlive its caller. */
struct lookup_question {
    char *unix_socket; /* NULL: none */
    char *host;
    char *name_server; /* NULL: the system's resolver, which gives no TTL */
    uint16_t port;
    int family; /* 0 any, 4, 6 */
};

struct lookup_answer {
    struct address_set *set; /* owned */
    bool has_ttl;
    uint32_t ttl_s;
    bool unanswered_v4, unanswered_v6; /* a family that may still have addresses; see name_server.h */
};

/* Applies the target's overrides: connect-to replaces name and port, resolve gives a name's address, as in
 * curl. -1 with an error when memory is short. Requires lookup_question_fini even on failure. */
int lookup_question_init(struct lookup_question *q, const struct plan_target *target, struct err *e);
void lookup_question_fini(struct lookup_question *q);
/* Whether the answer is always the same. */
bool lookup_is_fixed(const struct lookup_question *q);

/* -1 with an error when there is no address; then the answer holds nothing. */
int lookup_ask(const struct lookup_question *q, struct lookup_answer *answer, struct err *e);

#endif

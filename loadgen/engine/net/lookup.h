/* One look-up of the target's name: which addresses it has, and how long they may be used. Blocks for as long
 * as the resolver likes; cold. Also defines the set of addresses that everybody shares. */
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
    bool is_short; /* addresses are missing, for want of memory */
    struct address_set *older;
};

/* Begins to connect a non-blocking socket to the address: 1 connected, 0 on its way, -1 with errno. An
 * interruption is no failure. */
int lookup_connect(int fd, const struct address *a);
/* Frees it alone, not the older ones; accepts NULL. */
void address_set_free(struct address_set *set);
/* Adds a copy of the address; out of memory loses it, which the set remembers. */
void address_set_add(struct address_set *set, const struct sockaddr *sockaddr, socklen_t length_bytes);

/* What is asked. Texts are owned, so that a look-up may outlive who asked for it. */
struct lookup_question {
    char *unix_socket; /* NULL: none */
    char *host;
    char *name_server; /* NULL: the system's resolver, which does not tell how long its answers last */
    uint16_t port;
    int family; /* 0 any, 4, 6 */
};

struct lookup_answer {
    struct address_set *set; /* owned */
    bool has_ttl;
    uint32_t ttl_s;
    bool unanswered_v4, unanswered_v6; /* the server said nothing of addresses of this kind: no word that
                                there is none. The system's resolver does not tell. */
};

/* Where connections to the target really go: connect-to replaces name and port, resolve gives the address of
 * a name, as curl has them. -1 when memory is short. lookup_question_fini is to be called in any case. */
int lookup_question_init(struct lookup_question *q, const struct plan_target *target, struct err *e);
void lookup_question_fini(struct lookup_question *q);
/* True: the answer is always the same. */
bool lookup_is_fixed(const struct lookup_question *q);

/* -1 and a sentence when there is no address; then the answer holds nothing. */
int lookup_ask(const struct lookup_question *q, struct lookup_answer *answer, struct err *e);

#endif

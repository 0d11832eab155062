/* Asks one DNS server for the addresses of a name and how long they may be used, by the resolver library of
 * libc (resolver(3)). Blocks; used on the resolver's thread only. */
#ifndef ENGINE_NAME_SERVER_H
#define ENGINE_NAME_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct err;

enum { NAME_SERVER_ADDRESSES_MOST = 64 };

struct name_server_answer {
    struct sockaddr_storage addresses[NAME_SERVER_ADDRESSES_MOST]; /* ports are 0 */
    size_t n;
    uint32_t ttl_s; /* the least of all records, those of aliases included */
    bool unanswered_v4,
        unanswered_v6; /* asked for and not answered, which is not the answer that there is none */
};

/* `server` is "ADDRESS", "ADDRESS:PORT" or "[ADDRESS]:PORT"; `family` 4 and 6 ask for that kind only, 0 for
 * both. -1 and a sentence when the server does not answer or the name has no address. */
int name_server_ask(const char *server, const char *name, int family, struct name_server_answer *answer,
                    struct err *e);

/* Adds what a server's answer, as it came, holds; false when it is none. */
bool name_server_take(struct name_server_answer *answer, const unsigned char *packet, size_t length_bytes);

#endif

/* Asks one DNS server for a name's addresses and their TTL, with libc's resolver library (resolver(3)).
 * Blocks. */
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
    uint32_t ttl_s;                    /* the minimum of all records, aliases included */
    bool unanswered_v4, unanswered_v6; /* asked for and not answered: the family may still have addresses */
};

/* `server` is "ADDRESS", "ADDRESS:PORT" or "[ADDRESS]:PORT"; `family`: 4, 6, or 0 for both. -1 with an error
 * when the server does not answer or the name has no address. */
int name_server_ask(const char *server, const char *name, int family, struct name_server_answer *answer,
                    struct err *e);

/* Adds the addresses of a server's response packet; false when it is invalid. */
bool name_server_take(struct name_server_answer *answer, const unsigned char *packet, size_t length_bytes);

#endif

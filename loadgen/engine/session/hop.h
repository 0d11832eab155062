/* A redirect that is followed: where its Location leads (RFC 3986 section 5), and the request that goes there
 * (RFC 9110 section 15.4). Only places of the same scheme, host and port are followed: a load test must not
 * wander off to another server. */
#ifndef ENGINE_HOP_H
#define ENGINE_HOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct plan_target;

enum { HOP_TARGET_BYTES_MOST = 8 * 1024 };

/* All zero: none was followed yet. */
struct hop {
    char *target; /* the request target, such as /orders/17?new=1; owned */
    uint32_t target_bytes, room_bytes;
    uint8_t n;   /* how many were followed one after the other; 0: `target` means nothing */
    bool is_get; /* the method is GET from here on, without a body; else that of the step */
};

void hop_fini(struct hop *hop);

/* Follows the answer of `status` with this Location to the request whose bytes are given (its head is
 * enough). NULL when done; else the reason, a constant string, and `hop` is unchanged. Memory is taken
 * only when a target is longer than all before. */
const char *hop_follow(struct hop *hop, const struct plan_target *target, unsigned status,
                       const char *request, size_t request_bytes, const char *location,
                       size_t location_bytes);

/* Most bytes of the message that hop_message writes. */
static inline size_t hop_message_bytes_most(const struct hop *hop, size_t request_bytes)
{
    return request_bytes + hop->target_bytes + sizeof "GET";
}
/* Makes the step's own rendered message that of the hop: its request line is exchanged, and for GET the body
 * and the headers that describe it are left out. Returns the length. `out` has hop_message_bytes_most. */
size_t hop_message(const struct hop *hop, const char *request, size_t request_bytes, char *out);

#endif

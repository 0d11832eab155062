/* Redirects are not followed, but reported: a sentence says where the first one pointed, without possible
 * secrets (user, query, fragment) and without terminal escapes. One per stream and thread. */
#ifndef ENGINE_REDIRECT_H
#define ENGINE_REDIRECT_H

#include <stdbool.h>
#include <stddef.h>

struct redirect {
    char sentence[256]; /* empty: no redirect yet */
};

/* Statuses that send a client elsewhere (RFC 9110 section 15.4). */
bool redirect_is_status(unsigned status);
/* Takes the value of a Location; the first one makes the sentence, later ones are ignored. */
void redirect_note(struct redirect *r, const char *location, size_t length_bytes);

#endif

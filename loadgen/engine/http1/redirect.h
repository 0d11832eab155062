/* Redirects are not followed: a sentence that says so and where the first one pointed, without what may be
 * secret (user, query, fragment) and without what a terminal would obey. One per stream and thread. */
#ifndef ENGINE_REDIRECT_H
#define ENGINE_REDIRECT_H

#include <stdbool.h>
#include <stddef.h>

struct redirect {
    char sentence[256]; /* empty: none was met yet */
};

/* Statuses that send a client elsewhere (RFC 9110 section 15.4). */
bool redirect_is_status(unsigned status);
/* The value of a Location; only the first makes the sentence, which stays as it is from then on. */
void redirect_note(struct redirect *r, const char *location, size_t length_bytes);

#endif

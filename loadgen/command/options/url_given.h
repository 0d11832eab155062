/* A URL as people type it. As with curl, `http://` may be missing: localhost:8080/x, 10.0.0.7, example.com;
 * and :8080 is a port of this machine. */
#ifndef COMMAND_URL_GIVEN_H
#define COMMAND_URL_GIVEN_H

#include <stdbool.h>

struct input_files;

/* Whether a word where a scenario could be is a URL instead: it has a scheme, or its host cannot be anything
 * else (a port, an address, localhost, a name with a dot), and no file has that name
 * (in `in`; NULL: on disk). */
bool url_given_is(const struct input_files *in, const char *word);

enum { URL_GIVEN_SHOWN_BYTES = 72 };

/* The word as a message may quote it: shortened, and without what could be a user name and a password.
 * Returns `out`, which has URL_GIVEN_SHOWN_BYTES. */
const char *url_given_shown(const char *word, char *out);

/* The whole URL of a word that is meant as one, with the scheme. The caller frees it; NULL when memory is
 * short. */
char *url_given_whole(const char *word);

#endif

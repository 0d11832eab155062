/* A URL as a scenario has it: an origin, which is a target, and a path. */
#ifndef IMPORT_URL_PARTS_H
#define IMPORT_URL_PARTS_H

#include <stdbool.h>

struct arena;
struct err;

struct url_parts {
    const char *origin; /* "https://host:8443", in small letters, without a default port */
    const char *path;   /* with its query, of characters that a request line can hold; no fragment */
    const char *user;   /* "NAME:PASSWORD" decoded; NULL: none */
};

/* `url` is a template; http:// goes without saying. `keeps_dots`: `.` and `..` stay in the path. -1 and a
 * sentence for what is no URL of http or https. All texts are the arena's. */
int url_parts_read(struct url_parts *out, struct arena *a, const char *url, bool keeps_dots, struct err *e);

#endif

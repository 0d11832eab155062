/* One entry of a HAR file: a request that a browser sent, and what is of use of its answer. */
#ifndef IMPORT_HAR_ENTRY_H
#define IMPORT_HAR_ENTRY_H

#include "draft.h"
#include "url_parts.h"

#include <jansson.h>

struct err;

enum har_kind {
    HAR_PAGE,     /* what a scenario sends */
    HAR_STATIC,   /* an image, a style, a script, a font, a film */
    HAR_SOCKET,   /* a WebSocket, or any URL that is not http */
    HAR_UNSENT,   /* blocked, or given up: there was no answer */
    HAR_PREFLIGHT /* CORS: only browsers send it */
};

struct har_entry {
    size_t number; /* in the file, from 0 */
    enum har_kind kind;
    uint64_t start_ns, end_ns; /* since the epoch */
    struct url_parts url;
    struct draft_step step;   /* without name; its header Cookie is in `cookies` */
    const char *cookies;      /* as sent; NULL: none */
    const char *location;     /* where a redirect leads, resolved; NULL: none */
    const char **set_cookies; /* names that the answer set */
    size_t n_set_cookies;
    unsigned status;
    unsigned http;   /* its version: 1, 2 or 3 */
    bool lacks_body; /* it had one, which the file does not hold */
};

/* Reads one; `place` is for notes. All texts are the draft's. */
int har_entry_read(struct har_entry *out, struct draft *d, const char *place, const json_t *entry,
                   struct err *e);

#endif

/* A response and its HTTP/1.1 reader. */
#ifndef UNIT_READING_H
#define UNIT_READING_H

#include "http1.h"

struct reading {
    struct response response;
    struct http1 http1;
    struct redirect redirect;
};

static inline void reading_init(struct reading *r, const struct plan_expect *expect, char *tail,
                                struct http1_known *known)
{
    r->redirect = (struct redirect){ 0 };
    response_init(&r->response, expect, tail, &r->redirect);
    http1_init(&r->http1, &r->response, known);
}

#endif

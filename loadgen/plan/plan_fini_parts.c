/* Frees what requests and steps are made of. Apart from plan_fini.c, since a session frees these and is freed
 * there. */
#include "plan.h"

#include <stdlib.h>

static void headers_fini(struct plan_header *headers, size_t n)
{
    for (size_t i = 0; headers && i < n; i++) {
        free(headers[i].name);
        free(headers[i].value);
    }
    free(headers);
}

void plan_request_fini(struct plan_request *r)
{
    for (size_t i = 0; r->pieces && i < r->n_pieces; i++)
        free(r->pieces[i].text);
    free(r->pieces);
    free(r->method);
    free(r->path);
    free(r->shown);
    *r = (struct plan_request){ 0 };
}

void plan_expect_fini(struct plan_expect *x)
{
    free(x->body_before);
    free(x->body_after);
    headers_fini(x->headers, x->n_headers);
    *x = (struct plan_expect){ 0 };
}

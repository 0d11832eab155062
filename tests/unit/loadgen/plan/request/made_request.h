/* A stream whose cluster has two instances and whose feed has three rows, and requests of it, for tests. */
#ifndef MADE_REQUEST_H
#define MADE_REQUEST_H

#include "cm.h"
#include "err.h"
#include "plan.h"
#include "request.h"
#include "target.h"

#include <stdlib.h>
#include <string.h>

struct fixture {
    struct plan plan;
    struct plan_stream stream;
    struct plan_cluster cluster;
    struct plan_feed feed;
    struct template_scope scope;
};

static char texts[][10] = { "id", "name", "7", "x", "8", "long name", "9", "", "i-1", "i-22" };
static char *columns[] = { texts[0], texts[1] };
static char *cells[] = { texts[2], texts[3], texts[4], texts[5], texts[6], texts[7] };
static char *instances[] = { texts[8], texts[9] };

static inline void set_up(struct fixture *f)
{
    struct err e;
    *f = (struct fixture){
        .plan = { .seed = 42, .n_streams = 1, .n_clusters = 1 },
        .stream = { .cluster = "c" },
        .feed = { .cells = cells, .columns = columns, .n_rows = 3, .n_columns = 2 },
        .cluster = { .name = "c", .instances = instances, .n_instances = 2 },
    };
    f->plan.streams = &f->stream;
    f->scope = (struct template_scope){ .plan = &f->plan, .stream = &f->stream, .csv = &f->feed };
    f->plan.clusters = &f->cluster;
    target_init(&f->plan.target);
    assert_int_equal(target_parse_url(&f->plan.target, "http://h", &e), 0);
}

static inline void tear_down(struct fixture *f)
{
    for (size_t i = 0; i < f->stream.n_requests; i++)
        plan_request_fini(&f->stream.requests[i]);
    free(f->stream.requests);
    free(f->stream.feeds);
    struct plan only_target = { .target = f->plan.target };
    plan_fini(&only_target);
}

static inline int build(struct fixture *f, const char *method, const char *path, const char *name,
                        const char *value, const char *body, struct plan_request *out, struct err *e)
{
    struct request_builder b;
    const struct request_body whole = { .bytes = body,
                                        .length_bytes = body ? strlen(body) : 0,
                                        .is_template = true };
    *out = (struct plan_request){ .weight = 1 };
    if (request_begin(&b, &f->plan.target, &f->scope, method, path, e) ||
        (name && request_add_header(&b, name, value, e))) {
        request_abandon(&b);
        return -1;
    }
    return request_finish(&b, &whole, false, out, e);
}

/* Renders into exactly as much room as the request says it needs; the sanitizer sees any byte beyond. */
static inline char *render(struct fixture *f, const struct plan_request *r, uint64_t seq)
{
    char *room = malloc(r->bytes_most);
    assert_non_null(room);
    const size_t n = request_render(&f->plan, &f->stream, r, seq, room, r->bytes_most);
    assert_true(n > 0);
    assert_int_equal(request_render(&f->plan, &f->stream, r, seq, room, r->bytes_most - 1), 0);
    char *text = strndup(room, n);
    free(room);
    return text;
}

#define AGENT "User-Agent: loadgen/" LOADGEN_VERSION "\r\n"

static inline void add_request(struct fixture *f, const char *path, uint32_t weight)
{
    struct err e;
    f->stream.requests = realloc(f->stream.requests, (f->stream.n_requests + 1) * sizeof *f->stream.requests);
    assert_int_equal(build(f, "GET", path, NULL, NULL, NULL, &f->stream.requests[f->stream.n_requests], &e),
                     0);
    f->stream.requests[f->stream.n_requests++].weight = weight;
}

#endif

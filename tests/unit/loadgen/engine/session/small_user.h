/* A user of a session of one step, with four variables and a feed of six rows, for tests. */
#ifndef SMALL_USER_H
#define SMALL_USER_H

#include "cm.h"
#include "plan.h"
#include "request.h"
#include "values.h"

#include <stdlib.h>
#include <string.h>

enum { VARIABLES = 4, LASTING = 1, ROWS = 6 };

static char texts[ROWS][4] = { "r0", "r1", "r2", "r3", "r4", "r5" };
static char *cells[ROWS] = { texts[0], texts[1], texts[2], texts[3], texts[4], texts[5] };
static char column_text[] = "c";
static char *columns[] = { column_text };
static char names[VARIABLES][3] = { "v0", "v1", "v2", "v3" };
static char *variables[VARIABLES] = { names[0], names[1], names[2], names[3] };

struct fixture {
    struct plan plan;
    struct plan_stream stream;
    struct plan_session session;
    struct session_step step;
    struct plan_feed feed;
    struct plan_feed *feeds[1];
    struct values_shared shared;
    struct values *user;
};

static inline struct values *new_user(struct fixture *f)
{
    struct values *v = malloc(values_bytes(&f->stream));
    assert_non_null(v);
    values_init(v, &f->stream);
    return v;
}

static inline void free_user(struct values *v)
{
    values_fini(v);
    free(v);
}

static inline void set_up(struct fixture *f, enum plan_take take, enum plan_order order,
                          enum plan_at_end at_end)
{
    *f = (struct fixture){ .plan = { .seed = 42, .n_streams = 1, .n_threads = 1, .n_feeds = 1 } };
    f->feed = (struct plan_feed){ .name = "f",
                                  .take = take,
                                  .order = order,
                                  .at_end = at_end,
                                  .cells = cells,
                                  .columns = columns,
                                  .n_rows = ROWS,
                                  .n_columns = 1 };
    f->feeds[0] = &f->feed;
    f->plan.feeds = f->feeds;
    f->plan.streams = &f->stream;
    f->session = (struct plan_session){ .variables = variables,
                                        .n_variables = VARIABLES,
                                        .n_lasting = LASTING,
                                        .steps = &f->step,
                                        .n_steps = 1 };
    f->stream = (struct plan_stream){ .session = &f->session, .feeds = f->feeds, .n_feeds = 1 };
    assert_int_equal(values_shared_init(&f->shared, &f->plan, 0), 0);
    f->user = new_user(f);
}

static inline void tear_down(struct fixture *f)
{
    free_user(f->user);
    values_shared_fini(&f->shared);
    plan_request_fini(&f->step.request);
}

static inline const char *set(struct fixture *f, uint32_t variable, const char *text)
{
    return values_set(f->user, &f->stream, variable, text, strlen(text));
}

#endif

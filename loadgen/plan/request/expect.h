/* What makes a response ok: statuses, a body text in which {instance} stands for the instance's id, headers.
 * A sentence says what is wrong with a text; the caller adds where. */
#ifndef PLAN_EXPECT_H
#define PLAN_EXPECT_H

#include "plan.h"

struct err;

/* 200 to 299, any body. */
void expect_init(struct plan_expect *x);
/* "200", "2xx" or "200-204"; the first replaces the default when `is_first`. */
int expect_add_status(struct plan_expect *x, const char *text, bool is_first, struct err *e);
/* The body's exact text; {instance} at most once. */
int expect_set_body(struct plan_expect *x, const char *text, struct err *e);
/* The header must be there, with this value unless it is NULL. */
int expect_add_header(struct plan_expect *x, const char *name, const char *value, struct err *e);

/* The statuses for people, "200" or "2xx, 404"; returns `out`. */
const char *expect_status_text(const struct plan_expect *x, char *out, size_t out_bytes);

#endif

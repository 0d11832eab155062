#include "aws_removal.h"

#include "aws_session.h"
#include "clock.h"
#include "err.h"
#include "status_lines.h"

#include <stdio.h>

static const char *const row_labels[AWS_N_KINDS] = { "instances", "security groups", "load balancer",
                                                     "target groups" };

/* Who may not remove one kind of resource may still remove those that cost most. */
bool aws_removal_must_end(const struct aws_session *s)
{
    const struct aws_failure *f = &s->client.failure;
    if (aws_failure_is(f, "UnauthorizedOperation") || aws_failure_is(f, "AccessDenied") ||
        aws_failure_is(f, "AccessDeniedException"))
        return false;
    return f->class == AWS_CLASS_CREDENTIALS || f->class == AWS_CLASS_STOPPED;
}

bool aws_removal_is_left(const struct aws_found *f, enum aws_kind kind)
{
    return f->kind == kind && !f->gone && !f->is_stranger;
}

void aws_removal_show(struct aws_session *s, const struct aws_inventory *inventory, enum aws_kind kind,
                      const char *state)
{
    const unsigned n_gone = (unsigned)aws_inventory_count(inventory, kind, true);
    const unsigned n_left = (unsigned)aws_inventory_count(inventory, kind, false);
    if (n_gone + n_left > 0)
        status_lines_set(s->lines, row_labels[kind], n_gone, n_gone + n_left, n_left ? state : "removed",
                         clock_monotonic_ns(), " ");
}

void aws_removal_note(struct aws_found *f, const struct err *e)
{
    snprintf(f->why, sizeof f->why, "%.399s", e->text);
}

bool aws_removal_is_refusal(enum aws_class class)
{
    return class == AWS_CLASS_CREDENTIALS || class == AWS_CLASS_QUOTA || class == AWS_CLASS_INPUT ||
           class == AWS_CLASS_OTHER;
}

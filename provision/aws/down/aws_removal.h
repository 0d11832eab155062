/* What the steps of a removal share: which resources are left, what AWS's refusals mean, and what is noted
 * and shown of each. */
#ifndef PROVISION_AWS_REMOVAL_H
#define PROVISION_AWS_REMOVAL_H

#include "aws_failure.h"
#include "aws_inventory.h"

#include <stdbool.h>

struct aws_session;
struct err;

/* Whether the session's last failure is one after which no other call can succeed. */
bool aws_removal_must_end(const struct aws_session *s);
/* AWS said no, and would again. */
bool aws_removal_is_refusal(enum aws_class class);

/* Whether it is of that kind, ours and not gone. */
bool aws_removal_is_left(const struct aws_found *f, enum aws_kind kind);
/* Notes why it is not removed. */
void aws_removal_note(struct aws_found *f, const struct err *e);
/* Shows how many of a kind are removed; `state` is that of the others. */
void aws_removal_show(struct aws_session *s, const struct aws_inventory *inventory, enum aws_kind kind,
                      const char *state);

#endif

/* The bytes of an answer: head and body, and where its first half ends. */
#ifndef PROVISION_REPLY_MESSAGE_H
#define PROVISION_REPLY_MESSAGE_H

#include "reply.h"

#include <stdbool.h>
#include <stddef.h>

struct reply_message {
    char *data; /* `small`, or owned memory for a large body */
    size_t length;
    size_t half; /* head and half of the body */
    char small[2048];
};

/* Builds the answer of the instance `id`. `headers` are further header lines, each ended by CR LF;
 * `body_wanted` is false for HEAD. -1 when memory is out. */
int reply_message_init(struct reply_message *m, const struct reply *answer, const char *id,
                       const char *headers, bool body_wanted);
void reply_message_fini(struct reply_message *m);

#endif

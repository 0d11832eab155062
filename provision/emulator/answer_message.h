/* The bytes of an answer: head and body, and where its first half ends. */
#ifndef PROVISION_ANSWER_MESSAGE_H
#define PROVISION_ANSWER_MESSAGE_H

#include "answer.h"

#include <stdbool.h>
#include <stddef.h>

struct answer_message {
    char *data; /* `small`, or owned memory for a large body */
    size_t length;
    size_t half; /* head and half of the body */
    char small[2048];
};

/* Builds the answer of the instance `id`. `headers` are further header lines, each ended by CR LF;
 * `body_wanted` is false for HEAD. -1 when memory is out. */
int answer_message_init(struct answer_message *m, const struct answer *answer, const char *id,
                        const char *headers, bool body_wanted);
void answer_message_fini(struct answer_message *m);

#endif

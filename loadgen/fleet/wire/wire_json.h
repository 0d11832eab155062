/* JSON objects as messages, for steps before the start and after the end of a run: every version of the
 * program can read those of every other. */
#ifndef FLEET_WIRE_JSON_H
#define FLEET_WIRE_JSON_H

#include "wire.h"

#include <jansson.h>

/* Brings every rank's object to rank 0: `*all` is a new array of one per rank there, NULL elsewhere, which
 * the caller passes to wire_json_free even on failure. `own` NULL means that there was no memory for it. */
int wire_json_gather(struct wire *w, uint32_t tag, const json_t *own, json_t ***all,
                     const struct wire_patience *patience, struct err *e);
void wire_json_free(json_t **all, uint32_t n);

/* Gives rank 0's object to all: `*object` is its caller's there, and new elsewhere, NULL on failure. */
int wire_json_broadcast(struct wire *w, uint32_t tag, json_t **object, const struct wire_patience *patience,
                        struct err *e);

/* The object in a message; NULL and a sentence when it is none. */
json_t *wire_json_of(const struct wire_message *m, struct err *e);

#endif

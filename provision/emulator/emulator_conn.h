/* A connection of the emulator: reads requests one at a time, has each answered when it is due, in the order
 * they came. */
#ifndef PROVISION_EMULATOR_CONN_H
#define PROVISION_EMULATOR_CONN_H

#include <uv.h>

struct deadline;
struct emulator;

/* Accepts a connection of the listener; it frees itself when it is closed. */
void emulator_conn_accept(struct emulator *m, uv_stream_t *listener);
/* The deadline of a connection's answer has come. */
void emulator_conn_due(struct deadline *deadline);
/* Closes whatever happens on it. */
void emulator_conn_abort(uv_handle_t *handle);

#endif

/* A connection of the emulator: reads one request at a time and answers it when it is due. */
#ifndef PROVISION_EMULATOR_CONN_H
#define PROVISION_EMULATOR_CONN_H

#include <uv.h>

struct deadline;
struct emulator;

/* Accepts a connection, which frees itself when it is closed. */
void emulator_conn_accept(struct emulator *m, uv_stream_t *listener);
/* Sends the answer whose deadline has come. */
void emulator_conn_due(struct deadline *deadline);
/* Closes the connection at once. */
void emulator_conn_abort(uv_handle_t *handle);

#endif

/* Queries a process of the lab over its Unix socket; load balancer and emulators answer with a CSV and close.
 */
#ifndef PROVISION_CONTROL_H
#define PROVISION_CONTROL_H

#include "csv.h"

struct err;

/* Sends `command`, which may be empty, and opens the whole answer as a CSV with its header read; close it by
 * csv_reader_fini. -1 without an answer within a second. */
int control_ask(const char *socket_path, const char *command, struct csv_reader *answer, struct err *e);

/* The same with the answer as NUL-terminated text, cut to fit. Returns its length, or -1. */
enum { CONTROL_TEXT_BYTES = 256 * 1024 };
long control_ask_text(const char *socket_path, const char *command, char *text, size_t text_bytes,
                      struct err *e);

#endif

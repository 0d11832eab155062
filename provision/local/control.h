/* Asks a process of the lab over its Unix socket; the load balancer and the emulators both answer with a CSV
 * and close. */
#ifndef PROVISION_CONTROL_H
#define PROVISION_CONTROL_H

#include "csv.h"

struct err;

/* Sends `question`, which may be empty, and opens the whole answer as a CSV, whose header row is read; close
 * it by csv_reader_fini. -1 when nobody answers within a second. */
int control_ask(const char *socket_path, const char *question, struct csv_reader *answer, struct err *e);

/* The same for an answer of another form, as text: NUL-terminated, cut to fit. Returns its length, or -1. */
enum { CONTROL_TEXT_BYTES = 256 * 1024 };
long control_ask_text(const char *socket_path, const char *question, char *text, size_t text_bytes,
                      struct err *e);

#endif

/* Lines of access logs of Apache and nginx in their "common" and "combined" forms, optionally with a virtual
 * host in front:
 *
 *   ADDRESS IDENT USER [TIME] "REQUEST" STATUS BYTES ["REFERER" "AGENT"] [more]
 *
 * Apache's time is when the request came. nginx's is when the line was written, so the request's own time is
 * taken off where the line has it: `$request_time` as the first word behind the agent, or as `rt=` or
 * `request_time=`. Times are whole seconds; log_file spreads the lines of one second over it. */
#ifndef IMPORT_COMBINED_LINE_H
#define IMPORT_COMBINED_LINE_H

#include "log_entry.h"

/* `due_ns` is the whole second of the log; for nginx log_file takes `took_ns` off after spreading. */
enum log_skip combined_line_parse(struct log_entry *out, struct log_room *room, const char *line,
                                  size_t length_bytes);

#endif

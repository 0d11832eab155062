/* dns.csv: every answer of the resolver. */
#ifndef RECORD_DNS_ROWS_H
#define RECORD_DNS_ROWS_H

#include <stdint.h>

struct dns_log;
struct err;

/* Writes the file. `t0_ns` is monotonic; answers before it have negative times. */
int dns_rows_write(const char *path, struct dns_log *log, uint64_t t0_ns, struct err *e);

#endif

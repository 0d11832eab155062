/* Every answer of the resolver with its time, for dns.csv. Cold path: a mutex guards it; the resolver adds,
 * the end of the run reads. */
#ifndef RECORD_DNS_LOG_H
#define RECORD_DNS_LOG_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DNS_LOG_ADDRESS_BYTES = 64 };

struct dns_answer {
    uint64_t at_ns; /* monotonic */
    char name[256];
    char address[DNS_LOG_ADDRESS_BYTES]; /* "" when the look-up failed */
    bool ttl_is_known;
    uint32_t ttl_s;
};

struct dns_log {
    pthread_mutex_t lock;
    struct dns_answer *answers;
    size_t n, capacity;
};

void dns_log_init(struct dns_log *log);
void dns_log_fini(struct dns_log *log);
/* Adds a copy; out of memory loses it. */
void dns_log_add(struct dns_log *log, const struct dns_answer *answer);

#endif

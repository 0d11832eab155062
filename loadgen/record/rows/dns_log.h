/* Every answer of the resolver with its time, for dns.csv. Each name and address is stored once, so that a
 * day of answers with a TTL of one second takes a few megabytes. Cold path: a mutex guards it; the resolver
 * adds, and the end of the run reads. */
#ifndef RECORD_DNS_LOG_H
#define RECORD_DNS_LOG_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

struct dns_answer {
    uint64_t at_ns;      /* monotonic */
    const char *name;    /* borrowed; in the log, its own copy */
    const char *address; /* "" if the lookup failed */
    uint32_t ttl_s;
    bool ttl_is_known;
};

struct dns_log {
    pthread_mutex_t lock;
    struct dns_answer *answers;
    size_t n, capacity;
    char **texts; /* names and addresses, each once; owned */
    size_t n_texts;
    bool is_short; /* answers were lost for lack of memory */
};

void dns_log_init(struct dns_log *log);
void dns_log_fini(struct dns_log *log);
/* Adds a copy; one that finds no memory is lost, which sets `is_short`. */
void dns_log_add(struct dns_log *log, const struct dns_answer *answer);
/* Writes dns.csv, with times since `t0_ns`, negative before it. */
int dns_log_write(struct dns_log *log, const char *path, uint64_t t0_ns, struct err *e);

#endif

#include "dns_log.h"

#include <stdlib.h>

void dns_log_init(struct dns_log *log)
{
    *log = (struct dns_log){ 0 };
    pthread_mutex_init(&log->lock, NULL);
}

void dns_log_fini(struct dns_log *log)
{
    pthread_mutex_destroy(&log->lock);
    free(log->answers);
    log->answers = NULL;
}

void dns_log_add(struct dns_log *log, const struct dns_answer *answer)
{
    pthread_mutex_lock(&log->lock);
    if (log->n == log->capacity) {
        const size_t capacity = log->capacity ? 2 * log->capacity : 16;
        struct dns_answer *larger = realloc(log->answers, capacity * sizeof *larger);
        if (larger) {
            log->answers = larger;
            log->capacity = capacity;
        }
    }
    if (log->n < log->capacity)
        log->answers[log->n++] = *answer;
    pthread_mutex_unlock(&log->lock);
}

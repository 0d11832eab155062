#include "dns_log.h"

#include "csv.h"
#include "err.h"

#include <stdlib.h>
#include <string.h>

void dns_log_init(struct dns_log *log)
{
    *log = (struct dns_log){ 0 };
    pthread_mutex_init(&log->lock, NULL);
}

void dns_log_fini(struct dns_log *log)
{
    pthread_mutex_destroy(&log->lock);
    for (size_t i = 0; i < log->n_texts; i++)
        free(log->texts[i]);
    free(log->texts);
    free(log->answers);
    *log = (struct dns_log){ 0 };
}

/* The log's own copy of a text; NULL when memory is short. */
static const char *keep(struct dns_log *log, const char *text)
{
    for (size_t i = log->n_texts; i-- > 0;)
        if (strcmp(log->texts[i], text) == 0)
            return log->texts[i];
    char **larger = realloc(log->texts, (log->n_texts + 1) * sizeof *larger);
    if (!larger)
        return NULL;
    log->texts = larger;
    char *copy = strdup(text);
    if (copy)
        log->texts[log->n_texts++] = copy;
    return copy;
}

static bool has_room(struct dns_log *log)
{
    if (log->n < log->capacity)
        return true;
    const size_t capacity = log->capacity ? 2 * log->capacity : 16;
    struct dns_answer *larger = realloc(log->answers, capacity * sizeof *larger);
    if (!larger)
        return false;
    log->answers = larger;
    log->capacity = capacity;
    return true;
}

void dns_log_add(struct dns_log *log, const struct dns_answer *answer)
{
    struct dns_answer kept = *answer;
    pthread_mutex_lock(&log->lock);
    kept.name = keep(log, answer->name);
    kept.address = keep(log, answer->address);
    if (kept.name && kept.address && has_room(log))
        log->answers[log->n++] = kept;
    else
        log->is_short = true;
    pthread_mutex_unlock(&log->lock);
}

int dns_log_write(struct dns_log *log, const char *path, uint64_t t0_ns, struct err *e)
{
    struct csv_writer w;
    if (csv_create(&w, path, "t_s,name,address,ttl_s", e))
        return -1;
    pthread_mutex_lock(&log->lock);
    for (size_t i = 0; i < log->n; i++) {
        const struct dns_answer *answer = &log->answers[i];
        csv_fixed(&w, ((double)answer->at_ns - (double)t0_ns) / 1e9, 6);
        csv_text(&w, answer->name);
        csv_text(&w, answer->address);
        csv_u64_if(&w, answer->ttl_is_known, answer->ttl_s);
        csv_end_row(&w);
    }
    const bool is_short = log->is_short;
    pthread_mutex_unlock(&log->lock);
    if (csv_close(&w, e))
        return -1;
    return is_short ? err_set(e, ERR_FAILED, "out of memory: answers are missing from %s", path) : 0;
}

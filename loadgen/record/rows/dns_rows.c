#include "dns_rows.h"

#include "csv.h"
#include "dns_log.h"
#include "err.h"

int dns_rows_write(const char *path, struct dns_log *log, uint64_t t0_ns, struct err *e)
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

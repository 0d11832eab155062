#include "again_metrics.h"

#include "again.h"
#include "openmetrics.h"

void again_metrics_begin(struct openmetrics *m)
{
    openmetrics_family(m, "loadgen_requests_sent_again", OPENMETRICS_COUNTER, "",
                       "requests sent once more by cause, warm-up included");
}

void again_metrics_stream(struct openmetrics *m, const struct again_metrics_stream *s)
{
    for (int cause = 0; cause < N_AGAIN; cause++)
        openmetrics_count(m, "",
                          (const char *const[]){ "run", s->run, "stream", s->name, "cluster", s->cluster,
                                                 "cause", again_name((enum again)cause), NULL },
                          s->counts->n[cause]);
}

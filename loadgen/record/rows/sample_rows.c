#include "sample_rows.h"

#include "csv.h"
#include "names.h"
#include "plan.h"
#include "stats.h"

static void moment(struct csv_writer *w, uint64_t at_ns, uint64_t t0_ns)
{
    if (at_ns == 0)
        csv_empty(w);
    else
        csv_i64(w, (int64_t)(at_ns - t0_ns));
}

void sample_rows_write(struct csv_writer *w, const struct sample_words *words, const char *why,
                       const struct stats_sample *sample)
{
    const struct plan_stream *stream = &words->plan->streams[sample->stream];
    csv_text(w, why);
    csv_text(w, stream->name);
    csv_text(w, plan_row_name(stream, sample->row));
    csv_text(w, stream->cluster);
    csv_text(w, stream->phases[sample->phase].name);
    csv_u64(w, sample->seq);
    moment(w, sample->due_ns, words->t0_ns);
    csv_u64_if(w, plan_stream_has_due(stream), sample->lag_ns);
    csv_u64_if(w, plan_stream_has_due(stream), sample->conn_wait_ns);
    moment(w, sample->sent_ns, words->t0_ns);
    moment(w, sample->first_ns, words->t0_ns);
    moment(w, sample->done_ns, words->t0_ns);
    csv_u64_if(w, sample->rx_age_ns > 0, sample->rx_age_ns);
    csv_u64(w, sample->conn);
    csv_u64(w, sample->req_on_conn);
    csv_u64_if(w, sample->status > 0, sample->status);
    csv_text(w, outcome_name((enum outcome)sample->outcome));
    csv_text(w, sample->instance > 0 ? names_text(words->instances, sample->instance - 1) : "");
    csv_text(w, sample->remote < STATS_REMOTES_MOST ? names_text(words->remotes, sample->remote) : "");
    csv_end_row(w);
}

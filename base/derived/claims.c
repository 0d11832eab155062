#include "claims.h"

#include "claim_judge.h"
#include "derived_attempts.h"
#include "err.h"
#include "hist.h"
#include "threshold.h"
#include "units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LATE_NS       NS_PER_MS /* a reaction that takes longer is late, */
#define LATE_SHARE    0.025     /* if it is longer than this part of the median */
#define UNSTAMPED_PCT 1         /* so many answers may lack a receive timestamp */
#define LARGE_RULE    "R22"     /* messages that do not fit into the kernel's buffers at once */
#define LARGE_MOST    0.1       /* of the requests beyond a percentile */

struct work {
    const struct derived_run *run;
    struct claims *claims;
    struct hist *ok, *ages, *less, *less_ages, *part; /* owned */
};

static bool has_stream(const struct derived_scope *scope, const struct derived_stream *stream)
{
    return scope->stream ? scope->stream == stream : strcmp(scope->cluster->name, stream->cluster) == 0;
}

static bool has_closed_stream(const struct derived_run *run, const struct derived_scope *scope)
{
    for (size_t i = 0; i < run->n_streams; i++)
        if (has_stream(scope, &run->streams[i]) && !run->streams[i].is_open)
            return true;
    return false;
}

/* The checks of these streams and of the whole run. A cluster whose streams differ takes the worst of each.
 */
static struct claim_evidence evidence_of(const struct work *work, const struct derived_scope *scope)
{
    const struct derived_run *run = work->run;
    struct claim_evidence evidence = { .rate.why = "", .times.why = "" };
    claim_heed_end(&evidence, run->end);
    if (has_closed_stream(run, scope))
        claim_heed_short(&evidence, run->checks, run->n_checks);
    for (size_t s = 0; s < run->n_streams; s++)
        for (size_t i = 0; has_stream(scope, &run->streams[s]) && i < run->n_checks; i++) {
            const char *about = run->checks[i].scope;
            if (strcmp(about, "run") == 0 || strcmp(about, "all") == 0 ||
                strcmp(about, run->streams[s].name) == 0)
                claim_heed(&evidence, &run->checks[i], run->streams[s].is_open);
        }
    return evidence;
}

/* The share of messages too large for the kernel's buffers, of the stream that has most of them. */
static double large_share(const struct work *work, const struct derived_scope *scope)
{
    double most_pct = 0;
    for (size_t s = 0; s < work->run->n_streams; s++)
        for (size_t i = 0; has_stream(scope, &work->run->streams[s]) && i < work->run->n_checks; i++) {
            const struct derived_check *check = &work->run->checks[i];
            if (strcmp(check->rule, LARGE_RULE) == 0 && strcmp(check->scope, work->run->streams[s].name) == 0)
                most_pct = fmax(most_pct, check->value);
        }
    return most_pct / 100;
}

/* A millisecond matters unless the times are so long that it is lost in them. */
static uint64_t late_ns(const struct hist *ok)
{
    const double part_ns = LATE_SHARE * (double)hist_value_at_ppm(ok, claim_ppm(CLAIM_P50));
    return part_ns > (double)LATE_NS ? (uint64_t)part_ns : LATE_NS;
}

/* What the recorded times show: whether loadgen's part can be seen, and how much of it was late. */
static void heed_times(struct work *work, const struct derived_scope *scope, struct claim_evidence *evidence)
{
    static const enum metric parts[] = { METRIC_RX_AGE, METRIC_LAG };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        hist_clear(work->part);
        derived_times(work->run, scope, parts[i], OUTCOME_OK, work->part);
        if (parts[i] == METRIC_RX_AGE && work->part->n < work->ok->n - UNSTAMPED_PCT * work->ok->n / 100)
            evidence->unseen = "this transport has no receive timestamps";
        if (work->part->n > 0)
            claim_heed_late(evidence,
                            (double)hist_n_above(work->part, late_ns(work->ok)) / (double)work->part->n);
    }
}

static void judge_times(struct work *work, const struct derived_scope *scope, const struct attempts *a,
                        const struct attempts *less, struct claim_row *row)
{
    const double large = large_share(work, scope);
    struct claim_evidence evidence = evidence_of(work, scope);
    heed_times(work, scope, &evidence);
    const char *unseen = evidence.unseen;
    for (int what = CLAIM_P50; what < N_CLAIMS; what++) {
        const uint32_t p_ppm = claim_ppm((enum claim_what)what);
        struct claim *claim = &row->claims[what];
        const bool has_large = large > LARGE_MOST * (1e6 - p_ppm) / 1e6;
        evidence.unseen = unseen ? unseen : has_large ? "messages came or went in pieces" : NULL;
        claim->rate_per_s = NAN;
        claim->time = attempts_time(a, p_ppm);
        claim_judge_time(claim, p_ppm, row->n, attempts_time(less, p_ppm), &evidence);
    }
    row->claims[CLAIM_RATE].level = evidence.rate.level;
    row->claims[CLAIM_RATE].why = evidence.rate.level == CLAIM_OK ? "" : evidence.rate.why;
}

/* Of a session no part is recorded: it is the sum of its requests, so it can be quoted as far as they can. */
static void judge_session(const struct attempts *a, const struct claim_row *stream, struct claim_row *row)
{
    row->claims[CLAIM_RATE] = stream->claims[CLAIM_RATE];
    for (int what = CLAIM_P50; what < N_CLAIMS; what++) {
        const struct claim *of_stream = &stream->claims[what];
        const struct claim_evidence evidence = { .rate = { of_stream->level, of_stream->why },
                                                 .times = { of_stream->level, of_stream->why } };
        struct claim *claim = &row->claims[what];
        claim->rate_per_s = NAN;
        claim->time = attempts_time(a, claim_ppm((enum claim_what)what));
        claim_judge_time(claim, claim_ppm((enum claim_what)what), row->n,
                         (struct attempt_time){ .state = ATTEMPT_NONE }, &evidence);
    }
}

static const struct claim_row *stream_row(const struct claims *claims, const char *stream)
{
    for (size_t i = 0; i < claims->n_rows; i++)
        if (claims->rows[i].stream == stream)
            return &claims->rows[i];
    return NULL;
}

static enum metric less_metric_of(enum metric headline)
{
    return headline == METRIC_RESPONSE  ? METRIC_RESPONSE_LESS_G
           : headline == METRIC_SERVICE ? METRIC_SERVICE_LESS_G
                                        : headline;
}

static int add_row(struct work *work, const struct derived_scope *scope)
{
    const enum metric headline = derived_scope_headline(work->run, scope);
    const struct attempts less =
        derived_attempts(work->run, scope, headline, less_metric_of(headline), work->less, work->less_ages);
    const struct attempts a = derived_attempts(work->run, scope, headline, headline, work->ok, work->ages);
    struct claims *claims = work->claims;
    struct claim_row *row = scope->row ? &claims->steps[claims->n_steps++] : &claims->rows[claims->n_rows++];
    struct derived_count count;
    if (derived_count(work->run, scope, headline, &count))
        return -1;
    if (!work->run->lacks_times)
        count.n_ok = attempts_n_ok(&a);
    *row = (struct claim_row){ .cluster = scope->cluster->name,
                               .stream = scope->stream ? scope->stream->name : NULL,
                               .step = scope->row ? scope->row->name : NULL,
                               .headline = headline,
                               .n = count.n_ok + a.n_failed + a.n_censored,
                               .n_ok = count.n_ok,
                               .n_failed = a.n_failed,
                               .n_timeout = a.n_timeout,
                               .n_censored = a.n_censored,
                               .n_late = count.n_late,
                               .active_ns = count.active_ns };
    const struct claim_row *of_stream = headline == METRIC_BUSY ? stream_row(claims, row->stream) : NULL;
    if (of_stream)
        judge_session(&a, of_stream, row);
    else
        judge_times(work, scope, &a, &less, row);
    struct claim *rate = &row->claims[CLAIM_RATE];
    rate->generator_share = NAN;
    rate->rate_per_s =
        row->active_ns > 0 ? (double)(count.n_ok - count.n_late) * 1e9 / (double)row->active_ns : NAN;
    return 0;
}

static bool has_any(const struct derived_run *run, const struct derived_cluster *cluster)
{
    for (size_t i = 0; i < run->n_streams; i++)
        if (strcmp(run->streams[i].cluster, cluster->name) == 0)
            return true;
    return false;
}

static int add_rows(struct work *work)
{
    const struct derived_run *run = work->run;
    int status = 0;
    for (size_t c = 0; c < run->n_clusters; c++)
        if (has_any(run, &run->clusters[c]))
            status |= add_row(work, &(struct derived_scope){ .cluster = &run->clusters[c] });
    for (size_t c = 0; c < run->n_clusters; c++)
        for (size_t s = 0; s < run->n_streams; s++)
            if (strcmp(run->streams[s].cluster, run->clusters[c].name) == 0) {
                struct derived_scope scope = { .cluster = &run->clusters[c], .stream = &run->streams[s] };
                status |= add_row(work, &scope);
                for (size_t i = 0; i < scope.stream->n_rows; i++) {
                    scope.row = &scope.stream->rows[i];
                    status |= add_row(work, &scope);
                }
            }
    return status;
}

struct claims *claims_new(const struct derived_run *run, struct err *e)
{
    struct claims *claims = calloc(1, sizeof *claims);
    struct work work = { .run = run,
                         .claims = claims,
                         .ok = hist_new(),
                         .ages = hist_new(),
                         .less = hist_new(),
                         .less_ages = hist_new(),
                         .part = hist_new() };
    size_t n_steps = 0;
    for (size_t i = 0; i < run->n_streams; i++)
        n_steps += run->streams[i].n_rows;
    if (claims) {
        claims->rows = calloc(run->n_clusters + run->n_streams + 1, sizeof *claims->rows);
        claims->steps = calloc(n_steps + 1, sizeof *claims->steps);
    }
    const bool has_memory = claims && claims->rows && claims->steps && work.ok && work.ages && work.less &&
                            work.less_ages && work.part && add_rows(&work) == 0;
    hist_free(work.ok);
    hist_free(work.ages);
    hist_free(work.less);
    hist_free(work.less_ages);
    hist_free(work.part);
    if (has_memory)
        return claims;
    claims_free(claims);
    err_set(e, ERR_FAILED, "out of memory while judging the run");
    return NULL;
}

void claims_free(struct claims *claims)
{
    if (claims) {
        free(claims->rows);
        free(claims->steps);
    }
    free(claims);
}

const struct claim_row *claims_cluster(const struct claims *claims, const char *cluster)
{
    for (size_t i = 0; i < claims->n_rows; i++)
        if (!claims->rows[i].stream && strcmp(claims->rows[i].cluster, cluster) == 0)
            return &claims->rows[i];
    return NULL;
}

static enum claim_level worst_of(const struct claim_row *rows, size_t n)
{
    enum claim_level worst = CLAIM_OK;
    for (size_t i = 0; i < n; i++)
        for (int what = 0; what < N_CLAIMS; what++)
            if (rows[i].claims[what].level > worst)
                worst = rows[i].claims[what].level;
    return worst;
}

enum claim_level claims_worst(const struct claims *claims)
{
    const enum claim_level of_rows = worst_of(claims->rows, claims->n_rows);
    const enum claim_level of_steps = worst_of(claims->steps, claims->n_steps);
    return of_rows > of_steps ? of_rows : of_steps;
}

const struct claim *claims_at(const struct claims *claims, const char *scope, uint32_t p_ppm)
{
    const enum claim_what what = claim_what_at(p_ppm);
    const struct claim *worst = NULL;
    for (size_t i = 0; i < claims->n_rows; i++) {
        const struct claim_row *row = &claims->rows[i];
        const char *name = row->stream ? row->stream : row->cluster;
        if (*scope ? strcmp(name, scope) != 0 : row->stream != NULL)
            continue;
        if (!worst || row->claims[what].level > worst->level)
            worst = &row->claims[what];
    }
    for (size_t i = 0; i < claims->n_steps; i++)
        if (tags_is_stream(scope, claims->steps[i].stream, claims->steps[i].step))
            return &claims->steps[i].claims[what];
    return worst;
}

/* A cluster's threshold is judged on its streams in the headline of each, so where that is not the metric of
 * the cluster's own claim, those of the streams count as well. */
static const struct claim *worst_of_streams(const struct claims *claims, const char *cluster, uint32_t p_ppm)
{
    const struct claim_row *own = claims_cluster(claims, cluster);
    const struct claim *worst = claims_at(claims, cluster, p_ppm);
    for (size_t i = 0; own && i < claims->n_rows; i++) {
        const struct claim_row *row = &claims->rows[i];
        const struct claim *claim = &row->claims[claim_what_at(p_ppm)];
        if (row->stream && strcmp(row->cluster, cluster) == 0 && row->headline != own->headline &&
            claim->level > worst->level)
            worst = claim;
    }
    return worst;
}

const struct claim *claims_threshold(const struct claims *claims, const struct threshold *threshold,
                                     bool is_met)
{
    const enum claim_what what = is_met && threshold->at_most ? CLAIM_RATE : claim_what_of(threshold);
    return what == CLAIM_RATE ? claims_at(claims, threshold->scope, claim_ppm(what))
                              : worst_of_streams(claims, threshold->scope, claim_ppm(what));
}

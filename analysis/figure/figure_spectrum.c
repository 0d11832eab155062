/* The percentile spectrum: time by percentile from the median on, on an axis with equal room for each
 * further nine. Over all attempts: a line ends where the rest failed. */
#include "arms.h"
#include "caption.h"
#include "caption_claims.h"
#include "claims.h"
#include "dataset.h"
#include "err.h"
#include "figure_set.h"
#include "figure_share.h"
#include "within.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

static const char columns[] = "kind,cluster,series,style,p_ppm,inv_tail,value_ms,lo_ms,hi_ms,n_beyond,n,note";
enum { BEYOND_LEAST = 10, POINTS_PER_DECADE = 24, POINTS_MOST = 138 };

/* The points of one arm's line: times, from the first that is not exact on lower bounds, and an end because
 * the attempts beyond failed. */
struct line {
    uint32_t p_ppm[POINTS_MOST];
    size_t n, n_exact;
    bool is_cut;
    uint32_t end_ppm; /* the last percentile with a time or a bound; 0: there is none */
};

/* Even steps in log 1/(1-p) from the median on. */
static uint32_t percentile_ppm(unsigned i)
{
    return (uint32_t)lround(1e6 * (1 - 0.5 * pow(10, -(double)i / POINTS_PER_DECADE)));
}

/* A percentile's time or lower bound; 0: neither. */
static uint64_t bound_ns(const struct attempts *a, uint32_t p_ppm)
{
    const struct attempt_time time = attempts_time(a, p_ppm);
    return time.state == ATTEMPT_EXACT      ? time.value_ns
           : time.state == ATTEMPT_AT_LEAST ? time.at_least_ns
                                            : 0;
}

/* The highest percentile with a time or a bound, given that 100 % has none. */
static uint32_t last_bound_ppm(const struct attempts *a)
{
    uint32_t low = 0, high = 1000000;
    while (high - low > 1) {
        const uint32_t middle = low + (high - low) / 2;
        if (attempts_time(a, middle).state == ATTEMPT_FAILED)
            high = middle;
        else
            low = middle;
    }
    return low;
}

static void add_point(struct line *line, const struct attempts *a, uint32_t p_ppm)
{
    const bool is_exact = line->n == line->n_exact && attempts_time(a, p_ppm).state == ATTEMPT_EXACT;
    line->n_exact += is_exact;
    line->p_ppm[line->n++] = p_ppm;
}

/* Chooses percentiles with a time or a bound and enough attempts beyond them. */
static void choose_percentiles(const struct attempts *a, struct line *line)
{
    const uint64_t n = attempts_n(a);
    *line = (struct line){ .n = 0 };
    for (unsigned i = 0; i < POINTS_MOST - 1; i++) {
        const uint32_t p_ppm = percentile_ppm(i);
        if (hist_n_beyond(n, p_ppm) < BEYOND_LEAST)
            return;
        if (attempts_time(a, p_ppm).state == ATTEMPT_FAILED) {
            line->is_cut = true;
            line->end_ppm = last_bound_ppm(a);
            if (line->n > 0 && line->end_ppm > line->p_ppm[line->n - 1])
                add_point(line, a, line->end_ppm);
            return;
        }
        if (bound_ns(a, p_ppm) > 0)
            add_point(line, a, p_ppm);
    }
}

static void write_row(struct csv_writer *csv, const struct dataset *data, size_t index, const char *kind,
                      uint32_t p_ppm, const struct run_interval *interval, const char *note)
{
    const struct arm *arm = &data->arms[index];
    const struct attempts *a = dataset_attempts(data, index);
    const uint64_t time_ns = bound_ns(a, p_ppm);
    csv_text(csv, kind);
    csv_text(csv, arm->cluster);
    csv_text(csv, arm->series);
    csv_i64(csv, arm->style);
    csv_u64(csv, p_ppm);
    csv_fixed(csv, 1e6 / (1e6 - p_ppm), 4);
    csv_fixed(csv, time_ns > 0 ? (double)time_ns / 1e6 : NAN, 6);
    csv_fixed(csv, interval ? interval->lo / 1e6 : NAN, 6);
    csv_fixed(csv, interval ? interval->hi / 1e6 : NAN, 6);
    csv_u64(csv, hist_n_beyond(attempts_n(a), p_ppm));
    csv_u64(csv, attempts_n(a));
    csv_text(csv, note);
    csv_end_row(csv);
}

/* A row for each quoted percentile on the line whose claim is not ok. */
static void write_marks(struct csv_writer *csv, const struct dataset *data, size_t arm,
                        const struct line *line)
{
    const struct claim_row *row = claims_cluster(data->claims, data->arms[arm].cluster);
    for (int what = CLAIM_P50; row && what <= CLAIM_P999; what++) {
        const uint32_t p_ppm = claim_ppm((enum claim_what)what);
        if (row->claims[what].level != CLAIM_OK && line->n > 0 && p_ppm <= line->p_ppm[line->n - 1])
            write_row(csv, data, arm, "mark", p_ppm, NULL, claim_mark(row->claims[what].level));
    }
}

/* What the lines of all arms have. */
struct seen {
    bool cut, bound, band, open;
    char why[RUN_INTERVAL_WHY_BYTES]; /* why a point has no interval */
};

static void write_point(struct csv_writer *csv, const struct dataset *data, size_t arm,
                        const struct line *line, size_t i, struct seen *seen)
{
    const struct run_interval interval = within_percentile(data, arm, line->p_ppm[i]);
    write_row(csv, data, arm, i < line->n_exact ? "line" : "bound", line->p_ppm[i], &interval, "");
    seen->open |= interval.is_open;
    seen->band |= !*interval.why;
    if (*interval.why && !*seen->why)
        memcpy(seen->why, interval.why, sizeof seen->why);
}

static void write_arm(struct csv_writer *csv, const struct dataset *data, size_t arm, struct seen *seen)
{
    const struct attempts *a = dataset_attempts(data, arm);
    struct line line;
    choose_percentiles(a, &line);
    for (size_t i = 0; i < line.n; i++)
        write_point(csv, data, arm, &line, i, seen);
    if (line.is_cut) {
        char note[FIGURE_SHARE_BYTES];
        write_row(csv, data, arm, "end", line.end_ppm, NULL, figure_share_words(a, note));
    }
    write_marks(csv, data, arm, &line);
    seen->cut |= line.is_cut;
    seen->bound |= line.n > line.n_exact;
}

static void write_caption(FILE *out, const struct dataset *data, const struct seen *seen)
{
    fprintf(
        out,
        "The time within which so many per cent of all attempts got a good answer; %s fewer than %d attempts "
        "took longer. ",
        seen->cut ? "a line ends in a cross where the rest failed, else where" : "lines end where",
        BEYOND_LEAST);
    if (seen->bound)
        fputs("Dotted: at least so long, since attempts were cut off by the end. ", out);
    if (seen->band)
        fprintf(out, "Bands: 95 %% intervals from this run's seconds%s; they do not tell how runs differ. ",
                seen->open ? ", up to the top where they have no upper end" : "");
    if (*seen->why)
        fprintf(out, "%s: %s. ", seen->band ? "Where there is none" : "No bands", seen->why);
    caption_claims_of_times(out, data);
    caption_of_times(out, data);
}

/* Why there is no line; NULL when there is one. */
static const char *lacks(const struct dataset *data)
{
    bool has_enough = false;
    for (size_t i = 0; i < data->n_arms; i++) {
        const struct attempts *a = dataset_attempts(data, i);
        const bool is_enough = hist_n_beyond(attempts_n(a), 500000) >= BEYOND_LEAST;
        has_enough |= is_enough;
        if (is_enough && bound_ns(a, 500000) > 0)
            return NULL;
    }
    return has_enough ? "no cluster answered half of its attempts"
                      : "no cluster has 20 attempts outside of warm-up";
}

enum figure_result figure_spectrum(const struct dataset *data, struct figure_file *out, struct err *e)
{
    if (lacks(data))
        return figure_leave_out(out, "%s", lacks(data));
    if (figure_begin(out, columns, e))
        return FIGURE_FAILED;
    struct seen seen = { 0 };
    for (size_t i = 0; i < data->n_arms; i++)
        write_arm(&out->csv, data, i, &seen);
    figure_title(out, "%s by percentile",
                 data->headline == METRIC_RESPONSE ? "Response time" : "Service time");
    write_caption(out->caption, data, &seen);
    return FIGURE_DRAWN;
}

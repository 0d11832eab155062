/* How HTTP/2 connections carried the load: sentences for all forms of the report, and a table for the page.
 */
#include "dataset.h"
#include "report_html.h"
#include "report_page.h"
#include "report_sections.h"
#include "units.h"

#include <math.h>
#include <stdlib.h>

enum { RANGE_BYTES = 2 * UNITS_TEXT_BYTES + 8, RESETS_BYTES = 400 };

static const struct run_total *total_of(const struct run_json *run, const struct run_stream *stream)
{
    const struct run_total *total = run_json_total(run, stream->name);
    return total && total->has_http2 ? total : NULL;
}

/* What all streams counted; false when none speaks HTTP/2. */
static bool sum_up(const struct run_json *run, struct http2_counts *sum)
{
    bool has_any = false;
    *sum = (struct http2_counts){ 0 };
    for (size_t i = 0; i < run->n_streams; i++) {
        const struct run_total *total = total_of(run, &run->streams[i]);
        has_any |= total != NULL;
        if (total)
            http2_counts_merge(sum, &total->http2);
    }
    return has_any;
}

/* "128", "100 to 128", "any number", "unknown" */
static const char *allowed_text(const struct http2_counts *c, char out[static RANGE_BYTES])
{
    char least[UNITS_TEXT_BYTES], most[UNITS_TEXT_BYTES];
    units_count_text(c->n_peer_least, least);
    units_count_text(c->n_peer_most, most);
    if (!c->has_limits || c->n_peer_least == UINT32_MAX)
        snprintf(out, RANGE_BYTES, "%s", c->has_limits ? "any number" : "unknown");
    else if (c->n_peer_least == c->n_peer_most)
        snprintf(out, RANGE_BYTES, "%s", least);
    else
        snprintf(out, RANGE_BYTES, "%s to %s", least, c->n_peer_most == UINT32_MAX ? "any number" : most);
    return out;
}

static void say_ends(FILE *out, const struct http2_counts *c)
{
    char text[UNITS_TEXT_BYTES];
    if (c->n_goaways > 0)
        fprintf(out, " The peer ended %s connection%s (GOAWAY).", units_count_text(c->n_goaways, text),
                c->n_goaways == 1 ? "" : "s");
    if (c->n_goaway_errors > 0)
        fprintf(out, " %s of these GOAWAY frames named an error, the last one %s.",
                units_count_text(c->n_goaway_errors, text), http2_counts_code_name(c->goaway_error));
    if (c->n_ended_by_count > 0)
        fprintf(out, " loadgen ended %s connection%s after their number of requests.",
                units_count_text(c->n_ended_by_count, text), c->n_ended_by_count == 1 ? "" : "s");
}

/* Of HTTP/2 streams; first those that the peer had not processed, then those whose connection ended for
 * another reason. */
static void say_resent(FILE *out, const struct run_json *run)
{
    char text[UNITS_TEXT_BYTES];
    struct again_counts sum = { 0 };
    for (size_t i = 0; i < run->n_streams; i++) {
        const struct run_total *total = total_of(run, &run->streams[i]);
        if (total)
            again_counts_merge(&sum, &total->again);
    }
    const uint64_t n = again_counts_sum(&sum);
    const uint64_t n_others = n - sum.n[AGAIN_UNPROCESSED] - sum.n[AGAIN_REFUSED];
    if (n > 0)
        fprintf(out, " %s request%s sent again%s%s%s; the time of each includes the wait.",
                units_count_text(n, text), n == 1 ? " was" : "s were",
                n_others < n ? " that the peer had not processed" : "",
                n_others > 0 && n_others < n ? ", or" : "",
                n_others > 0 ? " whose connection had ended" : "");
}

void report_http2(FILE *out, const struct report *report)
{
    struct http2_counts sum;
    char allowed[RANGE_BYTES], open[UNITS_TEXT_BYTES], length[UNITS_TEXT_BYTES];
    if (!sum_up(&report->data->run, &sum))
        return;
    fprintf(out,
            "Requests were sent over HTTP/2: at most %s stream%s open at once on a connection (allowed: %s).",
            units_count_text(sum.n_open_most, open), sum.n_open_most == 1 ? " was" : "s were",
            allowed_text(&sum, allowed));
    say_ends(out, &sum);
    say_resent(out, &report->data->run);
    if (sum.blocked_ns > 0)
        fprintf(out,
                " Request bodies waited for the peer's flow-control windows for %s, summed over connections.",
                units_duration_text(sum.blocked_ns, length));
}

/* "3 INTERNAL_ERROR, 1 CANCEL"; "0" */
static const char *resets_text(const struct http2_counts *c, char out[static RESETS_BYTES])
{
    char n[UNITS_TEXT_BYTES];
    size_t used = (size_t)snprintf(out, RESETS_BYTES, "%s", http2_counts_resets(c) > 0 ? "" : "0");
    for (uint32_t code = 0; code < HTTP2_N_RESETS && used < RESETS_BYTES; code++)
        if (c->n_resets[code] > 0)
            used += (size_t)snprintf(out + used, RESETS_BYTES - used, "%s%s %s", used > 0 ? ", " : "",
                                     units_count_text(c->n_resets[code], n), http2_counts_code_name(code));
    return out;
}

static void write_count(FILE *out, uint64_t n)
{
    char text[UNITS_TEXT_BYTES];
    report_html_number(out, "%s", units_count_text(n, text));
}

static void write_row(FILE *out, const struct run_stream *stream, const struct http2_counts *c)
{
    char allowed[RANGE_BYTES], resets[RESETS_BYTES];
    const double asked = stream->streams_per_connection;
    report_html_row(out);
    report_html_cell(out, "%s", stream->name);
    write_count(out, isfinite(stream->connections) ? (uint64_t)stream->connections : 0);
    write_count(out, isfinite(asked) ? (uint64_t)asked : 0);
    report_html_number(out, "%s", allowed_text(c, allowed));
    write_count(out, c->n_open_most);
    write_count(out, c->n_goaways);
    write_count(out, c->n_unprocessed);
    write_count(out, c->n_refused);
    write_count(out, c->n_cancels);
    report_html_cell(out, "%s", resets_text(c, resets));
    report_html_row_end(out);
}

void report_section_http2(FILE *out, const struct report *report)
{
    const struct run_json *run = &report->data->run;
    char *prose = report_prose(report_http2, report);
    if (prose && *prose) {
        report_section_begin(out, "http2", "HTTP/2 connections");
        fputs("<p>", out);
        report_html_text(out, prose);
        fputs("</p>\n", out);
        report_html_table(out, "stream|#connections|#asked|#allowed|#open|#GOAWAY|#not processed|#refused|#"
                               "cancelled|reset");
        for (size_t i = 0; i < run->n_streams; i++) {
            const struct run_total *total = total_of(run, &run->streams[i]);
            if (total)
                write_row(out, &run->streams[i], &total->http2);
        }
        report_html_table_end(out);
        fputs("<p class=\"note\">Streams per connection as asked for, allowed by the peer, and open at most. "
              "What was not processed or refused was sent again and counts once; a time-out cancels its "
              "stream, and a reset fails its request. Warm-up is included.</p>\n",
              out);
        report_sources(out, report, "Data", "run.json intervals.csv errors.csv");
        report_section_end(out);
    }
    free(prose);
}

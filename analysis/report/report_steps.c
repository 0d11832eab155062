/* The steps of session streams, and their passes: a table of each stream, and what it counted of sessions. */
#include "claims.h"
#include "dataset.h"
#include "report_html.h"
#include "report_numbers.h"
#include "report_page.h"
#include "report_sections.h"
#include "units.h"

#include <string.h>

static bool has_sessions(const struct run_json *run)
{
    for (size_t i = 0; i < run->n_streams; i++)
        if (run->streams[i].rows)
            return true;
    return false;
}

static void write_row(FILE *out, const struct claim_row *row)
{
    struct report_numbers n;
    report_numbers_of_step(row, &n);
    report_html_row(out);
    report_html_cell(out, "%s", n.series);
    report_html_number(out, "%s", n.attempts);
    report_html_number(out, "%s", n.failed);
    report_html_number(out, "%s", n.cut_off);
    report_html_number(out, "%s", n.rate);
    for (size_t i = 0; i < REPORT_NUMBERS_TIMES; i++)
        report_html_number(out, "%s", n.times[i]);
    report_html_row_end(out);
}

static void write_table(FILE *out, const struct claims *claims, const char *stream)
{
    report_html_table(out, "step|#requests|#failed|#cut off|#good/s|#p50|#p90|#p99|#p99.9");
    for (size_t i = 0; i < claims->n_steps; i++)
        if (strcmp(claims->steps[i].stream, stream) == 0)
            write_row(out, &claims->steps[i]);
    report_html_table_end(out);
}

static void write_count(FILE *out, uint64_t n, const char *what)
{
    char text[UNITS_TEXT_BYTES];
    if (n > 0)
        fprintf(out, "; %s %s", units_count_text(n, text), what);
}

/* With warm-up. */
static void write_counts(FILE *out, const struct run_json *run, const char *stream)
{
    const struct run_total *total = run_json_total(run, stream);
    if (!total || !total->has_sessions)
        return;
    const struct run_sessions *s = &total->sessions;
    char due[UNITS_TEXT_BYTES], begun[UNITS_TEXT_BYTES];
    fprintf(out, "<p>%s passes were due and %s began, warm-up included", units_count_text(s->due_n, due),
            units_count_text(s->begun_n, begun));
    write_count(out, s->late_paces_n, "took longer than their pace");
    write_count(out, s->renewed_n, "times the session was renewed");
    write_count(out, s->pool_full_n, "answers failed because the memory for bodies was full");
    write_count(out, s->cookies_dropped_n, "cookies were dropped");
    fputs(".</p>\n", out);
}

void report_section_steps(FILE *out, const struct report *report)
{
    const struct run_json *run = &report->data->run;
    if (!has_sessions(run))
        return;
    report_section_begin(out, "steps", "Steps and sessions");
    for (size_t i = 0; i < run->n_streams; i++) {
        if (!run->streams[i].rows)
            continue;
        fputs("<h3>", out);
        report_html_text(out, run->streams[i].name);
        fputs("</h3>\n", out);
        write_table(out, report->data->claims, run->streams[i].name);
        write_counts(out, run, run->streams[i].name);
    }
    fputs(
        "<p class=\"note\">Each request is counted in its step, those after a redirect in a row of their "
        "own; "
        "<code>session</code> counts passes. A step is due when the pause after the step before it is over, "
        "so "
        "a stall of the target shows in the step that met it and in sessions that wait to begin, but not in "
        "later steps of the sessions that it held up. The time of a session is its busy time: from its start "
        "to its end without the pauses.</p>\n",
        out);
    report_sources(out, report, "Data", "percentiles.csv intervals.csv errors.csv");
    report_section_end(out);
}

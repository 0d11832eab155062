#include "report_campaign.h"

#include "claims.h"
#include "clock.h"
#include "comparison.h"
#include "report_html.h"
#include "report_numbers.h"
#include "report_page.h"
#include "units.h"

#include <math.h>
#include <string.h>

enum { COLUMNS_BYTES = 200 };

/* "2.98 ms~"; also a bound or none. */
static void write_time(FILE *out, const struct sample *s, enum sample_value value)
{
    char text[UNITS_TEXT_BYTES];
    report_html_number(out, "%s%s", attempt_time_text(sample_time(s, value), text),
                       claim_mark(s->level[value]));
}

static void write_run(FILE *out, const struct report *report, const struct comparison_pair *pair,
                      const struct sample *s, bool has_limit)
{
    char text[UNITS_TEXT_BYTES + CLOCK_UTC_TEXT_BYTES];
    report_number share;
    report_html_row(out);
    report_html_cell(out, "%s%u", pair->is_control ? "control " : "", pair->number);
    report_html_cell(out, "%s", pair->order);
    report_run_cell(out, report, s->run_id);
    report_html_cell(out, "%s", s->label);
    report_html_cell(out, "%s", s->started_ns > 0 ? clock_utc_text(s->started_ns, text) : "");
    report_html_number(out, "%s", units_count_text(s->attempts_n, text));
    report_html_number(out, "%s", report_numbers_share(s->failed_n, s->attempts_n, share));
    write_time(out, s, SAMPLE_P50);
    write_time(out, s, SAMPLE_P99);
    report_html_number(out, "%s%s",
                       isfinite(s->value[SAMPLE_RATE]) ? units_number_text(s->value[SAMPLE_RATE], text) : "-",
                       claim_mark(s->level[SAMPLE_RATE]));
    if (has_limit)
        report_html_number(out, "%.4g %%", 100 * s->goodput.share);
    report_html_row_end(out);
}

static void write_table(FILE *out, const struct report *report, const struct comparison *c)
{
    const double limit_s = report_campaign_limit_s(c);
    char columns[COLUMNS_BYTES], limit[UNITS_TEXT_BYTES];
    snprintf(columns, sizeof columns, "pair|order|run|cluster|began|#requests|#failed|#p50|#p99|#good/s%s%s",
             isfinite(limit_s) ? "|#good within " : "",
             isfinite(limit_s) ? units_duration_text((uint64_t)llround(limit_s * 1e9), limit) : "");
    report_html_table(out, columns);
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++) {
        const struct comparison_pair *pair = &c->pairs[i];
        const bool b_first = strcmp(pair->order, "BA") == 0;
        write_run(out, report, pair, b_first ? &pair->b : &pair->a, isfinite(limit_s));
        write_run(out, report, pair, b_first ? &pair->a : &pair->b, isfinite(limit_s));
    }
    report_html_table_end(out);
}

void report_campaign_runs(FILE *out, const struct report *report, const struct comparison *c)
{
    report_section_begin(out, "runs", "The runs, in their order");
    write_table(out, report, c);
    fputs(
        "<p class=\"note\">A percentile is the time within which so many per cent of all attempts got a good "
        "answer. ~ known to about 20 % or 0.2 ms, ! may be loadgen's own doing, ? not judged. A control is "
        "the same cluster twice. Each run is a folder beside this page; <code>loadgen analysis report</code> "
        "of it shows how it went.</p>\n",
        out);
    report_sources(out, report, "Data", "campaign.json pairs.csv compare.csv");
    report_section_end(out);
}

/* How far the numbers of a run can be quoted: those that cannot, with what loadgen itself had in them. */
#include "claims.h"
#include "dataset.h"
#include "report_html.h"
#include "report_numbers.h"
#include "report_page.h"
#include "report_sections.h"
#include "units.h"

#include <math.h>
#include <string.h>

static bool is_there(const struct claim *claim, int what)
{
    return what == CLAIM_RATE ? isfinite(claim->rate_per_s) : claim->time.state != ATTEMPT_NONE;
}

static void write_value(FILE *out, const struct claim *claim, int what)
{
    char text[UNITS_TEXT_BYTES];
    if (what == CLAIM_RATE)
        report_html_number(out, "%s/s%s", units_number_text(claim->rate_per_s, text),
                           report_numbers_mark(claim));
    else
        report_html_number(out, "%s%s", attempt_time_text(claim->time, text), report_numbers_mark(claim));
}

static void write_claim(FILE *out, const struct claim_row *row, int what)
{
    const struct claim *claim = &row->claims[what];
    char share[UNITS_TEXT_BYTES];
    fprintf(out, "<tr class=\"%s\">",
            claim->level == CLAIM_INVALID ? "invalid"
            : claim->level == CLAIM_WARN  ? "warn"
                                          : "fine");
    report_html_cell(out, "%s",
                     claim->level == CLAIM_NOT_JUDGED ? "not judged" : claim_level_name(claim->level));
    report_html_cell(out, "%s", row->stream ? row->stream : row->cluster);
    report_html_cell(out, "%s", claim_name((enum claim_what)what));
    write_value(out, claim, what);
    if (claim->level != CLAIM_NOT_JUDGED && isfinite(claim->generator_share))
        report_html_number(out, "%s %%", units_number_text(100 * claim->generator_share, share));
    else
        report_html_number(out, " ");
    fputs("<td class=\"prose\">", out);
    report_html_text(out, claim->why);
    fputs("</td>", out);
    report_html_row_end(out);
}

/* A cluster of one stream repeats it. */
static bool is_repeated(const struct claims *claims, const struct claim_row *row)
{
    size_t n_streams = 0;
    for (size_t i = 0; i < claims->n_rows; i++)
        n_streams += claims->rows[i].stream && strcmp(claims->rows[i].cluster, row->cluster) == 0;
    return !row->stream && n_streams <= 1;
}

/* The number of claims that are ok, or that are not. */
static size_t count(const struct claims *claims, bool is_ok)
{
    size_t n = 0;
    for (size_t i = 0; i < claims->n_rows; i++)
        for (int what = 0; what < N_CLAIMS && !is_repeated(claims, &claims->rows[i]); what++)
            n += is_there(&claims->rows[i].claims[what], what) &&
                 (claims->rows[i].claims[what].level == CLAIM_OK) == is_ok;
    return n;
}

static void write_claims(FILE *out, const struct claims *claims)
{
    report_html_table(out, "level|of|number|#value|#loadgen's share, at least|why");
    for (size_t i = 0; i < claims->n_rows; i++)
        for (int what = 0; what < N_CLAIMS && !is_repeated(claims, &claims->rows[i]); what++)
            if (is_there(&claims->rows[i].claims[what], what) &&
                claims->rows[i].claims[what].level != CLAIM_OK)
                write_claim(out, &claims->rows[i], what);
    report_html_table_end(out);
}

static void write_meaning(FILE *out)
{
    fputs("<p class=\"note\">ok: quote it, loadgen's visible share is at most 2.5 %. ~ warn: known to about "
          "20 % or 0.2 ms, or, for a rate, at least so much. ! invalid: may be loadgen's own doing. ? not "
          "judged: what loadgen added cannot be seen, or fewer than ten requests lie beyond. The share is a "
          "lower bound: what a stop of loadgen makes the target queue counts as the target's.</p>\n",
          out);
}

void report_section_claims(FILE *out, const struct report *report)
{
    const struct claims *claims = report->data->claims;
    report_section_begin(out, "claims", "How far the numbers can be quoted");
    const size_t n_ok = claims ? count(claims, true) : 0, n_others = claims ? count(claims, false) : 0;
    fputs("<p>", out);
    if (n_others == 0 && n_ok > 0)
        fputs("The rate and p50 to p99.9 of every cluster and stream can be quoted.", out);
    else if (n_others > 0)
        report_html_printf(out,
                           "%zu of the %zu numbers (rate and p50 to p99.9 of each cluster and stream) can be "
                           "quoted as they stand; the "
                           "others are below.",
                           n_ok, n_ok + n_others);
    else
        fputs("There is no number to judge.", out);
    fputs("</p>\n", out);
    if (n_others > 0) {
        write_claims(out, claims);
        write_meaning(out);
    }
    report_thresholds(out, report);
    report_checks(out, report);
    report_section_end(out);
}

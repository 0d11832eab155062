#include "summary.h"

#include "table.h"
#include "text_out.h"
#include "units.h"
#include "utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_MOST = 12, HOST_BYTES = 64, HOST_SHOWN = 20 };

/* A wall clock this far off is worth a line. */
#define CLOCK_OFF_US 50e3

bool summary_generator_stands_out(const struct summary_generator *g)
{
    return strcmp(g->level, "INVALID") == 0 || strcmp(g->end, "done") != 0 ||
           fabs(g->clock_offset_us) > CLOCK_OFF_US;
}

static void time_cell(struct table *t, double us, const char *sign)
{
    char text[UNITS_TEXT_BYTES];
    if (isfinite(us))
        table_cell(t, "%s%s", sign, units_time_text((uint64_t)llround(fabs(us) * 1e3), text));
    else
        table_cell(t, "-");
}

bool summary_generator_is_missing(const struct summary_generator *g)
{
    return strcmp(g->end, SUMMARY_GENERATOR_MISSING) == 0;
}

const char *summary_generator_state(const struct summary_generator *g)
{
    if (strcmp(g->end, "running") == 0)
        return "killed";
    if (strcmp(g->end, "done") != 0)
        return g->end;
    return strcmp(g->level, "OK") == 0 ? "" : g->level;
}

static void add_row(struct table *t, const struct summary_generator *g)
{
    char host[HOST_BYTES], text[UNITS_TEXT_BYTES];
    snprintf(host, sizeof host, "%.*s", HOST_SHOWN, g->host ? g->host : "-");
    utf8_line(host);
    table_cell(t, "%s", g->share > 0 ? units_count_text(g->share, text) : "");
    table_cell(t, "%s", host);
    table_cell(t, "%s", summary_generator_is_missing(g) ? "-" : units_count_text(g->n_sent, text));
    time_cell(t, g->lag_p99_us, "");
    if (isfinite(g->cpu_pct))
        table_cell(t, "%.0f %%", g->cpu_pct);
    else
        table_cell(t, "-");
    time_cell(t, g->clock_offset_us, g->clock_offset_us < 0 ? "-" : g->clock_offset_us > 0 ? "+" : "");
    table_cell(t, "%s", summary_generator_state(g));
}

static void begin(struct table *t, bool has_shares)
{
    static const char *const titles[] = { "host", "sent", "lag p99", "CPU", "clock", "" };
    table_column(t, TABLE_RIGHT, 0);
    table_column(t, TABLE_LEFT, has_shares ? 2 : 0);
    for (int i = 0; i < 4; i++)
        table_column(t, TABLE_RIGHT, 3);
    table_column(t, TABLE_LEFT, 3);
    table_cell(t, "%s", has_shares ? "share" : "");
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        table_cell(t, "%s", titles[i]);
}

static void print_rows(const struct table *t, size_t n_rows, FILE *out)
{
    for (size_t i = 0; i < n_rows; i++) {
        fprintf(out, "  %-*s", SUMMARY_INDENT - 2, i == 0 ? "generators" : "");
        table_print_row(t, i, out);
    }
}

static int print_table(const struct summary *s, FILE *out)
{
    struct table t = { 0 };
    const bool are_few = s->n_generators <= SHOWN_MOST;
    size_t n_shown = 0;
    char n_more[UNITS_TEXT_BYTES];
    begin(&t, s->generators[0].share > 0);
    for (size_t i = 0; i < s->n_generators && n_shown < SHOWN_MOST; i++)
        if (are_few || summary_generator_stands_out(&s->generators[i])) {
            add_row(&t, &s->generators[i]);
            n_shown++;
        }
    const int status = t.failed ? -1 : 0;
    if (status == 0 && n_shown > 0)
        print_rows(&t, n_shown + 1, out);
    if (n_shown < s->n_generators)
        summary_line(s, out, n_shown > 0 ? "" : "generators", "%s%s %s; run.json lists all",
                     n_shown > 0 ? "and " : "", units_count_text(s->n_generators - n_shown, n_more),
                     n_shown > 0 ? "more" : "that all did what they should");
    table_fini(&t);
    return status;
}

int summary_generators(const struct summary *s, FILE *out)
{
    char share[UNITS_TEXT_BYTES], n[UNITS_TEXT_BYTES];
    if (s->share > 0)
        summary_line(s, out, "share",
                     "%s of %s; connections, users and rates are those of all together. `loadgen analysis "
                     "merge` makes one result of the shares.",
                     units_count_text(s->share, share), units_count_text(s->n_shares, n));
    return s->n_generators > 0 ? print_table(s, out) : 0;
}

const char *summary_unjudged(const struct summary *s)
{
    if (s->share > 0)
        return "all shares are judged together";
    return strcmp(s->end, "running") == 0 ? "the run has not ended" : NULL;
}

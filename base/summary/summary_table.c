#include "summary.h"
#include "table.h"
#include "units.h"

#include <math.h>
#include <string.h>

/* How the rows are laid out: names of rows that leave no room for numbers get lines of their own. */
struct layout {
    unsigned gap;      /* in front of a count or rate, in which single blanks stand between thousands */
    unsigned time_gap; /* between percentiles */
    bool has_name_lines;
    unsigned shown; /* claims, bit by bit */
};

#define SHOWN(what) (1U << (what))
enum { N_GAPS = 3, N_DROPS = 3, N_LAYOUTS = N_GAPS * 2 * N_DROPS };

/* "0", "3.0 %", "0.004 %". */
const char *summary_failed_text(const struct claim_row *row, char *out)
{
    const double pct = row->n > 0 ? 100.0 * (double)row->n_failed / (double)row->n : 0;
    char number[UNITS_TEXT_BYTES];
    if (row->n == 0 || row->n_failed == 0)
        snprintf(out, UNITS_TEXT_BYTES, row->n == 0 ? "-" : "0");
    else if (pct < 0.001)
        snprintf(out, UNITS_TEXT_BYTES, "<0.001 %%");
    else if (row->n_failed < row->n && pct > 99.9)
        snprintf(out, UNITS_TEXT_BYTES, ">99.9 %%");
    else if (pct < 0.1)
        snprintf(out, UNITS_TEXT_BYTES, "%.3f %%", pct);
    else
        snprintf(out, UNITS_TEXT_BYTES, "%.24s %%", pct >= 100 ? "100" : units_number_text(pct, number));
    return out;
}

/* "59.8 ms", ">=41.0 ms", ">1.00 s", "none", "-": three digits and a unit each. */
const char *summary_time_text(struct attempt_time time, char *out)
{
    char text[UNITS_TEXT_BYTES];
    if (time.state == ATTEMPT_EXACT)
        return units_time_text(time.value_ns, out);
    if (time.state == ATTEMPT_NONE || (time.state == ATTEMPT_FAILED && time.at_least_ns == 0))
        return attempt_time_text(time, out);
    snprintf(out, UNITS_TEXT_BYTES, "%s%.24s",
             time.state == ATTEMPT_FAILED ? ">" : ">=", units_time_text(time.at_least_ns, text));
    return out;
}

static void styled_cell(const struct summary *s, struct table *t, bool is_styled, enum term_style style,
                        const char *text)
{
    table_cell(t, "%s%s%s", is_styled ? term_begin(&s->term, style) : "", text,
               is_styled ? term_end(&s->term) : "");
}

static void mark_cell(const struct summary *s, struct table *t, const char *mark)
{
    const bool is_bad = strcmp(mark, "!") == 0;
    styled_cell(s, t, is_bad || strcmp(mark, "~") == 0, is_bad ? TERM_RED : TERM_YELLOW, mark);
}

static void add_name_columns(const struct summary *s, struct table *t)
{
    table_column(t, TABLE_LEFT, 2);
    if (summary_has_full_names(s))
        table_column(t, TABLE_LEFT, 1);
    if (!summary_is_one_model(s))
        table_column(t, TABLE_LEFT, 1);
}

/* Of rows that differ in it. */
static const char *model_of(const struct summary *s, const struct claim_row *row)
{
    for (size_t i = 0; i < s->run->n_streams; i++) {
        const struct derived_stream *stream = &s->run->streams[i];
        if (row->stream && strcmp(stream->name, row->stream) == 0)
            return row->step                     ? ""
                   : derived_has_session(stream) ? "session"
                   : stream->is_open             ? "open"
                                                 : "closed";
    }
    return "";
}

/* Steps stand below their stream; where there are several streams in one row, the step's is named. */
static void add_name(const struct summary *s, struct table *t, const struct claim_row *row)
{
    char title[SUMMARY_NAME_BYTES];
    const bool is_among_clusters = row->step && !summary_row(s, 0)->stream;
    if (row->step)
        table_cell(t, "  %s", is_among_clusters ? summary_row_title(s, row, title) : row->step);
    else
        table_cell(t, "%s", summary_row_name(s, row));
    if (summary_has_full_names(s))
        table_cell(t, "%s", summary_full_name(s, row));
    if (!summary_is_one_model(s))
        table_cell(t, "%s", model_of(s, row));
}

static void add_row(const struct summary *s, struct table *t, const struct layout *l,
                    const struct claim_row *row)
{
    char text[UNITS_TEXT_BYTES];
    const struct claim *rate = &row->claims[CLAIM_RATE];
    if (!l->has_name_lines)
        add_name(s, t, row);
    table_cell(t, "%s", units_count_text(row->n, text));
    styled_cell(s, t, row->n_failed > 0, TERM_RED, summary_failed_text(row, text));
    table_cell(t, "%s", isfinite(rate->rate_per_s) ? units_number_text(rate->rate_per_s, text) : "-");
    mark_cell(s, t, claim_shown_mark(rate, CLAIM_RATE));
    for (int what = CLAIM_P50; what < N_CLAIMS; what++) {
        if (!(l->shown & SHOWN(what)))
            continue;
        table_cell(t, "%s", summary_time_text(row->claims[what].time, text));
        mark_cell(s, t, claim_shown_mark(&row->claims[what], (enum claim_what)what));
    }
}

static void add_columns(const struct summary *s, struct table *t, const struct layout *l)
{
    if (!l->has_name_lines)
        add_name_columns(s, t);
    table_column(t, TABLE_RIGHT, l->gap);
    table_column(t, TABLE_RIGHT, l->gap);
    for (int what = CLAIM_RATE; what < N_CLAIMS; what++) {
        if (!(l->shown & SHOWN(what)))
            continue;
        table_column(t, TABLE_RIGHT, what > CLAIM_P50 ? l->time_gap : l->gap);
        table_column(t, TABLE_LEFT, 0);
    }
}

static void add_heading(const struct summary *s, struct table *t, const struct layout *l)
{
    const int n_names = l->has_name_lines ? 0 : 1 + summary_has_full_names(s) + !summary_is_one_model(s);
    for (int i = 0; i < n_names; i++)
        table_cell(t, "%s", "");
    styled_cell(s, t, true, TERM_BOLD, "requests");
    styled_cell(s, t, true, TERM_BOLD, "failed");
    for (int what = CLAIM_RATE; what < N_CLAIMS; what++) {
        if (!(l->shown & SHOWN(what)))
            continue;
        styled_cell(s, t, true, TERM_BOLD, what == CLAIM_RATE ? "good/s" : claim_name((enum claim_what)what));
        table_cell(t, "%s", "");
    }
}

static void make_table(const struct summary *s, struct table *t, const struct layout *l)
{
    const struct claim_row *row;
    add_columns(s, t, l);
    add_heading(s, t, l);
    for (size_t i = 0; (row = summary_row(s, i)); i++)
        add_row(s, t, l, row);
}

static void print_name_line(const struct summary *s, const struct claim_row *row, FILE *out)
{
    struct table t = { 0 };
    add_name_columns(s, &t);
    add_name(s, &t, row);
    table_print(&t, out);
    table_fini(&t);
}

static void print_table(const struct summary *s, const struct table *t, const struct layout *l, FILE *out)
{
    const size_t n_rows = t->n_cells / t->n_columns;
    for (size_t i = 0; i < n_rows; i++) {
        if (l->has_name_lines && i > 0)
            print_name_line(s, summary_row(s, i - 1), out);
        table_print_row(t, i, out);
    }
}

/* The layouts from the roomiest to the narrowest. Long names get lines of their own before a percentile is
 * lost, but on a narrow terminal, and with rows of steps, the table stays one line a row for as long as it
 * can. */
static struct layout layout_at(size_t i, bool is_narrow)
{
    const size_t drop = is_narrow ? i / N_GAPS % N_DROPS : i / N_GAPS / 2;
    static const struct {
        unsigned gap, time_gap;
    } gaps[N_GAPS] = { { 3, 3 }, { 2, 2 }, { 2, 1 } };
    static const unsigned drops[N_DROPS] = { 0, SHOWN(CLAIM_P90), SHOWN(CLAIM_P90) | SHOWN(CLAIM_P999) };
    return (struct layout){ .gap = gaps[i % N_GAPS].gap,
                            .time_gap = gaps[i % N_GAPS].time_gap,
                            .has_name_lines = is_narrow ? i / N_GAPS >= N_DROPS : i / N_GAPS % 2 == 1,
                            .shown = (SHOWN(N_CLAIMS) - 1) & ~drops[drop] };
}

unsigned summary_table(const struct summary *s, FILE *out, int *status)
{
    const size_t columns = (size_t)summary_columns(s);
    const bool is_narrow = columns < SUMMARY_COLUMNS || s->claims->n_steps > 0;
    struct layout l = layout_at(0, is_narrow);
    struct table t = { 0 };
    make_table(s, &t, &l);
    for (size_t i = 1; i < N_LAYOUTS && table_width(&t) > columns; i++) {
        table_fini(&t);
        l = layout_at(i, is_narrow);
        make_table(s, &t, &l);
    }
    print_table(s, &t, &l, out);
    *status |= t.failed ? -1 : 0;
    table_fini(&t);
    return l.shown;
}

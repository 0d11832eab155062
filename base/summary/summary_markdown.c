#include "summary.h"

#include "markdown.h"
#include "units.h"

#include <math.h>

enum { N_COLUMNS = 4 + N_CLAIMS - CLAIM_P50, CELL_BYTES = UNITS_TEXT_BYTES + 4 };

static void write_end(const struct summary *s, FILE *out)
{
    char words[SUMMARY_END_BYTES];
    const char *heading = summary_end(s, words);
    if (!heading)
        return;
    fprintf(out, "**%s** ", heading);
    markdown_text(out, words);
    fputs("\n\n", out);
}

static void write_row(const struct summary *s, FILE *out, const struct claim_row *row)
{
    char name[SUMMARY_NAME_BYTES], n[UNITS_TEXT_BYTES], failed[UNITS_TEXT_BYTES], text[UNITS_TEXT_BYTES],
        numbers[N_CLAIMS][CELL_BYTES];
    const struct claim *rate = &row->claims[CLAIM_RATE];
    const char *cells[N_COLUMNS] = { summary_row_title(s, row, name), units_count_text(row->n, n),
                                     summary_failed_text(row, failed) };
    for (int what = CLAIM_RATE; what < N_CLAIMS; what++) {
        const struct claim *claim = &row->claims[what];
        const char *number = what != CLAIM_RATE           ? summary_time_text(claim->time, text)
                             : isfinite(rate->rate_per_s) ? units_number_text(rate->rate_per_s, text)
                                                          : "-";
        snprintf(numbers[what], CELL_BYTES, "%s%s", number, claim_shown_mark(claim, (enum claim_what)what));
        cells[3 + what] = numbers[what];
    }
    markdown_row(out, cells, N_COLUMNS);
}

static void write_table(const struct summary *s, FILE *out)
{
    static const struct markdown_column columns[N_COLUMNS] = {
        { "", false },   { "requests", true }, { "failed", true }, { "good/s", true },
        { "p50", true }, { "p90", true },      { "p99", true },    { "p99.9", true },
    };
    const struct claim_row *row;
    markdown_head(out, columns, N_COLUMNS);
    for (size_t i = 0; (row = summary_row(s, i)); i++)
        write_row(s, out, row);
}

/* The marks that stand in the table. */
static void write_marks(const struct summary *s, FILE *out)
{
    static const struct {
        const char *mark, *meaning;
    } meanings[] = { { "~", "known to about 20 % or 0.2 ms; a rate is at least this" },
                     { "!", "may be loadgen's own doing, not the target's" },
                     { "?", "loadgen's share is unknown" },
                     { "*", "rests on fewer than 10 requests" } };
    int n_used = 0;
    for (size_t k = 0; k < sizeof meanings / sizeof *meanings; k++) {
        const struct claim_row *row;
        bool is_used = false; /* a line ends in two blanks, which break it */
        for (size_t i = 0; (row = summary_row(s, i)); i++)
            for (int what = CLAIM_RATE; what < N_CLAIMS; what++)
                is_used |= *claim_shown_mark(&row->claims[what], (enum claim_what)what) == *meanings[k].mark;
        if (!is_used)
            continue;
        fputs(n_used++ ? "" : "\n", out);
        markdown_text(out, meanings[k].mark);
        fprintf(out, " %s  \n", meanings[k].meaning);
    }
}

static void write_thresholds(const struct summary *s, FILE *out)
{
    char was[UNITS_TEXT_BYTES];
    if (s->n_thresholds > 0)
        fputs("\n", out);
    for (size_t i = 0; i < s->n_thresholds; i++) {
        const struct threshold_result *t = &s->thresholds[i];
        const char *unjudged = summary_unjudged(s);
        const char *mark = t->held == THRESHOLD_HELD ? "" : "**";
        fprintf(out, "- %s%s%s ", mark, threshold_held_words(t->held), mark);
        markdown_code(out, t->text);
        fputs(": ", out);
        markdown_text(out, unjudged ? unjudged : threshold_was_text(t, was));
        fputs("\n", out);
    }
}

/* "- HTTP/2: 2 connections ended by the peer (GOAWAY)"; what comes together is a list. */
static void write_items(FILE *out, const char *heading, char (*words)[SUMMARY_WORDS_BYTES], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        fprintf(out, "- %s: ", heading);
        markdown_text(out, words[i]);
        fputs("\n", out);
    }
}

static void write_protocol(const struct summary *s, FILE *out)
{
    char http2[SUMMARY_HTTP2_MOST][SUMMARY_WORDS_BYTES], again[SUMMARY_AGAIN_MOST][SUMMARY_WORDS_BYTES];
    const size_t n_http2 = summary_http2(s, http2), n_again = summary_again(s, again);
    if (n_http2 + n_again > 0)
        fputs("\n", out);
    write_items(out, "HTTP/2", http2, n_http2);
    write_items(out, "sent again", again, n_again);
}

int summary_markdown(const struct summary *s, FILE *out)
{
    summary_title_markdown(s, out);
    write_end(s, out);
    write_table(s, out);
    write_marks(s, out);
    write_protocol(s, out);
    write_thresholds(s, out);
    return 0;
}

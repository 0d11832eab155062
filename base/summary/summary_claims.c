#include "summary.h"
#include "units.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

enum { LINE_BYTES = 2048 };
#define LEAST_PCT 0.05 /* less is not worth a number */

/* A line being put together; what finds no room is left out. */
struct line {
    char text[LINE_BYTES];
    size_t n;
};

__attribute__((format(printf, 2, 3))) static void add(struct line *line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int n = vsnprintf(line->text + line->n, sizeof line->text - line->n, format, arguments);
    va_end(arguments);
    if (n > 0)
        line->n = line->n + (size_t)n < sizeof line->text ? line->n + (size_t)n : sizeof line->text - 1;
}

/* A claim in the table, by its place there. */
struct place {
    size_t row;
    int what;
};

static const struct claim *claim_at(const struct summary *s, struct place at)
{
    const struct claim_row *row = summary_row(s, at.row);
    return row ? &row->claims[at.what] : NULL;
}

static struct place next(struct place at)
{
    return at.what + 1 < N_CLAIMS ? (struct place){ at.row, at.what + 1 } : (struct place){ at.row + 1, 0 };
}

static bool has_number(const struct claim *claim, int what)
{
    return what == CLAIM_RATE ? isfinite(claim->rate_per_s) : claim->time.state != ATTEMPT_NONE;
}

static bool is_alike(const struct claim *a, const struct claim *b)
{
    return strcmp(summary_mark(a), summary_mark(b)) == 0 && strcmp(a->why, b->why) == 0;
}

static bool is_first(const struct summary *s, struct place place)
{
    const struct claim *claim = claim_at(s, place);
    for (struct place at = { 0, 0 }; at.row < place.row || at.what < place.what; at = next(at))
        if (has_number(claim_at(s, at), at.what) && is_alike(claim_at(s, at), claim))
            return false;
    return true;
}

/* "m4 p99 (at least 12 %)"; the name only where it differs from that of the claim before. */
static void add_claim(const struct summary *s, struct line *line, struct place at, bool is_new_row)
{
    const struct claim *claim = claim_at(s, at);
    char number[UNITS_TEXT_BYTES];
    if (is_new_row && summary_row(s, 1))
        add(line, "%s ", summary_row_name(s, summary_row(s, at.row)));
    add(line, "%s", claim_name((enum claim_what)at.what));
    if (claim->level != CLAIM_NOT_JUDGED && !claim->is_few && isfinite(claim->generator_share))
        add(line, " (at least %s %%)", units_number_text(100 * claim->generator_share, number));
}

/* Whether every time that rests on enough requests has the same reason. */
static bool is_of_all_times(const struct summary *s, const struct claim *reason)
{
    for (struct place at = { 0, 0 }; claim_at(s, at); at = next(at)) {
        const struct claim *claim = claim_at(s, at);
        const bool counts = has_number(claim, at.what) && !claim->is_few;
        if (counts && is_alike(claim, reason) != (at.what != CLAIM_RATE))
            return false;
    }
    return true;
}

static void list_claims(const struct summary *s, struct line *line, const struct claim *reason)
{
    size_t last_row = SIZE_MAX;
    for (struct place at = { 0, 0 }; claim_at(s, at); at = next(at)) {
        if (!has_number(claim_at(s, at), at.what) || !is_alike(claim_at(s, at), reason))
            continue;
        if (last_row != SIZE_MAX)
            add(line, "%s", at.row == last_row ? ", " : "; ");
        add_claim(s, line, at, at.row != last_row);
        last_row = at.row;
    }
}

/* One line for all numbers that cannot be quoted for the same reason. */
static void print_reason(const struct summary *s, struct place first, FILE *out)
{
    const struct claim *claim = claim_at(s, first);
    struct line line = { .n = 0 };
    add(&line, "%s: ", claim->is_few ? "rests on fewer than 10 requests" : claim->why);
    if (!claim->is_few && claim->level == CLAIM_NOT_JUDGED && is_of_all_times(s, claim))
        add(&line, "all times");
    else
        list_claims(s, &line, claim);
    fprintf(out, "  %-*s", SUMMARY_INDENT - 2, summary_mark(claim));
    summary_wrap(out, line.text, SUMMARY_INDENT);
}

/* The share of the generator in times that can be quoted: the highest percentile that has one. */
static void print_share(const struct summary *s, FILE *out)
{
    char number[UNITS_TEXT_BYTES];
    struct place best = { 0, -1 };
    for (struct place at = { 0, 0 }; claim_at(s, at); at = next(at)) {
        const struct claim *claim = claim_at(s, at);
        if (claim->level != CLAIM_OK || !isfinite(claim->generator_share) || at.what > CLAIM_P99)
            continue;
        if (at.what > best.what ||
            (at.what == best.what && claim->generator_share > claim_at(s, best)->generator_share))
            best = at;
    }
    if (best.what < 0)
        return;
    const double pct = 100 * claim_at(s, best)->generator_share;
    if (pct < LEAST_PCT)
        fputs("  loadgen     took no visible part", out);
    else
        fprintf(out, "  loadgen     took at least %s %%", units_number_text(pct, number));
    fprintf(out, " of %s", claim_name((enum claim_what)best.what));
    if (summary_row(s, 1))
        fprintf(out, " (%s)", summary_row_name(s, summary_row(s, best.row)));
    putc('\n', out);
}

void summary_claims(const struct summary *s, FILE *out)
{
    if (strcmp(s->end, "running") == 0) {
        fputs("  loadgen     the run has not ended, and is not judged\n", out);
        return;
    }
    for (struct place at = { 0, 0 }; claim_at(s, at); at = next(at)) {
        const struct claim *claim = claim_at(s, at);
        if (*summary_mark(claim) && has_number(claim, at.what) && is_first(s, at))
            print_reason(s, at, out);
    }
    print_share(s, out);
}

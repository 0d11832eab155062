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

/* A claim that the table shows, by its place there. */
struct place {
    size_t row;
    enum claim_what what;
};

static const struct claim *claim_at(const struct summary *s, struct place at)
{
    const struct claim_row *row = summary_row(s, at.row);
    return row ? &row->claims[at.what] : NULL;
}

static struct place next(struct place at, unsigned shown)
{
    do
        at = at.what + 1 < N_CLAIMS ? (struct place){ at.row, at.what + 1 } : (struct place){ at.row + 1, 0 };
    while (!(shown >> at.what & 1));
    return at;
}

static const char *mark_at(const struct summary *s, struct place at)
{
    return claim_shown_mark(claim_at(s, at), at.what);
}

/* Whether the generator's share is the reason, and large enough for a number. */
static bool has_share(const struct claim *claim)
{
    return strcmp(claim->why, CLAIM_WHY_OWN) == 0 && !claim->is_few &&
           claim->generator_share * 100 >= LEAST_PCT;
}

/* Marked claims that one line explains: for the same reason, and with the same mark unless the shares beside
 * them are the reason. */
static bool is_alike(const struct summary *s, struct place a, struct place b)
{
    const struct claim *x = claim_at(s, a), *y = claim_at(s, b);
    if (!*mark_at(s, a) || !*mark_at(s, b) || x->is_few != y->is_few)
        return false;
    return x->is_few || (strcmp(x->why, y->why) == 0 &&
                         (strcmp(mark_at(s, a), mark_at(s, b)) == 0 || (has_share(x) && has_share(y))));
}

static bool is_first(const struct summary *s, struct place place, unsigned shown)
{
    for (struct place at = { 0, 0 }; at.row < place.row || at.what < place.what; at = next(at, shown))
        if (is_alike(s, at, place))
            return false;
    return true;
}

/* "12 % of m4 p99"; the row's name only where it differs from that of the claim before. */
static void add_claim(const struct summary *s, struct line *line, struct place at, bool is_new_row)
{
    const struct claim *claim = claim_at(s, at);
    char name[SUMMARY_NAME_BYTES];
    if (has_share(claim))
        add(line, "%.*f %% of ", claim->generator_share < 0.0995 ? 1 : 0, 100 * claim->generator_share);
    if (is_new_row && summary_row(s, 1))
        add(line, "%s ", summary_row_title(s, summary_row(s, at.row), name));
    add(line, "%s", claim_name(at.what));
}

static void list_claims(const struct summary *s, struct line *line, struct place reason, unsigned shown)
{
    size_t last_row = SIZE_MAX;
    for (struct place at = { 0, 0 }; claim_at(s, at); at = next(at, shown)) {
        if (!is_alike(s, at, reason))
            continue;
        if (last_row != SIZE_MAX)
            add(line, "%s", at.row == last_row ? ", " : "; ");
        add_claim(s, line, at, at.row != last_row);
        last_row = at.row;
    }
}

/* Whether every time that rests on enough requests has the same reason. */
static bool is_of_all_times(const struct summary *s, struct place reason, unsigned shown)
{
    for (struct place at = { 0, 0 }; claim_at(s, at); at = next(at, shown))
        if (*mark_at(s, at) && !claim_at(s, at)->is_few && is_alike(s, at, reason) != (at.what != CLAIM_RATE))
            return false;
    return true;
}

/* "~ !" where both have the reason. */
static void print_marks(const struct summary *s, struct place reason, unsigned shown, FILE *out)
{
    static const char marks[] = "~!?*";
    struct line line = { .n = 0 };
    for (const char *mark = marks; *mark; mark++)
        for (struct place at = { 0, 0 }; claim_at(s, at); at = next(at, shown))
            if (is_alike(s, at, reason) && *mark_at(s, at) == *mark) {
                add(&line, "%s%c", line.n > 0 ? " " : "", *mark);
                break;
            }
    fprintf(out, "  %-*s", SUMMARY_INDENT - 2, line.text);
}

/* One line for all numbers that cannot be quoted for the same reason. */
static void print_reason(const struct summary *s, struct place first, unsigned shown, FILE *out)
{
    const struct claim *claim = claim_at(s, first);
    struct line line = { .n = 0 };
    print_marks(s, first, shown, out);
    if (claim->is_few)
        add(&line, "rests on fewer than 10 requests");
    else if (has_share(claim)) {
        add(&line, "loadgen's own delay is at least ");
        list_claims(s, &line, first, shown);
    } else {
        add(&line, "%s: ", claim->why);
        if (claim->level == CLAIM_NOT_JUDGED && is_of_all_times(s, first, shown))
            add(&line, "all times");
        else
            list_claims(s, &line, first, shown);
    }
    summary_prose(s, out, line.text, SUMMARY_INDENT, SUMMARY_INDENT);
}

/* The share of the generator in times that can be quoted: the highest percentile that has one. */
static void print_share(const struct summary *s, unsigned shown, FILE *out)
{
    char number[UNITS_TEXT_BYTES];
    struct place best = { 0, CLAIM_RATE };
    for (struct place at = { 0, 0 }; claim_at(s, at); at = next(at, shown)) {
        const struct claim *claim = claim_at(s, at);
        if (at.what == CLAIM_RATE || claim->level != CLAIM_OK || !isfinite(claim->generator_share) ||
            at.what > CLAIM_P99)
            continue;
        if (at.what > best.what ||
            (at.what == best.what && claim->generator_share > claim_at(s, best)->generator_share))
            best = at;
    }
    if (best.what == CLAIM_RATE)
        return;
    const double pct = 100 * claim_at(s, best)->generator_share;
    char name[SUMMARY_NAME_BYTES] = "";
    const char *of = summary_row(s, 1) ? summary_row_title(s, summary_row(s, best.row), name) : "";
    const char *space = *of ? " " : "";
    if (pct < LEAST_PCT)
        summary_line(s, out, "loadgen", "took no visible part of %s%s%s", of, space, claim_name(best.what));
    else
        summary_line(s, out, "loadgen", "took at least %s %% of %s%s%s", units_number_text(pct, number), of,
                     space, claim_name(best.what));
}

void summary_claims(const struct summary *s, unsigned shown, FILE *out)
{
    if (strcmp(s->end, "running") == 0) {
        summary_line(s, out, "loadgen", "the run has not ended, and is not judged");
        return;
    }
    for (struct place at = { 0, 0 }; claim_at(s, at); at = next(at, shown))
        if (*mark_at(s, at) && is_first(s, at, shown))
            print_reason(s, at, shown, out);
    print_share(s, shown, out);
}

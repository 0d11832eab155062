#include "report_compare.h"

#include "attempts.h"
#include "csv.h"
#include "err.h"
#include "units.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum kind { TEXT, REAL, COUNT };

/* The columns; only some must be there. */
static const struct column {
    const char *name;
    enum kind kind;
    size_t offset;
    bool required;
} columns[] = {
#define AT(member) offsetof(struct report_compare_row, member)
    { "p_ppm", COUNT, AT(p_ppm), true },
    { "ratio", REAL, AT(ratio), true },
    { "lo", REAL, AT(lo), true },
    { "hi", REAL, AT(hi), true },
    { "metric", TEXT, AT(metric), false },
    { "decision", TEXT, AT(decision), false },
    { "reason", TEXT, AT(reason), false },
    { "a_state", TEXT, AT(a_state), false },
    { "b_state", TEXT, AT(b_state), false },
    { "a_least", REAL, AT(a_least), false },
    { "b_least", REAL, AT(b_least), false },
    { "beyond", REAL, AT(beyond), false },
    { "unit", TEXT, AT(unit), false },
    { "a", REAL, AT(a), false },
    { "b", REAL, AT(b), false },
    { "diff_us", REAL, AT(diff_us), false },
    { "p_holm", REAL, AT(p_value), false },
    { "n_pairs", COUNT, AT(n_pairs), false },
    { "pairs_more_n", COUNT, AT(pairs_more_n), false },
#undef AT
};
enum { N_COLUMNS = sizeof columns / sizeof *columns };

static int find_columns(const struct csv_reader *r, int *index, struct err *e)
{
    struct err ignored;
    for (size_t i = 0; i < N_COLUMNS; i++) {
        index[i] = csv_column(r, columns[i].name, columns[i].required ? e : &ignored);
        if (index[i] < 0 && columns[i].required)
            return -1;
    }
    return 0;
}

static int read_cell(const struct csv_reader *r, int index, enum kind kind, void *to, struct err *e)
{
    if (kind == COUNT)
        return index < 0 ? 0 : csv_get_u64(r, index, 0, to, e);
    if (kind == REAL)
        return csv_get_real(r, index, NAN, to, e);
    char *text = strdup(index < 0 ? "" : r->fields[index]);
    *(char **)to = text;
    return text ? 0 : err_set(e, ERR_FAILED, "out of memory for the comparison");
}

static int read_row(const struct csv_reader *r, const int *index, struct report_compare_row *row,
                    struct err *e)
{
    row->a = row->b = row->diff_us = row->p_value = row->a_least = row->b_least = row->beyond = NAN;
    for (size_t i = 0; i < N_COLUMNS; i++)
        if ((columns[i].kind != REAL || index[i] >= 0) &&
            read_cell(r, index[i], columns[i].kind, (char *)row + columns[i].offset, e))
            return -1;
    return 0;
}

static int read_rows(struct report_compare *compare, struct csv_reader *r, struct err *e)
{
    int index[N_COLUMNS];
    int status = find_columns(r, index, e) ? -1 : 1;
    while (status > 0 && (status = csv_next(r, e)) == 1) {
        struct report_compare_row *more = realloc(compare->rows, (compare->n + 1) * sizeof *more);
        if (!more)
            return err_set(e, ERR_FAILED, "out of memory for the comparison");
        compare->rows = more;
        more[compare->n] = (struct report_compare_row){ 0 };
        status = read_row(r, index, &more[compare->n++], e) ? -1 : 1;
    }
    return status;
}

int report_compare_read(struct report_compare *compare, const char *folder, struct err *e)
{
    char path[4096];
    struct csv_reader r = { 0 };
    *compare = (struct report_compare){ 0 };
    snprintf(path, sizeof path, "%s/compare.csv", folder);
    if (access(path, F_OK))
        return 0;
    const int status = csv_open_results(&r, path, e) ? -1 : read_rows(compare, &r, e);
    csv_reader_fini(&r);
    return status;
}

void report_compare_fini(struct report_compare *compare)
{
    for (size_t i = 0; i < compare->n; i++) {
        free(compare->rows[i].metric);
        free(compare->rows[i].decision);
        free(compare->rows[i].reason);
        free(compare->rows[i].a_state);
        free(compare->rows[i].b_state);
        free(compare->rows[i].unit);
    }
    free(compare->rows);
    *compare = (struct report_compare){ 0 };
}

const char *report_compare_words(const struct report_compare_row *row, char *text, size_t bytes)
{
    static const char *const endings[][2] = {
        { "_less_g", ", without the generator's share" },
        { "_typical_instance", ", of the typical instance" },
    };
    const char *more = "";
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (strstr(row->metric, endings[i][0]))
            more = endings[i][1];
    if (row->p_ppm > 0)
        snprintf(text, bytes, "p%.9g%s", (double)row->p_ppm / 1e4, more);
    else
        snprintf(text, bytes, "%s", strcmp(row->metric, "rate") == 0 ? "good/s" : row->metric);
    return text;
}

const char *report_compare_typical(const struct report_compare_row *row, bool is_b, char *text)
{
    const double value = is_b ? row->b : row->a, least = is_b ? row->b_least : row->a_least;
    const double ns_per_us = 1e3;
    struct attempt_time time = { .state = attempt_state_find(is_b ? row->b_state : row->a_state) };
    *text = '\0';
    if (row->p_ppm == 0)
        return isfinite(value) ? units_number_text(value, text) : text;
    if (isfinite(value))
        time = (struct attempt_time){ ATTEMPT_EXACT, (uint64_t)llround(value * ns_per_us), 0 };
    else if (isfinite(least))
        time.at_least_ns = (uint64_t)llround(least * ns_per_us);
    return time.state == ATTEMPT_NONE ? text : attempt_time_text(time, text);
}

const char *report_compare_ratio(const struct report_compare_row *row, char *text, size_t bytes)
{
    char number[UNITS_TEXT_BYTES];
    *text = '\0';
    if (isfinite(row->ratio))
        snprintf(text, bytes, "%s", units_number_text(row->ratio, number));
    else if (isfinite(row->beyond))
        snprintf(text, bytes, "%s %s", row->beyond > 1 ? ">" : "<", units_number_text(row->beyond, number));
    return text;
}

const char *report_compare_interval(const struct report_compare_row *row, char *text, size_t bytes)
{
    char lo[UNITS_TEXT_BYTES], hi[UNITS_TEXT_BYTES];
    *text = '\0';
    if (isfinite(row->lo) && isfinite(row->hi))
        snprintf(text, bytes, "%s to %s", units_number_text(row->lo, lo), units_number_text(row->hi, hi));
    else if (isfinite(row->lo))
        snprintf(text, bytes, "%s or more", units_number_text(row->lo, lo));
    return text;
}

static bool is_undecided(const struct report_compare_row *row)
{
    return strcmp(row->decision, "undecided") == 0;
}

/* The higher of two times is the slower one. */
const char *report_compare_decision(const struct report_compare_row *row, char *text, size_t bytes)
{
    const bool is_time = row->p_ppm > 0;
    const char *said = is_time && strcmp(row->decision, "higher") == 0  ? "slower"
                       : is_time && strcmp(row->decision, "lower") == 0 ? "faster"
                                                                        : row->decision;
    const char *reason = is_undecided(row) ? row->reason : "";
    const bool is_a_failed = attempt_state_find(row->a_state) == ATTEMPT_FAILED,
               is_b_failed = attempt_state_find(row->b_state) == ATTEMPT_FAILED;
    int n = 0;
    *text = '\0';
    if (row->n_pairs == 0 && is_a_failed && is_b_failed)
        snprintf(text, bytes, "neither has one");
    else if (row->n_pairs == 0)
        snprintf(text, bytes, is_time ? "too few requests" : "no good answers");
    else if (strcmp(said, "description") != 0)
        n = snprintf(text, bytes, "%s%s%s", said, *reason ? ": " : "", reason);
    if (n > 0 && (size_t)n < bytes && row->pairs_more_n > 0 && is_undecided(row))
        snprintf(text + n, bytes - (size_t)n, " (about %" PRIu64 " more pair%s)", row->pairs_more_n,
                 row->pairs_more_n == 1 ? "" : "s");
    return text;
}

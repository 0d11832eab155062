#include "report_compare.h"

#include "csv.h"
#include "err.h"

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
    { "method", TEXT, AT(method), false },
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
    row->a = row->b = row->diff_us = row->p_value = NAN;
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
        free(compare->rows[i].method);
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
        snprintf(text, bytes, "%s", strcmp(row->metric, "rate") == 0 ? "requests/s" : row->metric);
    return text;
}

/* The higher of two times is the slower one. */
const char *report_compare_decision(const struct report_compare_row *row, char *text, size_t bytes)
{
    const bool is_time = row->p_ppm > 0;
    const char *said = is_time && strcmp(row->decision, "higher") == 0  ? "slower"
                       : is_time && strcmp(row->decision, "lower") == 0 ? "faster"
                                                                        : row->decision;
    const bool is_undecided = strcmp(row->decision, "undecided") == 0;
    if (!isfinite(row->ratio) && strcmp(row->decision, "description") == 0)
        snprintf(text, bytes, "too few samples");
    else if (is_undecided && row->pairs_more_n > 0)
        snprintf(text, bytes, "undecided: %s, about %" PRIu64 " more pairs", row->reason, row->pairs_more_n);
    else if (is_undecided && *row->reason)
        snprintf(text, bytes, "undecided: %s", row->reason);
    else
        snprintf(text, bytes, "%s", said);
    return text;
}

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

/* Columns by name; what a file does not have is unknown. */
struct columns {
    int metric, decision, method, unit, a, b, p_ppm, ratio, lo, hi, diff_us, p_value, n_pairs, more;
};

static int optional(const struct csv_reader *r, const char *name)
{
    struct err ignored;
    return csv_column(r, name, &ignored);
}

static int find_columns(const struct csv_reader *r, struct columns *c, struct err *e)
{
    c->p_ppm = csv_column(r, "p_ppm", e);
    c->ratio = c->p_ppm < 0 ? -1 : csv_column(r, "ratio", e);
    c->lo = c->ratio < 0 ? -1 : csv_column(r, "lo", e);
    c->hi = c->lo < 0 ? -1 : csv_column(r, "hi", e);
    c->metric = optional(r, "metric");
    c->decision = optional(r, "decision");
    c->method = optional(r, "method");
    c->unit = optional(r, "unit");
    c->a = optional(r, "a");
    c->b = optional(r, "b");
    c->diff_us = optional(r, "diff_us");
    c->p_value = optional(r, "p_holm");
    c->n_pairs = optional(r, "n_pairs");
    c->more = optional(r, "pairs_more_n");
    return c->hi < 0 ? -1 : 0;
}

static char *text_at(const struct csv_reader *r, int column)
{
    return strdup(column < 0 ? "" : r->fields[column]);
}

static int real_at(const struct csv_reader *r, int column, double *value, struct err *e)
{
    *value = NAN;
    return column < 0 ? 0 : csv_get_real(r, column, NAN, value, e);
}

static int read_row(const struct csv_reader *r, const struct columns *c, struct report_compare_row *row,
                    struct err *e)
{
    row->metric = text_at(r, c->metric);
    row->decision = text_at(r, c->decision);
    row->method = text_at(r, c->method);
    row->unit = text_at(r, c->unit);
    if (!row->metric || !row->decision || !row->method || !row->unit)
        return err_set(e, ERR_FAILED, "out of memory for the comparison");
    if ((c->n_pairs >= 0 && csv_get_u64(r, c->n_pairs, 0, &row->n_pairs, e)) ||
        (c->more >= 0 && csv_get_u64(r, c->more, 0, &row->pairs_more_n, e)))
        return -1;
    return csv_get_u64(r, c->p_ppm, 0, &row->p_ppm, e) || real_at(r, c->a, &row->a, e) ||
                   real_at(r, c->b, &row->b, e) || real_at(r, c->ratio, &row->ratio, e) ||
                   real_at(r, c->lo, &row->lo, e) || real_at(r, c->hi, &row->hi, e) ||
                   real_at(r, c->diff_us, &row->diff_us, e) || real_at(r, c->p_value, &row->p_value, e)
               ? -1
               : 0;
}

static int read_rows(struct report_compare *compare, struct csv_reader *r, struct err *e)
{
    struct columns columns;
    int status = find_columns(r, &columns, e) ? -1 : 1;
    while (status > 0 && (status = csv_next(r, e)) == 1) {
        struct report_compare_row *more = realloc(compare->rows, (compare->n + 1) * sizeof *more);
        if (!more)
            return err_set(e, ERR_FAILED, "out of memory for the comparison");
        compare->rows = more;
        more[compare->n] = (struct report_compare_row){ 0 };
        status = read_row(r, &columns, &more[compare->n++], e) ? -1 : 1;
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

/* Of times the higher one is the slower one. */
const char *report_compare_decision(const struct report_compare_row *row, char *text, size_t bytes)
{
    const bool is_time = row->p_ppm > 0;
    const char *said = is_time && strcmp(row->decision, "higher") == 0  ? "slower"
                       : is_time && strcmp(row->decision, "lower") == 0 ? "faster"
                                                                        : row->decision;
    if (!isfinite(row->ratio))
        snprintf(text, bytes, "too few samples");
    else if (row->pairs_more_n > 0 && strcmp(row->decision, "undecided") == 0)
        snprintf(text, bytes, "%s, about %" PRIu64 " more pairs", said, row->pairs_more_n);
    else
        snprintf(text, bytes, "%s", said);
    return text;
}

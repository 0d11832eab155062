#include "campaign_compare.h"

#include "csv.h"
#include "err.h"
#include "exit_code.h"
#include "sibling.h"
#include "units.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>

static int compare(const char *folder, bool is_json, bool is_silent, struct err *e)
{
    const char *const words[] = { "loadgen-analysis", "compare", folder, is_json ? "--json" : NULL, NULL };
    return sibling_call(words, is_silent, e);
}

/* "p99.9" to parts per million. */
static uint64_t ppm_of(const char *primary)
{
    double percent = 0;
    if (primary[0] != 'p' || units_parse_real(primary + 1, &percent))
        return 0;
    return (uint64_t)(percent * 1e4 + 0.5);
}

static int read_row(struct csv_reader *r, uint64_t ppm, struct campaign_compare_width *width, struct err *e)
{
    const int columns[] = { csv_column(r, "p_ppm", e), csv_column(r, "ratio", e), csv_column(r, "lo", e),
                            csv_column(r, "hi", e) };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (columns[i] < 0)
            return -1;
    int status;
    while ((status = csv_next(r, e)) == 1) {
        uint64_t row_ppm;
        double ratio;
        double lo;
        double hi;
        if (csv_get_u64(r, columns[0], UINT64_MAX, &row_ppm, e) ||
            csv_get_real(r, columns[1], 0, &ratio, e) || csv_get_real(r, columns[2], 0, &lo, e) ||
            csv_get_real(r, columns[3], 0, &hi, e))
            return -1;
        if (row_ppm != ppm)
            continue;
        width->is_known = ratio > 0 && lo > 0 && hi > 0;
        width->relative = width->is_known ? (hi - lo) / ratio : 0;
        return 0;
    }
    return status;
}

int campaign_compare_read_width(const char *folder, const char *primary, struct campaign_compare_width *width,
                                struct err *e)
{
    char path[PATH_MAX];
    struct csv_reader r;

    *width = (struct campaign_compare_width){ 0 };
    const int code = compare(folder, false, true, e);
    if (code && code != EXIT_CODE_INVALID) /* the width stands even if loadgen itself made the times */
        return code < 0
                   ? -1
                   : err_set(e, ERR_FAILED, "the comparison of %s failed with exit code %d", folder, code);
    snprintf(path, sizeof path, "%s/compare.csv", folder);
    if (csv_open_results(&r, path, e))
        return -1;
    const int status = read_row(&r, ppm_of(primary), width, e);
    csv_reader_fini(&r);
    return status;
}

int campaign_compare_print(const char *folder, bool is_json, struct err *e)
{
    return compare(folder, is_json, false, e);
}

/* Tables beside a run that reports and figures are made of: a comparison, a provider's metrics, a figure's
 * data and text. Each file stands behind a line `=== NAME`. */
#include "credits.h"
#include "err.h"
#include "figure_input.h"
#include "fuzz.h"
#include "report_compare.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

static void check_compare(const char *folder)
{
    struct report_compare compare;
    struct err e = { ERR_NONE, "" };
    char text[256];
    if (report_compare_read(&compare, folder, &e))
        FUZZ_HOLDS(*e.text != '\0');
    else
        for (size_t i = 0; i < compare.n; i++) {
            FUZZ_HOLDS(strlen(report_compare_words(&compare.rows[i], text, sizeof text)) < sizeof text);
            FUZZ_HOLDS(strlen(report_compare_decision(&compare.rows[i], text, sizeof text)) < sizeof text);
        }
    report_compare_fini(&compare);
}

static void check_credits(const char *folder)
{
    struct credits credits;
    struct err e = { ERR_NONE, "" };
    if (credits_read(&credits, folder, "cluster1", &e))
        FUZZ_HOLDS(*e.text != '\0');
    else
        FUZZ_HOLDS(credits.is_known == isfinite(credits.least));
}

/* What gnuplot reads holds no quote and no backslash. */
static void check_figure(const char *folder)
{
    static const char *const made[] = { "data", "text" };
    struct err e = { ERR_NONE, "" };
    char path[128];
    char block[4096];
    size_t n;
    if (figure_input_write(folder, "figure", folder, &e)) {
        FUZZ_HOLDS(*e.text != '\0');
        return;
    }
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, made[i]);
        FILE *f = fopen(path, "re");
        FUZZ_HOLDS(f != NULL);
        while ((n = fread(block, 1, sizeof block, f)) > 0)
            FUZZ_HOLDS(!memchr(block, '"', n) && !memchr(block, '\\', n));
        fclose(f);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    static const char *const names[] = { "compare.csv", "cloudwatch.csv", "figure.csv", "figure.txt", NULL };
    const char *folder = fuzz_folder(data, length_bytes, names);
    check_compare(folder);
    check_credits(folder);
    check_figure(folder);
    return 0;
}

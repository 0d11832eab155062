/* What a campaign and a sweep read of their own folder when they continue: the plan, the curve's runs, and
 * whether a run is complete. Each file stands behind a line `=== NAME`. */
#include "backlog.h"
#include "campaign.h"
#include "csv.h"
#include "err.h"
#include "fuzz.h"
#include "loadcurve.h"
#include "run_complete.h"

#include <math.h>
#include <string.h>

static void check_campaign(const char *folder)
{
    struct campaign c;
    struct err e = { ERR_NONE, "" };
    char name[CAMPAIGN_NAME_BYTES];
    if (campaign_load(&c, folder, &e)) {
        FUZZ_HOLDS(*e.text != '\0');
    } else {
        FUZZ_HOLDS(c.n_subjects > 0 && c.subjects[0] && c.n_pairs <= 2 * CAMPAIGN_PAIRS_MOST);
        for (size_t i = 0; i < c.n_pairs; i++) {
            campaign_run_name(&c, &c.pairs[i], true, name);
            FUZZ_HOLDS(strlen(name) < sizeof name && !strchr(name, '/'));
        }
    }
    campaign_fini(&c);
}

static void check_curve(const char *folder)
{
    struct csv_writer w = { 0 };
    struct err e = { ERR_NONE, "" };
    struct loadcurve_point point = { .cluster = "c", .offered_per_s = 10 };
    bool grew;
    if (backlog_grew(folder, 0, 8, &grew, &e))
        FUZZ_HOLDS(*e.text != '\0');
    FUZZ_HOLDS(loadcurve_create(&w, folder, &e) == 0);
    if (loadcurve_add(&w, folder, ".", &point, &e))
        FUZZ_HOLDS(*e.text != '\0');
    else
        FUZZ_HOLDS(point.step.result < N_SWEEP_RESULTS);
    csv_close(&w, &e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    static const char *const names[] = { "campaign.json", "run.json", "percentiles.csv", "intervals.csv",
                                         NULL };
    const char *folder = fuzz_folder(data, length_bytes, names);
    check_campaign(folder);
    struct err why;
    if (!run_complete(folder, &why) && why.kind != ERR_NONE)
        FUZZ_HOLDS(*why.text != '\0');
    check_curve(folder);
    return 0;
}

/* A run folder that somebody sent: it is refused with a sentence, or everything that a summary needs can be
 * read from it. Each file stands behind a line `=== NAME`. */
#include "arms.h"
#include "caption_result.h"
#include "dataset.h"
#include "err.h"
#include "facts.h"
#include "fuzz.h"
#include "health.h"
#include "instances.h"
#include "run_deployment.h"
#include "sample.h"
#include "summary_view.h"

#include <math.h>
#include <string.h>

static void check_files(const struct dataset *data, const char *folder)
{
    struct health health;
    struct instances instances;
    struct deployment deployment;
    struct err e = { ERR_NONE, "" };
    if (health_read(&health, folder, data->run.whole_s, &data->axis, &e))
        FUZZ_HOLDS(*e.text != '\0');
    health_fini(&health);
    if (instances_read(&instances, folder, data->arms, data->n_arms, &e))
        FUZZ_HOLDS(*e.text != '\0');
    else
        for (size_t i = 0; i < instances.n; i++)
            FUZZ_HOLDS(instances.rows[i].arm < data->n_arms && instances_words(&instances.rows[i]) != NULL);
    instances_fini(&instances);
    if (run_deployment_read(&deployment, folder, &e) < 0)
        FUZZ_HOLDS(*e.text != '\0');
    run_deployment_fini(&deployment);
}

static void check_arms(const struct dataset *data, FILE *out)
{
    for (size_t i = 0; i < data->n_arms; i++) {
        static struct sample sample; /* large */
        sample_take(data, i, &sample);
        const double per_s = facts_of_arm(data, i).per_s;
        FUZZ_HOLDS(isnan(per_s) || per_s >= 0);
    }
    if (data->n_arms > 0)
        caption_result(out, data);
    struct err e;
    FUZZ_HOLDS(summary_view(out, data, data->folder, &e) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    static const char *const names[] = { "run.json",
                                         "hist.hlog",
                                         "intervals.csv",
                                         "health.csv",
                                         "instances.csv",
                                         "cloudwatch.csv",
                                         "deployment.json",
                                         "percentiles.csv",
                                         "checks.csv",
                                         "errors.csv",
                                         NULL };
    const char *folder = fuzz_folder(data, length_bytes, names);
    struct dataset set;
    struct err e = { ERR_NONE, "" };
    FILE *out = fopen("/dev/null", "we");
    FUZZ_HOLDS(out != NULL);
    if (dataset_open(&set, folder, &e)) {
        FUZZ_HOLDS(*e.text != '\0');
    } else {
        check_files(&set, folder);
        check_arms(&set, out);
    }
    dataset_fini(&set);
    fclose(out);
    return 0;
}

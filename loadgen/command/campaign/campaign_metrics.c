#include "campaign_metrics.h"

#include "campaign.h"
#include "campaign_time.h"
#include "err.h"
#include "sibling.h"
#include "stop.h"

#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool name_file(char *path, const char *folder, const char *file)
{
    return (size_t)snprintf(path, PATH_MAX, "%s/%s", folder, file) < PATH_MAX;
}

bool campaign_metrics_lacking(const char *run_folder)
{
    char path[PATH_MAX];
    if (!name_file(path, run_folder, "cloudwatch.csv") || access(path, F_OK) == 0 ||
        !name_file(path, run_folder, "run.json"))
        return false;
    json_t *root = json_load_file(path, 0, NULL);
    const char *provider =
        json_string_value(json_object_get(json_object_get(root, "deployment"), "provider"));
    const bool is_aws = provider && strcmp(provider, "aws") == 0;
    json_decref(root);
    return is_aws;
}

/* Run i of the campaign: whether it lacks metrics, and its folder. */
static bool is_lacking(const struct campaign *c, size_t i, const char *folder, char *path)
{
    char name[CAMPAIGN_NAME_BYTES];
    const size_t n = (size_t)campaign_runs_per_pair(c);
    campaign_run_name(c, &c->pairs[i / n], i % n == 1, name);
    return name_file(path, folder, name) && campaign_metrics_lacking(path);
}

static size_t count_lacking(const struct campaign *c, const char *folder)
{
    char path[PATH_MAX];
    size_t n = 0;
    for (size_t i = 0; i < campaign_time_runs(c); i++)
        n += is_lacking(c, i, folder, path);
    return n;
}

/* Whether all of it came; a part is written, too. Uses the run's own copy of the deployment file, since
 * another deployment may be up by now. */
static bool fetch(const char *run_folder)
{
    char deployment[PATH_MAX];
    struct err e;
    if (!name_file(deployment, run_folder, "deployment.json"))
        return false;
    const char *const words[] = { "loadgen-provision", "metrics",    "--deployment", deployment, "--run",
                                  run_folder,          "--progress", "none",         NULL };
    const int code = sibling_call(words, true, &e);
    if (code < 0)
        fprintf(stderr, "loadgen: %s\n", e.text);
    return code == 0;
}

/* `loadgen provision metrics` asks again even where a part came, which resuming the campaign does not, and
 * needs no running deployment. */
static void report_lacking(const char *first, size_t n)
{
    fprintf(stderr,
            "  %zu run%s some of CloudWatch's metrics; `loadgen provision metrics --deployment "
            "%s/deployment.json --run %s` asks again%s\n",
            n, n == 1 ? " lacks" : "s lack", first, first, n == 1 ? "" : " for the first of them");
}

void campaign_metrics_fetch(const struct campaign *c, const char *folder)
{
    char path[PATH_MAX], first[PATH_MAX] = "";
    const size_t n = count_lacking(c, folder);
    size_t n_still = 0;
    if (n == 0)
        return;
    fprintf(stderr, "  CloudWatch is asked about %zu run%s; its points come up to three minutes late\n", n,
            n == 1 ? "" : "s");
    for (size_t i = 0; i < campaign_time_runs(c); i++) {
        if (!is_lacking(c, i, folder, path) || (!stop_is_asked() && fetch(path)))
            continue;
        if (n_still++ == 0)
            snprintf(first, sizeof first, "%s", path);
    }
    if (n_still > 0)
        report_lacking(first, n_still);
}

#include "merge_run.h"

#include "err.h"
#include "json_member.h"
#include "run_file.h"
#include "run_json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t count_at(const json_t *object, const char *key)
{
    const json_int_t n = json_integer_value(json_object_get(object, key));
    return n > 0 && n <= UINT32_MAX ? (uint32_t)n : 0;
}

static int read_share(struct merge_share *share, const struct run_json *json, struct err *e)
{
    const json_t *shard = json_object_get(json->root, "shard");
    if (json_object_get(json->root, "shards"))
        return err_set(e, ERR_INPUT, "%s: the shares are merged already; merge their own folders again",
                       json->file);
    *share = (struct merge_share){ .index = count_at(shard, "index"),
                                   .count = count_at(shard, "count"),
                                   .clock_offset_us = json_member_real(shard, "clock_offset_us"),
                                   .clock_error_us = json_member_real(shard, "clock_error_us"),
                                   .clock_drift_us = json_member_real(shard, "clock_drift_us"),
                                   .clock_max_error_us = json_member_real(shard, "clock_max_error_us"),
                                   .start_late_us = json_member_real(shard, "start_late_us") };
    if (!shard || json_is_null(shard))
        return 0;
    if (share->index >= 1 && share->index <= share->count && share->count <= MERGE_SHARES_MOST)
        return 0;
    return err_set(e, ERR_INPUT, "%s: 'shard' must have a count of 1 to %d, and an index from 1 to that",
                   json->file, MERGE_SHARES_MOST);
}

/* "0.1.0 (62ccdee0a1b2)" */
static char *version_of(const json_t *root)
{
    const json_t *tool = json_object_get(root, "tool");
    const char *commit = json_member_text(tool, "commit");
    char *text;
    const int length = *commit ? asprintf(&text, "%s (%s)", json_member_text(tool, "version"), commit)
                               : asprintf(&text, "%s", json_member_text(tool, "version"));
    return length < 0 ? NULL : text;
}

int merge_run_init(struct merge_run *run, const char *folder, const struct run_json *json, struct err *e)
{
    const char *host = json_string_value(json_object_get(json_object_get(json->root, "host"), "name"));
    *run = (struct merge_run){ .folder = folder,
                               .run_id = strdup(json->run_id),
                               .host = host ? strdup(host) : NULL,
                               .version = version_of(json->root),
                               .end = strdup(json->end),
                               .started_utc = strdup(json->started_utc),
                               .t0_realtime_ns = json->t0_realtime_ns,
                               .seed = json->seed,
                               .threads = json->threads,
                               .duration_s = json->duration_s,
                               .level = "OK",
                               .streams = UINT64_MAX,
                               .whole_s = json->whole_s };
    if (!run->run_id || !run->version || !run->end || !run->started_utc || (host && !run->host))
        return err_set(e, ERR_FAILED, "out of memory while reading %s", folder);
    return read_share(&run->share, json, e);
}

void merge_run_fini(struct merge_run *run)
{
    free(run->run_id);
    free(run->host);
    free(run->version);
    free(run->end);
    free(run->started_utc);
    *run = (struct merge_run){ 0 };
}

bool merge_run_is_killed(const struct merge_run *run)
{
    return strcmp(run->end, "running") == 0;
}

bool merge_run_may_be_cut(const struct merge_run *run)
{
    return run->whole_s != RUN_FILE_WHOLE || strcmp(run->end, "failed") == 0;
}

const char *merge_run_name(const struct merge_run *run, char out[MERGE_RUN_NAME_BYTES])
{
    const char *host = run->host ? run->host : "unknown";
    if (run->share.count > 0)
        snprintf(out, MERGE_RUN_NAME_BYTES, "share %u, host %.64s", run->share.index, host);
    else
        snprintf(out, MERGE_RUN_NAME_BYTES, "host %.64s", host);
    return out;
}

/* Two run folders that become one: the merge is refused with a sentence, or made. Each file stands behind a
 * line
 * `=== NAME`, and is that of both runs. */
#include "err.h"
#include "files.h"
#include "fuzz.h"
#include "merge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    static const char *const names[] = { "run.json",    "hist.hlog",  "intervals.csv",
                                         "health.csv",  "errors.csv", "phases.csv",
                                         "samples.csv", "dns.csv",    NULL };
    const char *folder = fuzz_folder(data, length_bytes, names);
    const char *const folders[] = { folder, folder };
    char out[128];
    struct merge_outcome outcome;
    struct err e = { ERR_NONE, "" };
    snprintf(out, sizeof out, "%s-merged", folder);
    if (merge_folders(&(struct merge_request){ .folders = folders, .n_folders = 2, .out = out }, &outcome,
                      &e))
        FUZZ_HOLDS(*e.text != '\0');
    FUZZ_HOLDS(files_remove_tree(out, &e) == 0);
    return 0;
}

/* Two run folders that become one: the merge is refused with a sentence, or made. Each file stands behind a
 * line `=== NAME`, and is that of both runs, except that `second.json` is the second one's run.json. Without
 * one, the folder is merged alone, as a share may be. */
#include "err.h"
#include "files.h"
#include "fuzz.h"
#include "merge.h"

#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const names[] = { "run.json",    "second.json", "hist.hlog",        "intervals.csv",
                                     "health.csv",  "errors.csv",  "phases.csv",       "samples.csv",
                                     "remotes.csv", "dns.csv",     "requests.csv.zst", NULL };

/* Makes the second folder of links to the files of the first. False without a second run.json. */
static int link_second(const char *first, const char *second)
{
    char from[PATH_MAX], to[PATH_MAX];
    snprintf(from, sizeof from, "%s/second.json", first);
    if (access(from, F_OK) || mkdir(second, 0700))
        return 0;
    snprintf(to, sizeof to, "%s/run.json", second);
    FUZZ_HOLDS(link(from, to) == 0);
    for (size_t i = 2; names[i]; i++) {
        snprintf(from, sizeof from, "%s/%s", first, names[i]);
        snprintf(to, sizeof to, "%s/%s", second, names[i]);
        FUZZ_HOLDS(access(from, F_OK) || link(from, to) == 0);
    }
    return 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    const char *folder = fuzz_folder(data, length_bytes, names);
    char second[128], out[128];
    struct merge_outcome outcome;
    struct err e = { ERR_NONE, "" };
    snprintf(second, sizeof second, "%s-second", folder);
    snprintf(out, sizeof out, "%s-merged", folder);
    const int has_second = link_second(folder, second);
    const char *const folders[] = { folder, second };
    const struct merge_request request = { .folders = folders, .n_folders = has_second ? 2 : 1, .out = out };
    if (merge_folders(&request, &outcome, &e))
        fuzz_sentence(e.text);
    FUZZ_HOLDS(files_remove_tree(out, &e) == 0);
    FUZZ_HOLDS(files_remove_tree(second, &e) == 0);
    return 0;
}

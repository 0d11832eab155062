#include "fleet_result.h"

#include "err.h"
#include "run_options.h"
#include "run_outputs.h"
#include "share_folder.h"
#include "sibling.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* loadgen-analysis merge SHARE... --out FOLDER */
static int merge(const struct fleet_result *r, struct err *e)
{
    char path[PATH_MAX];
    const char **words = calloc((size_t)r->n_shares + 5, sizeof *words);
    size_t n = 0;
    int code = words ? 0 : err_set(e, ERR_FAILED, "out of memory for merging the shares");
    if (words) {
        words[n++] = "loadgen-analysis";
        words[n++] = "merge";
    }
    for (uint32_t i = 0; code == 0 && i < r->n_shares; i++) {
        words[n] = strdup(share_folder_of(r->shares, i, path));
        if (!words[n++])
            code = err_set(e, ERR_FAILED, "out of memory for merging the shares");
    }
    if (code == 0) {
        words[n] = "--out";
        words[n + 1] = r->folder;
        code = sibling_call(words, true, e);
    }
    for (size_t i = 2; words && i < n; i++)
        free((char *)words[i]);
    free(words);
    return code;
}

static int summarise(const struct fleet_result *r, struct err *e)
{
    const char *const words[] = { "loadgen-analysis", "summary", r->folder, NULL };
    return r->options->quiet ? 0 : sibling_call(words, false, e);
}

int fleet_result_make(const struct fleet_result *r, struct err *e)
{
    const int code = merge(r, e);
    return code < 0 || summarise(r, e) < 0 ? -1 : code;
}

#include "preflight.h"

#include "engine.h"
#include "err.h"
#include "json_tree.h"
#include "plan.h"
#include "request_log.h"
#include "run_options.h"
#include "units.h"

#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <sys/statvfs.h>

/* Of the files of a share, as measured: a second takes 11 KB, and the samples of all shares 28 KB; a request
 * that is logged takes 100 bytes. */
#define FILES_BYTES     UINT64_C(2000000)
#define SECOND_BYTES    UINT64_C(12000)
#define SAMPLES_BYTES   UINT64_C(28000)
#define LOG_ROW_BYTES   UINT64_C(100)
#define LENGTH_LEAST_NS (60 * NS_PER_S) /* assumed of a plan that has no length */

static uint64_t wanted_bytes(const struct run_options *o, const struct plan *plan)
{
    const struct plan_length length = plan_length(plan);
    const uint64_t ns = length.is_least && length.ns < LENGTH_LEAST_NS ? LENGTH_LEAST_NS : length.ns;
    const uint32_t n = share_count(&plan->share);
    uint64_t bytes = FILES_BYTES + ns / NS_PER_S * (SECOND_BYTES + SAMPLES_BYTES / n);
    if (o->log != REQUEST_LOG_NONE)
        bytes += o->n_requests / n * LOG_ROW_BYTES;
    return bytes;
}

static int check_disk(const struct run_options *o, const struct plan *plan, const char *folder, struct err *e)
{
    struct statvfs disk;
    char free_text[UNITS_TEXT_BYTES], wanted_text[UNITS_TEXT_BYTES];
    if (statvfs(folder, &disk))
        return err_errno(e, ERR_FAILED, "cannot look at the disk of %s", folder);
    const uint64_t free_bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
    const uint64_t wanted = wanted_bytes(o, plan);
    if (free_bytes >= wanted || o->keep_going)
        return 0;
    return err_set(e, ERR_INPUT,
                   "the disk of %s has %s left, and the files of this run may need %s; see --local", folder,
                   units_bytes_text(free_bytes, free_text), units_bytes_text(wanted, wanted_text));
}

int preflight_check(const struct run_options *o, const struct plan *plan, const char *folder,
                    const struct engine *engine, struct err *e)
{
    return check_disk(o, plan, folder, e) || (engine && engine_probe(engine, e)) ? -1 : 0;
}

/* mpirun binds a rank to one processor unless it is told otherwise. */
static void warn_of_processors(const struct plan *plan, json_t **out)
{
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed))
        return;
    const int n = CPU_COUNT(&allowed);
    if (n > 0 && (uint32_t)n < plan->n_threads)
        json_tree_append(
            out, json_sprintf("%u threads may use %d processor%s only: start mpirun with --bind-to none",
                              plan->n_threads, n, n > 1 ? "s" : ""));
}

json_t *preflight_warnings(const struct plan *plan)
{
    json_t *out = json_array();
    warn_of_processors(plan, &out);
    return out;
}

#include "recorder.h"

#include "dns_rows.h"
#include "plan.h"
#include "recorder_state.h"
#include "remote_rows.h"
#include "run_json.h"

static void write_final_files(struct recorder *r, enum recorder_end end, uint64_t end_ns)
{
    char path[PATH_MAX];
    struct err e;
    const struct recorder_params *p = &r->params;
    if (dns_rows_write(run_folder_file(&r->folder, "dns.csv", path), p->dns, r->t0_monotonic_ns, &e))
        run_folder_note(&r->folder, &e);
    if (remote_rows_write(run_folder_file(&r->folder, "remotes.csv", path), p->plan, r->run, &r->remotes,
                          r->scratch, &e))
        run_folder_note(&r->folder, &e);
    if (run_json_write(r, end, end_ns, &e))
        run_folder_note(&r->folder, &e);
    run_folder_close(&r->folder);
    run_folder_point_latest(&r->folder);
}

int recorder_finish(struct recorder *r, enum recorder_end end, uint64_t end_ns, struct err *e)
{
    recorder_write_rest(r, end_ns);
    write_final_files(r, end, end_ns);
    if (r->folder.failure.kind != ERR_NONE) {
        *e = r->folder.failure;
        return -1;
    }
    return end == RECORDER_INTERRUPTED ? EXIT_CODE_INTERRUPTED
           : end == RECORDER_FAILED    ? EXIT_CODE_FAILED
                                       : EXIT_CODE_DONE;
}

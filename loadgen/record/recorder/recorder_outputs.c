#include "recorder_outputs.h"

#include "err.h"
#include "json_out.h"
#include "recorder_state.h"
#include "run_json_write.h"
#include "run_object.h"
#include "verdict.h"

static int write_json(const struct recorder *r, const struct recorder_ending *ending,
                      const struct verdict *verdict, const struct derived_run *run, struct err *e)
{
    json_t *tree = run_json_tree(r, ending, verdict);
    const struct run_object object = { .run = tree,
                                       .derived = run,
                                       .claims = verdict->claims,
                                       .folder = run_folder_is_kept(&r->folder) ? r->folder.path : NULL };
    json_t *root = tree && verdict->claims ? run_object_json(&object) : NULL;
    const int status =
        root ? json_out_write(stdout, root) : err_set(e, ERR_FAILED, "out of memory for the JSON");
    json_decref(root);
    json_decref(tree);
    if (status == 0 && fflush(stdout) == 0)
        return 0;
    return root ? err_errno(e, ERR_FAILED, "cannot write the JSON to stdout") : -1;
}

int recorder_outputs_write(const struct recorder *r, const struct recorder_ending *ending,
                           const struct verdict *verdict, const struct derived_run *run, struct err *e)
{
    return r->params.outputs.json ? write_json(r, ending, verdict, run, e) : 0;
}

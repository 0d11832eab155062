#include "recorder_outputs.h"

#include "err.h"
#include "files.h"
#include "json_out.h"
#include "recorder_state.h"
#include "recorder_summary.h"
#include "run_json_write.h"
#include "run_object.h"
#include "summary.h"
#include "verdict.h"

#include <errno.h>
#include <string.h>

static int write_json(const struct recorder *r, const struct recorder_ending *ending,
                      const struct verdict *verdict, const struct derived_run *run, struct err *e)
{
    json_t *tree = run_json_tree(r, ending, verdict);
    const struct run_object object = { .run = tree,
                                       .derived = run,
                                       .claims = verdict->claims,
                                       .folder = run_folder_is_kept(&r->folder) ? r->folder.path : NULL };
    json_t *root = tree && verdict->claims ? run_object_json(&object) : NULL;
    const int status = root ? 0 : err_set(e, ERR_FAILED, "out of memory for the JSON");
    json_out_write(stdout, root);
    json_decref(root);
    json_decref(tree);
    return status;
}

struct form {
    struct recorder *r;
    const struct recorder_ending *ending;
    const struct verdict *verdict;
    const struct derived_run *run;
    recorder_summary_fn *print;
};

static int fill(FILE *out, const void *payload)
{
    const struct form *f = payload;
    errno = ENOMEM; /* unless writing fails */
    return recorder_summary(f->r, f->ending, f->verdict, f->run, f->print, out);
}

static int write_form(const char *path, const struct form *form, struct err *e)
{
    if (strcmp(path, "-") != 0)
        return files_fill(path, 0644, fill, form, e);
    return fill(stdout, form) && !ferror(stdout) ? err_errno(e, ERR_FAILED, "cannot write the summary") : 0;
}

int recorder_outputs_write(struct recorder *r, const struct recorder_ending *ending,
                           const struct verdict *verdict, const struct derived_run *run, struct err *e)
{
    const struct recorder_outputs *o = &r->params.outputs;
    const struct form junit = { r, ending, verdict, run, summary_junit },
                      markdown = { r, ending, verdict, run, summary_markdown };
    int status = 0;
    if (o->junit_file)
        status |= write_form(o->junit_file, &junit, e);
    if (o->markdown_file)
        status |= write_form(o->markdown_file, &markdown, e);
    if (o->json)
        status |= write_json(r, ending, verdict, run, e);
    return status;
}

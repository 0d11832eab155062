#include "summary_outputs.h"

#include "err.h"
#include "export.h"
#include "files.h"
#include "summary_input.h"

#include <errno.h>
#include <string.h>

static bool is_stdout(const char *file)
{
    return file && strcmp(file, "-") == 0;
}

static int n_on_stdout(const struct summary_outputs *o)
{
    return o->json + is_stdout(o->junit_file) + is_stdout(o->markdown_file);
}

bool summary_outputs_use_stdout(const struct summary_outputs *o)
{
    return n_on_stdout(o) > 0;
}

int summary_outputs_check(const struct summary_outputs *o, struct err *e)
{
    return n_on_stdout(o) > 1
               ? err_set(e, ERR_INPUT, "only one of --json, --junit - and --markdown - can have stdout")
               : 0;
}

struct form {
    const struct summary *summary;
    int (*print)(const struct summary *s, FILE *out);
};

static int fill(FILE *out, const void *payload)
{
    const struct form *f = payload;
    errno = ENOMEM; /* unless writing fails */
    return f->print(f->summary, out);
}

static int write_form(const char *path, const struct form *form, struct err *e)
{
    if (!is_stdout(path))
        return files_fill(path, 0644, fill, form, e);
    return fill(stdout, form) && !ferror(stdout) ? err_errno(e, ERR_FAILED, "cannot write the summary") : 0;
}

int summary_outputs_write(const struct summary_outputs *o, const struct dataset *data, struct err *e)
{
    struct summary_input in;
    int status = summary_input_init(&in, data, e);
    const struct form junit = { &in.summary, summary_junit }, markdown = { &in.summary, summary_markdown };
    if (status == 0 && o->junit_file)
        status = write_form(o->junit_file, &junit, e);
    if (status == 0 && o->markdown_file)
        status = write_form(o->markdown_file, &markdown, e);
    if (status == 0 && o->json)
        status = export_json(stdout, data, e);
    summary_input_fini(&in);
    return status;
}

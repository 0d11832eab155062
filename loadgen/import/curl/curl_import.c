#include "curl_import.h"

#include "draft.h"
#include "draft_write.h"
#include "err.h"

#include <string.h>

static int read_command(const struct import_job *job, struct draft *d, struct err *e)
{
    const char *url = job->n_words > 0 ? job->words[job->n_words - 1] : "";
    const char *host = strstr(url, "://");
    if (!host)
        return err_set(e, ERR_INPUT, "the command has no URL");
    const size_t origin = strcspn(host + 3, "/?#") + (size_t)(host + 3 - url);
    const char *copy = arena_copy(&d->arena, url, origin, e);
    struct draft_stream *s = copy ? draft_stream_of(d, copy, e) : NULL;
    struct draft_step *step = s ? draft_add_step(d, s, e) : NULL;
    if (!step)
        return -1;
    step->path = arena_text(&d->arena, url[origin] == '/' ? url + origin : "/", e);
    step->name = "request";
    return step->path ? 0 : -1;
}

int curl_import(const struct import_job *job, FILE *out, struct err *e)
{
    struct draft d = { 0 };
    int status = import_job_begin(job, &d, e);
    if (status == 0)
        status = read_command(job, &d, e);
    if (status == 0)
        status = draft_write(&d, job->output, out, e);
    draft_fini(&d);
    return status;
}

#include "postman_import.h"

#include "any_json.h"
#include "draft.h"
#include "draft_names.h"
#include "draft_write.h"
#include "err.h"
#include "json_member.h"
#include "postman_request.h"
#include "postman_script.h"
#include "postman_words.h"
#include "request.h"
#include "url_parts.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES_MOST = 64 * 1024 * 1024, FOLDERS_MOST = 16 };

struct reading {
    struct draft draft;
    struct postman_words words;
    struct draft_stream *stream; /* of the first request's origin; NULL: there was none yet */
    const char *origin;
    size_t n_foreign, n_beyond;
};

/* The URL with a placeholder for a host that is not known. */
static const char *known_url(struct reading *r, const char *url, struct err *e)
{
    const char *authority = strstr(url, "://");
    const char *host = authority ? authority + 3 : url;
    const size_t word = words_length(host);
    if (word == 0)
        return url;
    if (draft_note(&r->draft, e, "the host %.*s is not known: put it into `target`", (int)word, host))
        return NULL;
    return arena_format(&r->draft.arena, e, "http://127.0.0.1:8080%s", host + word);
}

/* A new step of the session; NULL with `e` untouched: the request is none of it. */
static struct draft_step *add_step(struct reading *r, const struct url_parts *parts, struct err *e)
{
    if (!r->origin) {
        r->origin = parts->origin;
        if (!(r->stream = draft_stream_of(&r->draft, parts->origin, e)))
            return NULL;
        r->stream->is_session = r->stream->needs_cookies = true;
    }
    if (strcmp(parts->origin, r->origin) != 0) {
        r->n_foreign++;
        return NULL;
    }
    if (r->stream->n_steps == DRAFT_STEPS_MOST) {
        r->n_beyond++;
        return NULL;
    }
    struct draft_step *s = draft_add_step(&r->draft, r->stream, e);
    if (s)
        s->path = parts->path;
    return s;
}

static int read_request(struct reading *r, const json_t *item, const char *folder, const json_t *auth,
                        struct err *e)
{
    const json_t *request = json_object_get(item, "request");
    const char *label = json_member_text(item, "name");
    const char *url = postman_request_url(&r->words, request, e);
    const char *known = url ? known_url(r, url, e) : NULL;
    const char *name = arena_format(&r->draft.arena, e, "%s%s%s", folder, *folder ? " " : "", label);
    struct url_parts parts;
    if (!known || !name)
        return -1;
    const char *method = json_member_text(request, "method");
    if ((*method && request_check_method(method, e)) ||
        url_parts_read(&parts, &r->draft.arena, known, false, e))
        return e->kind == ERR_INPUT ? draft_note(&r->draft, e, "%.100s: %.300s", label, e->text) : -1;
    e->kind = ERR_NONE;
    struct draft_step *s = add_step(r, &parts, e);
    if (!s)
        return e->kind == ERR_NONE ? 0 : -1;
    return draft_names_step(&r->draft, r->stream, s, name, e) ||
                   postman_request_fill(&r->words, s, request, auth, e) ||
                   postman_script_read(&r->words, r->stream, s, item, e)
               ? -1
               : 0;
}

/* The requests of a folder, and of those in it, in their order. */
static int read_items(struct reading *r, const json_t *items, const char *folder, const json_t *auth,
                      unsigned depth, struct err *e)
{
    size_t i;
    const json_t *item;
    json_array_foreach(items, i, item)
    {
        const json_t *request = json_object_get(item, "request");
        const json_t *own = json_object_get(request ? request : item, "auth");
        const json_t *inner = json_object_get(item, "item");
        const json_t *used = json_is_object(own) ? own : auth;
        int status = 0;
        if (request)
            status = read_request(r, item, folder, used, e);
        else if (inner && depth < FOLDERS_MOST)
            status = read_items(r, inner, json_member_text(item, "name"), used, depth + 1, e);
        if (status)
            return -1;
    }
    return 0;
}

static int read_collection(struct reading *r, const json_t *root, struct err *e)
{
    const json_t *events = json_object_get(root, "event");
    if (json_array_size(events) > 0 && draft_note(&r->draft, e, "scripts of the collection itself"))
        return -1;
    return postman_words_add(&r->words, json_object_get(root, "variable"), e) ||
                   read_items(r, json_object_get(root, "item"), "", json_object_get(root, "auth"), 0, e)
               ? -1
               : 0;
}

static int add_notes(struct reading *r, struct err *e)
{
    if (r->n_foreign > 0 && draft_note(&r->draft, e, "requests to other origins: %zu", r->n_foreign))
        return -1;
    if (r->n_beyond > 0)
        return draft_note(&r->draft, e, "requests beyond the %d steps that a session may have: %zu",
                          DRAFT_STEPS_MOST, r->n_beyond);
    return 0;
}

static json_t *load(const char *file, struct err *e)
{
    char *text;
    size_t length;
    if (import_job_read(file, FILE_BYTES_MOST, &text, &length, e))
        return NULL;
    json_t *root = any_json_parse(import_job_file_name(file), text, length, e);
    free(text);
    return root;
}

/* Environments come first, whatever their place: collections use their values. */
static int read_files(struct reading *r, const struct import_job *job, json_t *const *roots, struct err *e)
{
    bool has_collection = false;
    for (size_t i = 0; i < job->n_files; i++)
        has_collection = has_collection || json_is_array(json_object_get(roots[i], "item"));
    if (!has_collection)
        return err_set(e, ERR_INPUT, "%s: this is no Postman collection: it has no 'item'",
                       import_job_file_name(job->files[0]));
    for (size_t i = 0; i < job->n_files; i++)
        if (json_is_array(json_object_get(roots[i], "item")) && read_collection(r, roots[i], e))
            return -1;
    return add_notes(r, e);
}

static int import_roots(struct reading *r, const struct import_job *job, json_t **roots, FILE *out,
                        struct err *e)
{
    if (import_job_begin(job, &r->draft, e))
        return -1;
    r->words.draft = &r->draft;
    for (size_t i = 0; i < job->n_files; i++) {
        if (!(roots[i] = load(job->files[i], e)))
            return -1;
        if (postman_words_add(&r->words, json_object_get(roots[i], "values"), e))
            return -1;
    }
    return read_files(r, job, roots, e) || draft_write(&r->draft, job->output, out, e) ? -1 : 0;
}

int postman_import(const struct import_job *job, FILE *out, struct err *e)
{
    struct reading r = { 0 };
    json_t **roots = calloc(job->n_files, sizeof *roots);
    const int status = roots ? import_roots(&r, job, roots, out, e) : plan_out_of_memory(e);
    for (size_t i = 0; roots && i < job->n_files; i++)
        json_decref(roots[i]);
    free(roots);
    draft_fini(&r.draft);
    return status;
}

#include "openapi_import.h"

#include "any_json.h"
#include "draft.h"
#include "draft_names.h"
#include "draft_write.h"
#include "err.h"
#include "json_member.h"
#include "openapi_doc.h"
#include "openapi_link.h"
#include "openapi_operation.h"
#include "url_parts.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES_MOST = 64 * 1024 * 1024, OPERATIONS_MOST = 2000, GIVEN_MOST = 32 };

struct reading {
    struct draft draft;
    const json_t *root;
    const char *origin;
    struct openapi_operation *operations;
    size_t n;
    struct openapi_links links;
};

static int check_version(const char *file, const json_t *root, struct err *e)
{
    const json_t *version = json_object_get(root, "openapi");
    if (json_object_get(root, "swagger"))
        return err_set(e, ERR_INPUT, "%s: this is Swagger 2; convert it to OpenAPI 3 first", file);
    const bool is_3 = json_is_string(version)
                          ? json_string_value(version)[0] == '3'
                          : json_number_value(version) >= 3 && json_number_value(version) < 4;
    return is_3 ? 0
                : err_set(e, ERR_INPUT, "%s: this is no OpenAPI 3 description: 'openapi: 3...' is missing",
                          file);
}

/* The URL of a server with the defaults of its variables in it. */
static const char *server_url(struct reading *r, const json_t *server, struct err *e)
{
    const char *url = json_member_text(server, "url"), *name;
    json_t *variable;
    json_object_foreach(json_object_get(server, "variables"), name, variable)
    {
        const char *word = arena_format(&r->draft.arena, e, "{%s}", name);
        const char *at = word && url ? strstr(url, word) : NULL;
        if (at)
            url = arena_format(&r->draft.arena, e, "%.*s%s%s", (int)(at - url), url,
                               json_member_text(variable, "default"), at + strlen(word));
        if (!url)
            return NULL;
    }
    return url;
}

static int read_server(struct reading *r, const char *file, struct err *e)
{
    struct url_parts parts;
    struct arena *a = &r->draft.arena;
    const char *url = server_url(r, json_array_get(json_object_get(r->root, "servers"), 0), e);
    if (!url)
        return -1;
    const bool is_whole = strstr(url, "://") != NULL;
    if (!is_whole && draft_note(&r->draft, e, "servers: no host is given; put it into `target`"))
        return -1;
    const char *whole =
        is_whole ? url : arena_format(a, e, "http://127.0.0.1:8080%s", *url == '/' ? url : "");
    if (!whole)
        return -1;
    if (url_parts_read(&parts, a, whole, false, e))
        return err_prefix(e, "%s: servers", file);
    size_t n = strcspn(parts.path, "?");
    while (n > 0 && parts.path[n - 1] == '/')
        n--;
    r->origin = arena_format(a, e, "%s%.*s", parts.origin, (int)n, parts.path);
    return r->origin ? 0 : -1;
}

static int add_operation(struct reading *r, const char *path, const json_t *item, const char *method,
                         struct err *e)
{
    char name[8];
    const json_t *object = json_object_get(item, method);
    if (!json_is_object(object) || r->n == OPERATIONS_MOST)
        return 0;
    struct openapi_operation *op = arena_more(&r->draft.arena, &r->operations, r->n, sizeof *op, e);
    if (!op)
        return -1;
    size_t i = 0;
    for (; method[i]; i++)
        name[i] = (char)(method[i] - 'a' + 'A');
    name[i] = '\0';
    const json_t *tag = json_array_get(json_object_get(object, "tags"), 0);
    *op = (struct openapi_operation){ .id = json_member_text(object, "operationId"),
                                      .method = arena_text(&r->draft.arena, name, e),
                                      .path = path,
                                      .tag = json_is_string(tag) ? json_string_value(tag) : "",
                                      .object = object,
                                      .item = item };
    r->n++;
    return op->method ? 0 : -1;
}

/* What makes something comes before what reads, changes and removes it. */
static int read_paths(struct reading *r, struct err *e)
{
    static const char *const methods[] = { "post", "get", "head", "options", "put", "patch", "delete" };
    const char *path;
    json_t *value;
    json_object_foreach(json_object_get(r->root, "paths"), path, value)
    {
        const json_t *item = openapi_resolve(r->root, value);
        for (size_t i = 0; *path == '/' && i < sizeof methods / sizeof *methods; i++)
            if (add_operation(r, path, item, methods[i], e))
                return -1;
    }
    return 0;
}

/* The stream of the operation's tag that has room, so that a large API becomes several sessions. */
static struct draft_stream *stream_of(struct reading *r, const struct openapi_operation *op, bool is_one,
                                      struct err *e)
{
    struct draft *d = &r->draft;
    const char *tag = is_one ? d->name : *op->tag ? op->tag : d->name;
    for (size_t i = 0; i < d->n_streams; i++)
        if (strcmp(d->streams[i].group, tag) == 0 && d->streams[i].n_steps < DRAFT_STEPS_MOST)
            return &d->streams[i];
    return draft_add_stream(d, r->origin, tag, e);
}

/* Captures of the steps that are in the stream already, for the operation's parameters. */
static int add_captures(struct reading *r, struct draft_stream *s, size_t operation,
                        const size_t *stream_of_op, const size_t *step_of_op, struct openapi_given *given,
                        size_t *n, struct err *e)
{
    const size_t here = (size_t)(s - r->draft.streams);
    for (size_t i = 0; i < r->links.n && *n < GIVEN_MOST; i++) {
        const struct openapi_link *l = &r->links.items[i];
        if (l->to != operation || step_of_op[l->from] == SIZE_MAX || stream_of_op[l->from] != here)
            continue;
        struct draft_step *from = &s->steps[step_of_op[l->from]];
        bool is_there = false;
        for (size_t k = 0; k < from->n_captures; k++)
            is_there = is_there || strcmp(from->captures[k].variable, l->variable) == 0;
        if (!is_there && draft_add_capture(&r->draft, from, l->variable, l->source, l->place, e))
            return -1;
        given[(*n)++] = (struct openapi_given){ l->parameter, l->variable };
    }
    return 0;
}

static int add_steps(struct reading *r, struct err *e)
{
    struct arena *a = &r->draft.arena;
    size_t *order = arena_take(a, (r->n + 1) * sizeof *order, e);
    size_t *stream = arena_take(a, (r->n + 1) * sizeof *stream, e);
    size_t *step = arena_take(a, (r->n + 1) * sizeof *step, e);
    bool *is_seen = arena_take(a, r->n + 1, e);
    if (!order || !stream || !step || !is_seen)
        return -1;
    openapi_links_order(&r->links, r->n, order, is_seen);
    for (size_t i = 0; i < r->n; i++)
        step[i] = SIZE_MAX;
    for (size_t i = 0; i < r->n; i++) {
        struct openapi_given given[GIVEN_MOST];
        size_t n_given = 0;
        struct draft_stream *s = stream_of(r, &r->operations[order[i]], r->n <= DRAFT_STEPS_MOST, e);
        if (!s)
            return e->kind == ERR_NONE ? 0 : -1;
        s->is_session = true;
        if (add_captures(r, s, order[i], stream, step, given, &n_given, e) ||
            openapi_operation_add(&r->draft, s, r->root, &r->operations[order[i]], given, n_given, e))
            return -1;
        stream[order[i]] = (size_t)(s - r->draft.streams);
        step[order[i]] = s->n_steps - 1;
    }
    return 0;
}

static int read_root(struct reading *r, const char *file, struct err *e)
{
    e->kind = ERR_NONE;
    return check_version(file, r->root, e) || read_server(r, file, e) || read_paths(r, e) ||
                   openapi_links_read(&r->links, &r->draft, r->root, r->operations, r->n, e) ||
                   add_steps(r, e)
               ? -1
               : 0;
}

/* The draft borrows texts of the tree until it is written. */
static int import_text(struct reading *r, const struct import_job *job, const char *text, size_t length,
                       FILE *out, struct err *e)
{
    const char *name = import_job_file_name(job->files[0]);
    json_t *root = any_json_parse(name, text, length, e);
    if (!root)
        return -1;
    r->root = root;
    int status = import_job_begin(job, &r->draft, e);
    if (status == 0)
        status = read_root(r, name, e);
    if (status == 0)
        status = draft_write(&r->draft, job->output, out, e);
    draft_fini(&r->draft);
    json_decref(root);
    return status;
}

int openapi_import(const struct import_job *job, FILE *out, struct err *e)
{
    struct reading r = { 0 };
    char *text;
    size_t length;
    if (job->n_files > 1)
        return err_set(e, ERR_INPUT, "give one description; references to other files are not followed");
    if (import_job_read(job->files[0], FILE_BYTES_MOST, &text, &length, e))
        return -1;
    const int status = import_text(&r, job, text, length, out, e);
    free(text);
    return status;
}

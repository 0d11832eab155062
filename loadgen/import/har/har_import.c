#include "har_import.h"

#include "base64.h"
#include "draft.h"
#include "draft_write.h"
#include "err.h"
#include "har_course.h"
#include "har_entry.h"
#include "har_html.h"
#include "har_stream.h"
#include "har_values.h"
#include "json_member.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct reading {
    struct draft draft;
    struct har_values *values;
    struct har_entry *entries; /* the draft's */
    size_t n;
};

/* The answer's body as text, owned; NULL: there is none, or it is no text. */
static char *answer_text(const json_t *content)
{
    const json_t *text = json_object_get(content, "text");
    const size_t length = json_string_length(text);
    if (!json_is_string(text))
        return NULL;
    char *bytes = malloc(length + 1);
    size_t n = length;
    if (!bytes)
        return NULL;
    memcpy(bytes, json_string_value(text), length + 1);
    if (strcmp(json_member_text(content, "encoding"), "base64") == 0 &&
        base64_decode(json_string_value(text), length, (uint8_t *)bytes, &n))
        n = 0;
    bytes[n] = '\0';
    return bytes;
}

/* What later requests may send back. */
static int read_values(struct reading *r, const struct har_entry *x, const json_t *response, struct err *e)
{
    const json_t *content = json_object_get(response, "content");
    const char *type = json_member_text(content, "mimeType");
    size_t i;
    const json_t *header;
    json_array_foreach(json_object_get(response, "headers"), i,
                       header) if (har_values_add_header(r->values, x->number,
                                                         json_member_text(header, "name"),
                                                         json_member_text(header, "value"), e)) return -1;
    char *text = strcasestr(type, "json") || strcasestr(type, "html") ? answer_text(content) : NULL;
    json_t *tree = text && strcasestr(type, "json") ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;
    int status = tree ? har_values_add_json(r->values, x->number, tree, e) : 0;
    if (status == 0 && text && strcasestr(type, "html"))
        status = har_html_add(r->values, x->number, text, e);
    json_decref(tree);
    free(text);
    return status;
}

static int read_entry(struct reading *r, const char *file, const json_t *entry, struct err *e)
{
    struct har_entry *x = arena_more(&r->draft.arena, &r->entries, r->n, sizeof *x, e);
    const char *place = arena_format(&r->draft.arena, e, "%s: entry %zu", file, r->n + 1);
    if (!x || !place)
        return -1;
    x->number = r->n++;
    if (har_entry_read(x, &r->draft, place, entry, e))
        return -1;
    return x->kind == HAR_PAGE ? read_values(r, x, json_object_get(entry, "response"), e) : 0;
}

static int read_stream(struct reading *r, FILE *in, const char *file, struct err *e)
{
    struct har_stream s;
    int found;
    har_stream_begin(&s, in, file);
    while ((found = har_stream_next(&s, e)) > 0) {
        json_error_t wrong;
        json_t *entry =
            json_loadb(s.entry, s.length_bytes, JSON_ALLOW_NUL, &wrong); /* bodies hold any byte */
        found = entry ? read_entry(r, file, entry, e)
                      : err_set(e, ERR_INPUT, "%s: entry %zu is no JSON: %.200s", file, r->n + 1, wrong.text);
        json_decref(entry);
        if (found)
            break;
    }
    if (found == 0 && s.n_too_large > 0)
        found = draft_note(&r->draft, e, "%s: %ju entries of more than %d MiB", file,
                           (uintmax_t)s.n_too_large, HAR_ENTRY_BYTES_MOST >> 20);
    har_stream_fini(&s);
    return found;
}

static int read_file(struct reading *r, const char *file, struct err *e)
{
    const char *name = import_job_file_name(file);
    FILE *in = strcmp(file, "-") == 0 ? stdin : fopen(file, "re");
    if (!in)
        return err_errno(e, ERR_INPUT, "cannot open %s", file);
    const int status = read_stream(r, in, name, e);
    if (in != stdin)
        fclose(in);
    return status;
}

int har_import(const struct import_job *job, FILE *out, struct err *e)
{
    struct reading r = { .values = calloc(1, sizeof *r.values) };
    if (!r.values)
        return plan_out_of_memory(e);
    r.values->arena = &r.draft.arena;
    int status = import_job_begin(job, &r.draft, e);
    for (size_t i = 0; status == 0 && i < job->n_files; i++)
        status = read_file(&r, job->files[i], e);
    if (status == 0)
        status = har_course(&r.draft, r.entries, r.n, r.values, e);
    if (status == 0)
        status = draft_write(&r.draft, job->output, out, e);
    free(r.values);
    draft_fini(&r.draft);
    return status;
}

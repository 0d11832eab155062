/* Streams that send recorded requests: what they add to each, and their phases. */
#include "err.h"
#include "phase.h"
#include "recording.h"
#include "scenario_fields.h"
#include "scenario_parts.h"
#include "text_out.h"

#include <stdlib.h>
#include <string.h>

#define MAY_ADD "'request' may add 'headers', 'cookies' and 'basic_auth'"

static int read_head(const struct scenario_reader *r, const struct plan_stream *s,
                     const struct yaml_node *request, struct request_builder *b, struct err *e)
{
    struct scenario_message added = { 0 };
    const char *const allowed[] = { "headers", "cookies", "basic_auth" };
    if (request_begin(b, plan_target_of(r->plan, s), NULL, "GET", "/", e))
        return -1;
    if (!request)
        return 0;
    if (request->kind != YAML_MAP)
        return yaml_mistake(&r->file, request, e, "recorded requests have paths of their own; " MAY_ADD);
    for (const struct yaml_node *value = request->first; value; value = value->next) {
        size_t i = 0;
        while (i < sizeof allowed / sizeof *allowed && strcmp(allowed[i], value->key->text) != 0)
            i++;
        if (i == sizeof allowed / sizeof *allowed)
            return yaml_mistake(
                &r->file, value->key, e,
                "'%.64s' does not go with recorded requests, which are sent as recorded; " MAY_ADD,
                value->key->text);
    }
    added.headers = yaml_find(request, "headers");
    added.cookies = yaml_find(request, "cookies");
    added.basic_auth = yaml_find(request, "basic_auth");
    if (scenario_add_head(r, b, &added, e))
        return -1;
    return template_is_made(&b->headers, 0)
               ? yaml_mistake(
                     &r->file, request, e,
                     "what is added to recorded requests is the same for all of them, so it must not "
                     "hold {words}")
               : 0;
}

/* The header lines as they are sent, or as people see them; owned, NULL when memory is short. */
static char *head_text(const struct template *head, bool is_shown)
{
    struct text_out out;
    const bool has_memory = text_out_begin(&out);
    for (size_t i = 0; has_memory && i < head->n; i++)
        if (is_shown && head->pieces[i].kind == PLAN_PIECE_SECRET)
            fputs("(given)", out.file);
        else
            fwrite(head->pieces[i].text, 1, head->pieces[i].length_bytes, out.file);
    return text_out_end(&out);
}

int scenario_read_recorded(const struct scenario_reader *r, struct plan_stream *s,
                           const struct yaml_node *request, struct err *e)
{
    struct request_builder b = { 0 };
    int status = read_head(r, s, request, &b, e);
    if (status == 0) {
        char *head = head_text(&b.headers, false), *shown = head_text(&b.headers, true);
        s->recording = head && shown ? recording_new(plan_target_of(r->plan, s), head, shown,
                                                     s->requests_per_connection == 1)
                                     : NULL;
        status = s->recording ? 0 : plan_out_of_memory(e);
        free(head);
        free(shown);
    }
    request_abandon(&b);
    return status;
}

int scenario_read_replay(const struct scenario_reader *r, struct plan_stream *s, const struct yaml_node *node,
                         const struct scenario_replay *raw, struct err *e)
{
    struct plan_phase *phase = &s->phases[s->n_phases];
    const struct recording_wish wish = { .speed = raw->speed,
                                         .skip_ns = raw->skip_ns,
                                         .duration_ns = phase->duration_ns };
    char *path = scenario_file_path(r, raw->file);
    if (!path)
        return plan_out_of_memory(e);
    struct recording_part *part = recording_scan(s->recording, r->overrides->inputs, path, &wish, e);
    free(path);
    if (!part)
        return yaml_place(&r->file, yaml_find(node, "replay"), e);
    phase_set_replay(phase, part);
    return 0;
}

#include "draft_step_write.h"

#include "units.h"

#include <string.h>

static void put_fields(struct yaml_out *y, const char *key, const struct draft_fields *f)
{
    if (f->n == 0)
        return;
    yaml_out_open(y, key);
    for (size_t i = 0; i < f->n; i++)
        yaml_out_text(y, f->items[i].name, f->items[i].value);
    yaml_out_end(y);
}

static void put_json(FILE *out, const json_t *value);

static void put_members(FILE *out, const json_t *object)
{
    const char *key;
    json_t *member;
    const char *between = " ";
    fputc('{', out);
    json_object_foreach((json_t *)object, key, member)
    {
        fputs(between, out);
        yaml_out_scalar(out, key);
        fputs(": ", out);
        put_json(out, member);
        between = ", ";
    }
    fputs(" }", out);
}

/* JSON in YAML's flow style. */
static void put_json(FILE *out, const json_t *value)
{
    size_t i;
    json_t *item;
    if (json_is_object(value))
        put_members(out, value);
    else if (json_is_array(value)) {
        fputc('[', out);
        json_array_foreach(value, i, item)
        {
            fputs(i > 0 ? ", " : "", out);
            put_json(out, item);
        }
        fputc(']', out);
    } else if (json_is_string(value))
        yaml_out_scalar(out, json_string_value(value));
    else
        json_dumpf(value, out, JSON_ENCODE_ANY);
}

static void put_body(const struct draft_step *s, struct yaml_out *y)
{
    switch (s->body) {
    case DRAFT_NO_BODY:
        break;
    case DRAFT_TEXT:
        yaml_out_text(y, "body", s->text);
        break;
    case DRAFT_JSON:
        yaml_out_begin_value(y, "json");
        put_json(y->file, s->json);
        fputc('\n', y->file);
        break;
    case DRAFT_FORM:
        put_fields(y, "form", &s->form);
        break;
    case DRAFT_FILE:
        yaml_out_text(y, "body_file", s->text);
        break;
    }
}

/* `capture: { token: { json: $.token } }`. */
static void put_captures(const struct draft_step *s, struct yaml_out *y)
{
    if (s->n_captures == 0)
        return;
    yaml_out_open(y, "capture");
    for (size_t i = 0; i < s->n_captures; i++) {
        yaml_out_open(y, s->captures[i].variable);
        yaml_out_text(y, s->captures[i].source, s->captures[i].place);
        yaml_out_end(y);
    }
    yaml_out_end(y);
}

static void put_course(const struct draft_step *s, struct yaml_out *y)
{
    char text[UNITS_TEXT_BYTES];
    if (s->n_follow > 0)
        yaml_out_count(y, "follow", s->n_follow);
    if (s->status > 0) {
        yaml_out_open(y, "expect");
        yaml_out_count(y, "status", s->status);
        yaml_out_end(y);
    }
    put_captures(s, y);
    if (s->think_ns > 0)
        yaml_out_word(y, "think", units_duration_exact(s->think_ns, text));
}

void draft_step_write(const struct draft_step *s, bool is_step, struct yaml_out *y)
{
    if (s->remark)
        yaml_out_comment(y, s->remark);
    if (is_step)
        yaml_out_text(y, "name", s->name);
    if (strcmp(s->method, "GET") != 0)
        yaml_out_text(y, "method", s->method);
    yaml_out_text(y, "path", s->path);
    put_fields(y, "headers", &s->headers);
    put_body(s, y);
    if (is_step)
        put_course(s, y);
}

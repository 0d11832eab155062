/* The body of a request: a text, a file, or a map that becomes JSON or a form. A map becomes the text of a
 * template: what is fixed is escaped here, {words} are escaped when their values are known. */
#include "err.h"
#include "input_files.h"
#include "scenario_parts.h"
#include "text_out.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODY_BYTES_MOST = 64 * 1024 * 1024 };

/* Writes the text with `put` for each fixed byte; words and doubled braces stay as they are. */
static void put_template(const char *text, void (*put)(unsigned char byte, FILE *out), FILE *out)
{
    while (*text) {
        const size_t word = *text == '{' ? template_word_length(text) : 0;
        if (word > 0) {
            fwrite(text, 1, word + 2, out);
            text += word + 2;
        } else if (*text == '{') {
            put('{', out);
            text += text[1] == '{' ? 2 : 1;
        } else {
            put((unsigned char)*text++, out);
        }
    }
}

static void put_json_byte(unsigned char byte, FILE *out)
{
    if (byte == '"' || byte == '\\')
        fprintf(out, "\\%c", byte);
    else if (byte < ' ')
        fprintf(out, "\\u%04x", byte);
    else if (byte == '{')
        fputs("{{", out);
    else
        putc(byte, out);
}

static void put_form_byte(unsigned char byte, FILE *out)
{
    if (isalnum(byte) || strchr("*-._", byte))
        putc(byte, out);
    else if (byte == ' ')
        putc('+', out);
    else
        fprintf(out, "%%%02X", byte);
}

/* RFC 8259 section 6. */
static bool is_json_number(const char *text)
{
    text += *text == '-';
    if (*text == '0')
        text++;
    else if (isdigit((unsigned char)*text))
        text += strspn(text, "0123456789");
    else
        return false;
    if (*text == '.') {
        const size_t n = strspn(text + 1, "0123456789");
        text += n > 0 ? n + 1 : 0;
    }
    if (*text == 'e' || *text == 'E') {
        const char *digits = text + 1 + (text[1] == '+' || text[1] == '-');
        const size_t n = strspn(digits, "0123456789");
        text = n > 0 ? digits + n : text;
    }
    return *text == '\0';
}

/* Whether the text stands in JSON without quotes: a plain number, true or false, or a single word that is to
 * be a number or, as it is, any value. */
static bool is_bare(const struct yaml_node *node)
{
    const char *text = node->text;
    const size_t word = *text == '{' ? template_word_length(text) : 0;
    const char *filter = word ? memchr(text, '|', word) : NULL;
    if (filter && text[word + 2] == '\0')
        return strcmp(filter, "|number}") == 0 || strcmp(filter, "|raw}") == 0;
    return node->is_plain &&
           (strcmp(text, "true") == 0 || strcmp(text, "false") == 0 || is_json_number(text));
}

static void put_json_text(const char *text, FILE *out)
{
    putc('"', out);
    put_template(text, put_json_byte, out);
    putc('"', out);
}

static void put_json(const struct yaml_node *node, FILE *out)
{
    if (node->kind == YAML_SCALAR) {
        if (node->is_null)
            fputs("null", out);
        else if (is_bare(node))
            fputs(node->text, out);
        else
            put_json_text(node->text, out);
        return;
    }
    const bool is_map = node->kind == YAML_MAP;
    fputs(is_map ? "{{" : "[", out);
    for (const struct yaml_node *item = node->first; item; item = item->next) {
        if (item != node->first)
            putc(',', out);
        if (is_map) {
            put_json_text(item->key->text, out);
            putc(':', out);
        }
        put_json(item, out);
    }
    putc(is_map ? '}' : ']', out);
}

/* {word} without quotes is a map in YAML: a mistake that would be sent as {"word":null}. */
static int check_json(const struct yaml_file *f, const struct yaml_node *node, struct err *e)
{
    const struct yaml_node *key = node->key;
    if (key && node->is_null && key->begin_byte > 0 && f->text[key->begin_byte - 1] == '{' &&
        f->text[key->end_byte] == '}')
        return yaml_mistake(f, key, e, "{%s} needs quotes, \"{%s}\": without them it is a map", key->text,
                            key->text);
    for (const struct yaml_node *item = node->first; item; item = item->next)
        if (check_json(f, item, e))
            return -1;
    return 0;
}

static int check_form(const struct yaml_file *f, const struct yaml_node *map, struct err *e)
{
    if (map->kind != YAML_MAP)
        return fields_wrong(f, map, "a map of names and values", e);
    for (const struct yaml_node *value = map->first; value; value = value->next)
        if (value->kind != YAML_SCALAR)
            return fields_wrong(f, value, "a text", e);
    return 0;
}

static void put_form(const struct yaml_node *map, FILE *out)
{
    for (const struct yaml_node *value = map->first; value; value = value->next) {
        if (value != map->first)
            putc('&', out);
        put_template(value->key->text, put_form_byte, out);
        putc('=', out);
        put_template(value->is_null ? "" : value->text, put_form_byte, out);
    }
}

static int compose(const struct yaml_node *node, void (*put)(const struct yaml_node *node, FILE *out),
                   enum template_use use, struct request_body *body, char **owned, struct err *e)
{
    struct text_out text;
    if (text_out_begin(&text))
        put(node, text.file);
    *owned = text_out_end(&text);
    *body = (struct request_body){
        .bytes = *owned, .length_bytes = text.length_bytes, .is_template = true, .use = use
    };
    return *owned ? 0 : plan_out_of_memory(e);
}

static int read_file(const struct scenario_reader *r, const struct yaml_node *node, struct request_body *body,
                     char **owned, struct err *e)
{
    const char *name = fields_text(&r->file, node, "the name of a file", e);
    if (!name)
        return -1;
    char *path = scenario_file_path(r, name);
    const int status =
        path ? input_files_read(r->overrides->inputs, path, BODY_BYTES_MOST, owned, &body->length_bytes, e)
             : plan_out_of_memory(e);
    free(path);
    body->bytes = *owned;
    return status ? yaml_place(&r->file, node, e) : 0;
}

static int check_one(const struct yaml_file *f, const struct scenario_message *raw, struct err *e)
{
    const struct yaml_node *const all[] = { raw->body, raw->body_file, raw->json, raw->form };
    const struct yaml_node *first = NULL;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (first && all[i])
            return yaml_mistake(f, all[i]->key, e, "'%s' and '%s' exclude each other", first->key->text,
                                all[i]->key->text);
        first = first ? first : all[i];
    }
    return 0;
}

int scenario_read_body(const struct scenario_reader *r, const struct scenario_message *raw,
                       struct request_builder *b, struct request_body *body, char **owned, struct err *e)
{
    const struct yaml_file *f = &r->file;
    if (check_one(f, raw, e))
        return -1;
    if (raw->body) {
        body->bytes = fields_text(f, raw->body, "a text", e);
        body->length_bytes = raw->body->text_bytes;
        body->is_template = true;
        return body->bytes ? 0 : -1;
    }
    if (raw->body_file)
        return read_file(r, raw->body_file, body, owned, e);
    if (raw->json && raw->json->kind == YAML_SCALAR)
        return fields_wrong(f, raw->json, "a map or a list; JSON as a text goes into 'body'", e);
    if (raw->json)
        return check_json(f, raw->json, e) || compose(raw->json, put_json, TEMPLATE_JSON, body, owned, e) ||
                       request_add_content_type(b, "application/json", e)
                   ? -1
                   : 0;
    if (raw->form)
        return check_form(f, raw->form, e) || compose(raw->form, put_form, TEMPLATE_FORM, body, owned, e) ||
                       request_add_content_type(b, "application/x-www-form-urlencoded", e)
                   ? -1
                   : 0;
    return 0;
}

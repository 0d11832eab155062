/* Texts of a scenario: the paths that it names, and the whole file as run.json keeps it, without secrets. */
#include "scenario_parts.h"
#include "secret_fields.h"
#include "secret_name.h"
#include "text_out.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Keeps a copy for those who take the scenario elsewhere. */
static bool keep_file(struct plan *plan, const char *path)
{
    char **larger = realloc(plan->files, (plan->n_files + 1) * sizeof *larger);
    if (!larger)
        return false;
    plan->files = larger;
    larger[plan->n_files] = strdup(path);
    if (!larger[plan->n_files])
        return false;
    plan->n_files++;
    return true;
}

char *scenario_file_path(const struct scenario_reader *r, const char *name)
{
    const char *slash = strrchr(r->file.path, '/');
    const char *root = *name == '/' ? getenv(PLAN_FILES_ROOT_VARIABLE) : NULL;
    const char *before = root ? root : r->file.path;
    const int length = root ? (int)strlen(root) : *name != '/' && slash ? (int)(slash - r->file.path) + 1 : 0;
    char *path = malloc((size_t)length + strlen(name) + 1);
    if (!path)
        return NULL;
    memcpy(path, before, (size_t)length);
    memcpy(path + length, name, strlen(name) + 1);
    if (keep_file(r->plan, path))
        return path;
    free(path);
    return NULL;
}

struct masking {
    const char *text;
    size_t at; /* all before is written */
    FILE *out;
};

/* Writes (given) for the value's bytes. A text over several lines keeps its first indentation and last line
 * end, so that the file keeps its shape. */
static void mask(struct masking *m, const struct yaml_node *node)
{
    const char *begin = m->text + node->begin_byte;
    const char *end = m->text + node->end_byte;
    const char *last = end;
    while (last > begin && (last[-1] == ' ' || last[-1] == '\n' || last[-1] == '\r'))
        last--;
    begin += strspn(begin, " ");
    fwrite(m->text + m->at, 1, (size_t)(begin - m->text) - m->at, m->out);
    fputs("(given)", m->out);
    m->at = (size_t)(last - m->text);
}

/* Whether the value says where a session gets it from, as {token} does. */
static bool is_word(const struct yaml_node *node)
{
    return node->text_bytes > 2 && *node->text == '{' &&
           strcspn(node->text + 1, "{}\" \n") == node->text_bytes - 2 &&
           node->text[node->text_bytes - 1] == '}';
}

static bool has_secret_field(const struct yaml_node *node)
{
    struct secret_field f = { .value = node->text };
    while (secret_fields_next(node->text, node->text_bytes, f.value, &f)) {
        if (*f.value != '{')
            return true;
        f.value += f.n_bytes;
    }
    return false;
}

static bool is_member(const struct yaml_node *node, const char *key)
{
    return node && node->key && strcmp(node->key->text, key) == 0;
}

/* Names of feeds and captures and kinds of cookies are no secrets; the text that stands in for a secret
 * capture is one. */
static bool has_secret_name(const struct yaml_node *node)
{
    const struct yaml_node *parent = node->parent;
    if (!node->key || is_member(parent, "capture") ||
        (is_member(parent, "feeds") && !parent->parent->parent) ||
        (is_member(parent, "session") && is_member(node, "cookies")))
        return false;
    if (parent && is_member(parent->parent, "capture"))
        return is_member(node, "or") && secret_name_matches(parent->key->text, strlen(parent->key->text));
    return is_member(node, "basic_auth") || secret_name_matches(node->key->text, strlen(node->key->text));
}

/* Everything under a secret key is secret, at any depth (cookies hold a map). */
static void walk(struct masking *m, const struct yaml_node *node, bool is_secret)
{
    is_secret = is_secret || has_secret_name(node);
    if (node->kind == YAML_SCALAR && !node->is_null && !is_word(node) &&
        (is_secret || has_secret_field(node)))
        mask(m, node);
    for (const struct yaml_node *item = node->first; item; item = item->next)
        walk(m, item, is_secret);
}

char *scenario_masked_text(const struct yaml_file *file)
{
    struct text_out masked;
    if (text_out_begin(&masked)) {
        struct masking m = { .text = file->text, .out = masked.file };
        walk(&m, file->root, false);
        fputs(file->text + m.at, m.out);
    }
    return text_out_end(&masked);
}

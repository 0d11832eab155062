/* Texts of a scenario: the paths that it names, and the whole file as run.json keeps it, without secrets. */
#include "request.h"
#include "scenario_parts.h"
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

/* Everything under a secret key is secret, at any depth (cookies hold a map). */
static void walk(struct masking *m, const struct yaml_node *node, bool is_secret)
{
    if (node->key)
        is_secret = is_secret || strcmp(node->key->text, "basic_auth") == 0 ||
                    request_header_is_secret(node->key->text);
    if (is_secret && node->kind == YAML_SCALAR && !node->is_null)
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

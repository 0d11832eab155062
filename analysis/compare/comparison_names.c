/* What the arms of a comparison are called. */
#include "comparison_read.h"
#include "utf8.h"

#include <ctype.h>
#include <string.h>

/* A folder's name may hold what a terminal would obey. */
static void set_name(char *out, size_t out_bytes, const char *name)
{
    snprintf(out, out_bytes, "%s", name);
    utf8_trim(out);
    utf8_line(out);
}

static void rename_sample(struct sample *s, const char *name)
{
    set_name(s->label, sizeof s->label, name);
    set_name(s->series, sizeof s->series, name);
}

static void rename_arms(struct comparison *c, const char *a, const char *b)
{
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++) {
        rename_sample(&c->pairs[i].a, a);
        rename_sample(&c->pairs[i].b, c->pairs[i].is_control ? a : b);
    }
}

/* Arms of different runs may have the same style, each being the only one of its run. */
static void tell_styles_apart(struct comparison *c)
{
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++) {
        struct comparison_pair *pair = &c->pairs[i];
        if (!pair->is_control && pair->a.style == pair->b.style)
            pair->b.style = pair->a.style == 1 ? 2 : 1;
    }
}

void comparison_name_clusters(struct comparison *c)
{
    const struct comparison_pair *pair = comparison_first(c);
    tell_styles_apart(c);
    if (!pair || strcmp(pair->a.label, pair->b.label) != 0)
        return;
    const struct sample a = pair->a, b = pair->b;
    rename_arms(c, a.series, b.series);
}

/* The last part of a path, without the slashes at its end. */
static size_t find_name(const char *path, const char **name)
{
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/')
        end--;
    size_t begin = end;
    while (begin > 0 && path[begin - 1] != '/')
        begin--;
    *name = path + begin;
    return end - begin;
}

/* What all names begin with, without a number or a separator at its end; the first name if that is nothing.
 */
static void find_common(const char *const *folders, size_t n, char *out, size_t out_bytes)
{
    const char *first, *name;
    const size_t whole = find_name(folders[0], &first);
    size_t length = whole;
    for (size_t i = 1; i < n; i++) {
        const size_t most = find_name(folders[i], &name);
        size_t same = 0;
        while (same < length && same < most && name[same] == first[same])
            same++;
        length = same;
    }
    while (n > 1 && length > 0 && !isalpha((unsigned char)first[length - 1]))
        length--;
    snprintf(out, out_bytes, "%.*s", (int)(length > 0 ? length : whole), first);
}

/* Folders of one name in different places keep their paths. */
static void name_both(struct comparison *c, const char *a, const char *b, const char *path_a,
                      const char *path_b)
{
    if (strcmp(a, b) != 0)
        rename_arms(c, a, b);
    else if (strcmp(path_a, path_b) != 0)
        rename_arms(c, path_a, path_b);
}

void comparison_name_runs(struct comparison *c, const char *const *a, const char *const *b, size_t n)
{
    char name_a[sizeof(((struct sample *)0)->label)], name_b[sizeof name_a];
    const struct comparison_pair *pair = comparison_first(c);
    tell_styles_apart(c);
    if (!pair || strcmp(pair->a.label, pair->b.label) != 0)
        return;
    find_common(a, n, name_a, sizeof name_a);
    find_common(b, n, name_b, sizeof name_b);
    name_both(c, name_a, name_b, a[0], b[0]);
}

void comparison_name_folders(struct comparison *c, const char *a, const char *b)
{
    char name_a[sizeof(((struct sample *)0)->label)], name_b[sizeof name_a];
    find_common(&a, 1, name_a, sizeof name_a);
    find_common(&b, 1, name_b, sizeof name_b);
    name_both(c, name_a, name_b, a, b);
}

#include "mistakes.h"

#include "fleet.h"
#include "utf8.h"
#include "wire.h"

#include <stdlib.h>
#include <string.h>

enum {
    NAMED_MOST = 4,  /* hosts that a line names */
    LINES_MOST = 12, /* of one list: an error's text has an end */
    LINE_BYTES = 1024,
};

static struct mistake *find(struct mistakes *m, const char *text)
{
    for (size_t i = 0; i < m->n; i++)
        if (strcmp(m->list[i].text, text) == 0)
            return &m->list[i];
    struct mistake *more = realloc(m->list, (m->n + 1) * sizeof *more);
    if (!more)
        return NULL;
    m->list = more;
    more[m->n] = (struct mistake){ .text = strdup(text) };
    return more[m->n].text ? &more[m->n++] : NULL;
}

void mistakes_add(struct mistakes *m, uint32_t rank, const struct err *what)
{
    struct mistake *line = find(m, what->text);
    uint32_t *more = line ? realloc(line->ranks, (line->n_ranks + 1) * sizeof *more) : NULL;
    if (m->kind != ERR_FAILED)
        m->kind = what->kind;
    if (!more) {
        m->is_short = true;
        return;
    }
    line->ranks = more;
    more[line->n_ranks++] = rank;
}

void mistakes_fini(struct mistakes *m)
{
    for (size_t i = 0; i < m->n; i++) {
        free(m->list[i].text);
        free(m->list[i].ranks);
    }
    free(m->list);
    *m = (struct mistakes){ 0 };
}

/* "host c1, host c2 and 3 more: "; nothing for a mistake of all. */
static void print_names(const struct mistake *line, const struct fleet *f, FILE *out)
{
    char name[FLEET_NAME_BYTES];
    if (line->n_ranks == f->wire->n_ranks && line->n_ranks > 1)
        return;
    for (size_t i = 0; i < line->n_ranks && i < NAMED_MOST; i++)
        fprintf(out, "%shost %s", i > 0 ? ", " : "", fleet_name(f, line->ranks[i], name));
    if (line->n_ranks > NAMED_MOST)
        fprintf(out, " and %zu more", line->n_ranks - NAMED_MOST);
    fputs(": ", out);
}

static void line_text(const struct mistake *line, const struct fleet *f, char out[LINE_BYTES])
{
    FILE *to = fmemopen(out, LINE_BYTES, "w");
    *out = '\0';
    if (!to)
        return;
    print_names(line, f, to);
    fputs(line->text, to);
    fclose(to);
    out[LINE_BYTES - 1] = '\0';
}

int mistakes_error(const struct mistakes *m, const struct fleet *f, struct err *e)
{
    char text[LINE_BYTES];
    if (m->is_short)
        return err_set(e, ERR_FAILED, "out of memory for the mistakes of the fleet");
    for (size_t i = 0; i < m->n && i < LINES_MOST; i++) {
        line_text(&m->list[i], f, text);
        if (i == 0)
            err_set(e, m->kind, "%s", text);
        else
            err_append(e, "%s", text);
    }
    if (m->n > LINES_MOST)
        err_append(e, "and %zu more", m->n - LINES_MOST);
    return m->n > 0 ? -1 : 0;
}

void mistakes_print(const struct mistakes *m, const struct fleet *f, const char *word, FILE *out)
{
    char text[LINE_BYTES];
    for (size_t i = 0; i < m->n; i++) {
        line_text(&m->list[i], f, text);
        fprintf(out, "loadgen-fleet: %s: ", word);
        utf8_print(out, text);
        putc('\n', out);
    }
}

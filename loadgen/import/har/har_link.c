#include "har_link.h"

#include "draft_names.h"
#include "pieces.h"
#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { VARIABLES_MOST = 60 };

struct linking {
    struct draft *draft;
    struct draft_stream *stream;
    const struct har_values *answers;
    const size_t *step_of;
    struct har_values
        *sent; /* what requests sent, by step: a value that came from the client is no capture */
    size_t step;
    size_t n_variables;
};

static bool ends_with_id(const char *name)
{
    const size_t n = strlen(name);
    return n >= 2 && strcasecmp(name + n - 2, "id") == 0;
}

/* Short values are equal by chance: only where an identifier stands are they taken for the same, or if they
 * are numbers of some length. */
static bool may_be_same(const struct piece *p, const struct har_value *x)
{
    if (!har_values_is_short(x->text) || (strlen(x->text) >= 4 && strpbrk(x->text, "0123456789")))
        return true;
    return p->place == PIECE_SEGMENT || strcasecmp(p->name, x->name) == 0 ||
           (ends_with_id(p->name) && ends_with_id(x->name));
}

/* The first step that sent the value; SIZE_MAX: none did. */
static size_t first_sent(const struct linking *l, const char *text)
{
    size_t first = SIZE_MAX;
    for (const struct har_value *x = har_values_first(l->sent, text); x; x = x->next)
        if (x->entry < first && strcmp(x->text, text) == 0)
            first = x->entry;
    return first;
}

/* The earliest answer before this step that had the value. */
static const struct har_value *find(const struct linking *l, const struct piece *p, size_t *step)
{
    const struct har_value *found = NULL;
    *step = SIZE_MAX;
    for (const struct har_value *x = har_values_first(l->answers, p->value); x; x = x->next) {
        const size_t of = l->step_of[x->entry];
        if (of >= l->step || of >= *step || strcmp(x->text, p->value) != 0 || !may_be_same(p, x))
            continue;
        found = x;
        *step = of;
    }
    return found && first_sent(l, p->value) > *step ? found : NULL;
}

static const char *capture_of(const struct draft_step *s, const struct har_value *x)
{
    for (size_t i = 0; i < s->n_captures; i++)
        if (strcmp(s->captures[i].source, x->source) == 0 && strcmp(s->captures[i].place, x->place) == 0)
            return s->captures[i].variable;
    return NULL;
}

static int add_capture(struct linking *l, struct draft_step *s, const struct har_value *x, struct err *e)
{
    char name[PLAN_NAME_BYTES];
    draft_names_capture(l->stream, x->name, name);
    l->n_variables++;
    return draft_add_capture(l->draft, s, name, x->source, x->place, e);
}

static int link_piece(void *payload, const struct piece *p, const char **word, struct err *e)
{
    struct linking *l = payload;
    size_t step;
    const struct har_value *x = find(l, p, &step);
    if (!x)
        return har_values_add_regex(l->sent, l->step, "id", p->value, "", e);
    struct draft_step *s = &l->stream->steps[step];
    if (!capture_of(s, x) && l->n_variables == VARIABLES_MOST)
        return 0;
    if (!capture_of(s, x) && add_capture(l, s, x, e))
        return -1;
    *word = capture_of(s, x);
    return 1;
}

int har_link(struct draft *d, struct draft_stream *s, const struct har_values *answers, const size_t *step_of,
             struct err *e)
{
    struct har_values *sent = calloc(1, sizeof *sent);
    struct linking l = { .draft = d, .stream = s, .answers = answers, .step_of = step_of, .sent = sent };
    int status = sent ? 0 : plan_out_of_memory(e);
    if (sent)
        sent->arena = &d->arena;
    for (; status == 0 && l.step < s->n_steps; l.step++)
        status = pieces_visit(d, &s->steps[l.step], link_piece, &l, e);
    free(sent);
    return status;
}

#include "template_parts.h"

#include "base64.h"

#include <stdlib.h>
#include <string.h>

void template_fini(struct template *t)
{
    for (size_t i = 0; i < t->n; i++)
        free(t->pieces[i].text);
    free(t->pieces);
    *t = (struct template){ 0 };
}

struct plan_piece *template_add_piece(struct template *t, enum plan_piece_kind kind)
{
    struct plan_piece *larger = realloc(t->pieces, (t->n + 1) * sizeof *larger);
    if (!larger)
        return NULL;
    t->pieces = larger;
    larger[t->n] = (struct plan_piece){ .kind = kind };
    return &larger[t->n++];
}

int template_add_break(struct template *t, struct err *e)
{
    return template_add_piece(t, PLAN_PIECE_LITERAL) ? 0 : plan_out_of_memory(e);
}

int template_add_literal(struct template *t, const char *bytes, size_t length_bytes, struct err *e)
{
    if (length_bytes == 0)
        return 0;
    struct plan_piece *p = t->n > 0 ? &t->pieces[t->n - 1] : NULL;
    if (!p || p->kind != PLAN_PIECE_LITERAL)
        p = template_add_piece(t, PLAN_PIECE_LITERAL);
    char *larger = p ? realloc(p->text, p->length_bytes + length_bytes) : NULL;
    if (!larger)
        return plan_out_of_memory(e);
    memcpy(larger + p->length_bytes, bytes, length_bytes);
    p->text = larger;
    p->length_bytes += length_bytes;
    return 0;
}

int template_move(struct template *into, struct template *from, struct err *e)
{
    for (size_t i = 0; i < from->n; i++) {
        struct plan_piece *piece = &from->pieces[i];
        if (piece->kind == PLAN_PIECE_LITERAL) {
            if (template_add_literal(into, piece->text, piece->length_bytes, e))
                return -1;
            continue;
        }
        struct plan_piece *added = template_add_piece(into, piece->kind);
        if (!added)
            return plan_out_of_memory(e);
        *added = *piece;
        piece->text = NULL; /* moved */
    }
    template_fini(from);
    return 0;
}

/* What is known now becomes one secret. */
static int add_fixed_base64(struct template *t, const struct template *from, struct err *e)
{
    struct template whole = { 0 };
    int status = 0;
    for (size_t i = 0; i < from->n && status == 0; i++)
        status = template_add_literal(&whole, from->pieces[i].text, from->pieces[i].length_bytes, e);
    const struct plan_piece *in = whole.n > 0 ? whole.pieces : &(struct plan_piece){ .text = NULL };
    char *text = status == 0 ? malloc(base64_text_bytes(in->length_bytes) + 1) : NULL;
    struct plan_piece *p = text ? template_add_piece(t, PLAN_PIECE_SECRET) : NULL;
    if (p) {
        base64_encode((const uint8_t *)in->text, in->length_bytes, text);
        p->text = text;
        p->length_bytes = base64_text_bytes(in->length_bytes);
    } else {
        free(text);
    }
    template_fini(&whole);
    return p ? 0 : plan_out_of_memory(e);
}

/* Literals become secrets, which are never joined with those around them. */
static int add_made_base64(struct template *t, struct template *from, struct err *e)
{
    struct plan_piece *group = template_add_piece(t, PLAN_PIECE_BASE64);
    if (!group)
        return plan_out_of_memory(e);
    group->index = (uint32_t)from->n;
    for (size_t i = 0; i < from->n; i++)
        if (from->pieces[i].kind == PLAN_PIECE_LITERAL)
            from->pieces[i].kind = PLAN_PIECE_SECRET;
    return template_move(t, from, e);
}

int template_add_base64(struct template *t, struct template *from, struct err *e)
{
    if (template_is_made(from, 0))
        return add_made_base64(t, from, e);
    const int status = add_fixed_base64(t, from, e);
    template_fini(from);
    return status;
}

bool template_is_made(const struct template *t, size_t first)
{
    for (size_t i = first; i < t->n; i++)
        if (t->pieces[i].kind != PLAN_PIECE_LITERAL && t->pieces[i].kind != PLAN_PIECE_SECRET)
            return true;
    return false;
}

#include "http2_prepared.h"

#include "http2_hpack.h"
#include "http2_wire.h"

#include <stdlib.h>
#include <string.h>

/* The fields that go into the peer's table, in the order in which they are added: whichever request is sent
 * first must add the same, so these are fields that all have, in the same order. */
struct common {
    const struct http2_field *fields[HTTP2_FIELDS_MOST];
    size_t n;
    size_t table_bytes;
};

static bool is_same(const struct http2_field *a, const struct http2_field *b)
{
    return a->name_bytes == b->name_bytes && a->value_bytes == b->value_bytes &&
           memcmp(a->name, b->name, a->name_bytes) == 0 && memcmp(a->value, b->value, a->value_bytes) == 0;
}

/* The index of the field at or behind `from`; n_fields: it is not there. */
static size_t find(const struct http2_request *request, const struct http2_field *field, size_t from)
{
    while (from < request->n_fields && !is_same(&request->fields[from], field))
        from++;
    return from;
}

/* Whether each request with fields has the common ones and then this one. */
static bool all_have(const struct http2_request *requests, size_t n, const struct common *common,
                     const struct http2_field *field)
{
    for (size_t i = 0; i < n; i++) {
        size_t from = 0;
        for (size_t k = 0; k < common->n; k++)
            from = find(&requests[i], common->fields[k], from) + 1;
        if (requests[i].n_fields > 0 && find(&requests[i], field, from) >= requests[i].n_fields)
            return false;
    }
    return true;
}

static void choose(struct common *common, const struct http2_request *requests, size_t n)
{
    const struct http2_request *first = requests;
    while (first < &requests[n - 1] && first->n_fields == 0)
        first++;
    for (size_t i = 0; i < first->n_fields; i++) {
        const struct http2_field *field = &first->fields[i];
        const size_t table_bytes = HPACK_ENTRY_EXTRA_BYTES + field->name_bytes + field->value_bytes;
        if (hpack_find(field).is_whole || common->table_bytes + table_bytes > WIRE_TABLE_FIRST_BYTES ||
            !all_have(requests, n, common, field))
            continue;
        common->fields[common->n++] = field;
        common->table_bytes += table_bytes;
    }
}

enum form { FIRST, NEXT, PLAIN };

/* The entry added last has the lowest index. */
static unsigned char *put_common(unsigned char *at, const struct common *common, size_t k, enum form form)
{
    return form == FIRST ? hpack_put_literal(at, common->fields[k], hpack_find(common->fields[k]).index, true)
                         : hpack_put_index(at, HPACK_STATIC_ENTRIES + (uint32_t)(common->n - k));
}

static int encode(struct http2_prepared_block *block, const struct http2_request *request,
                  const struct common *common, enum form form)
{
    size_t k = 0;
    unsigned char *at = block->bytes = malloc(hpack_most_bytes(request));
    if (!at)
        return -1;
    for (size_t i = 0; i < request->n_fields; i++)
        if (form != PLAIN && k < common->n && is_same(&request->fields[i], common->fields[k]))
            at = put_common(at, common, k++, form);
        else
            at = hpack_put_field(at, &request->fields[i]);
    block->n_bytes = (size_t)(at - block->bytes);
    return 0;
}

struct http2_prepared *http2_prepare(const struct http2_request *requests, size_t n)
{
    struct common common = { 0 };
    struct http2_prepared *prepared = calloc(n, sizeof *prepared);
    if (!prepared)
        return NULL;
    choose(&common, requests, n);
    for (size_t i = 0; i < n; i++) {
        struct http2_prepared *p = &prepared[i];
        p->set = prepared;
        if (encode(&p->first, &requests[i], &common, FIRST) ||
            encode(&p->next, &requests[i], &common, NEXT) ||
            encode(&p->plain, &requests[i], &common, PLAIN)) {
            http2_prepared_free(prepared, n);
            return NULL;
        }
    }
    return prepared;
}

void http2_prepared_free(struct http2_prepared *prepared, size_t n)
{
    for (size_t i = 0; prepared && i < n; i++) {
        free(prepared[i].first.bytes);
        free(prepared[i].next.bytes);
        free(prepared[i].plain.bytes);
    }
    free(prepared);
}

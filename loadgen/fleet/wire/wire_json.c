#include "wire_json.h"

#include "err.h"

#include <stdlib.h>
#include <string.h>

json_t *wire_json_of(const struct wire_message *m, struct err *e)
{
    json_error_t ignored;
    json_t *object = m->n_bytes > 0 ? json_loadb((const char *)m->bytes, m->n_bytes, 0, &ignored) : NULL;
    if (!object)
        err_set(e, ERR_FAILED, "rank %u sent a message that cannot be read", m->from);
    return object;
}

static int parse_all(struct wire_message *messages, uint32_t n, json_t **all, struct err *e)
{
    for (uint32_t i = 0; i < n; i++) {
        all[i] = wire_json_of(&messages[i], e);
        if (!all[i])
            return -1;
    }
    return 0;
}

static int gather_text(struct wire *w, uint32_t tag, const char *text, json_t ***all,
                       const struct wire_patience *patience, struct err *e)
{
    struct wire_message *messages = NULL;
    if (w->rank == 0) {
        messages = calloc(w->n_ranks, sizeof *messages);
        *all = calloc(w->n_ranks, sizeof(json_t *));
        if (!messages || !*all) {
            free(messages);
            return err_set(e, ERR_FAILED, "out of memory for the answers of the fleet");
        }
    }
    int status = wire_gather(w, tag, text, strlen(text), messages, patience, e);
    if (status == 0 && messages)
        status = parse_all(messages, w->n_ranks, *all, e);
    for (uint32_t i = 0; messages && i < w->n_ranks; i++)
        wire_message_fini(&messages[i]);
    free(messages);
    return status;
}

int wire_json_gather(struct wire *w, uint32_t tag, const json_t *own, json_t ***all,
                     const struct wire_patience *patience, struct err *e)
{
    *all = NULL;
    char *text = own ? json_dumps(own, JSON_COMPACT) : NULL;
    const int status = text ? gather_text(w, tag, text, all, patience, e)
                            : err_set(e, ERR_FAILED, "out of memory for an answer to rank 0");
    free(text);
    return status;
}

void wire_json_free(json_t **all, uint32_t n)
{
    for (uint32_t i = 0; all && i < n; i++)
        json_decref(all[i]);
    free(all);
}

int wire_json_broadcast(struct wire *w, uint32_t tag, json_t **object, const struct wire_patience *patience,
                        struct err *e)
{
    char *text = w->rank == 0 && *object ? json_dumps(*object, JSON_COMPACT) : NULL;
    unsigned char *bytes = (unsigned char *)text;
    size_t n_bytes = text ? strlen(text) : 0;
    if (w->rank == 0 && !text)
        return err_set(e, ERR_FAILED, "out of memory for a message to the fleet");
    if (w->rank > 0)
        *object = NULL;
    const int status = wire_broadcast(w, tag, &bytes, &n_bytes, patience, e);
    if (status == 0 && w->rank > 0) {
        const struct wire_message m = { .from = 0, .tag = tag, .bytes = bytes, .n_bytes = n_bytes };
        *object = wire_json_of(&m, e);
    }
    free(bytes);
    return status || !*object ? -1 : 0;
}

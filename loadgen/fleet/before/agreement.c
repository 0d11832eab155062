#include "agreement.h"

#include "fleet.h"
#include "json_tree.h"
#include "mistakes.h"
#include "wire.h"
#include "wire_json.h"

#include <stdbool.h>
#include <stdio.h>

static json_t *report_of(const struct agreement *a)
{
    json_t *out = json_object();
    json_tree_set(&out, "kind", json_integer(a->own.kind));
    json_tree_set(&out, "text", json_tree_text(a->own.kind == ERR_NONE ? "" : a->own.text));
    json_tree_set(&out, "warnings", a->warnings ? json_incref(a->warnings) : json_array());
    return out;
}

static void add(struct mistakes *list, uint32_t rank, enum err_kind kind, const json_t *text)
{
    struct err what;
    err_set(&what, kind, "%s", json_string_value(text) ? json_string_value(text) : "");
    mistakes_add(list, rank, &what);
}

/* Rank 0's look at all reports: prints the warnings, and -1 with the list of mistakes. */
static int look(const struct fleet *f, json_t *const *reports, struct err *e)
{
    struct mistakes wrong = { 0 }, warnings = { 0 };
    for (uint32_t i = 0; i < f->wire->n_ranks; i++) {
        const enum err_kind kind = (enum err_kind)json_integer_value(json_object_get(reports[i], "kind"));
        size_t k;
        const json_t *text;
        if (kind != ERR_NONE)
            add(&wrong, i, kind == ERR_INPUT ? ERR_INPUT : ERR_FAILED, json_object_get(reports[i], "text"));
        json_array_foreach(json_object_get(reports[i], "warnings"), k, text)
            add(&warnings, i, ERR_INPUT, text);
    }
    mistakes_print(&warnings, f, "warning", stderr);
    const int status = mistakes_error(&wrong, f, e);
    mistakes_fini(&wrong);
    mistakes_fini(&warnings);
    return status;
}

/* What rank 0 answers; `why` says why not. */
static json_t *answer_of(const struct agreement *a, int status, const struct err *why)
{
    json_t *out = json_object();
    json_tree_set(&out, "agreed", json_boolean(status == 0));
    json_tree_set(&out, "kind", json_integer(status ? why->kind : ERR_NONE));
    json_tree_set(&out, "word", a->word ? json_incref(a->word) : json_null());
    return out;
}

static int hear(struct fleet *f, struct agreement *a, const struct wire_patience *patience, struct err *e)
{
    json_t *answer = NULL;
    int status = wire_json_broadcast(f->wire, WIRE_RESULT, &answer, patience, e);
    if (status == 0 && !json_is_true(json_object_get(answer, "agreed")))
        status = err_set(e, (enum err_kind)json_integer_value(json_object_get(answer, "kind")),
                         "the fleet does not go on");
    else if (status == 0)
        a->word = json_incref(json_object_get(answer, "word"));
    json_decref(answer);
    return status;
}

static int tell(struct fleet *f, const struct agreement *a, json_t *const *reports, int status,
                const struct wire_patience *patience, struct err *e)
{
    struct err unsent;
    if (status == 0)
        status = look(f, reports, e);
    json_t *answer = answer_of(a, status, e);
    if (wire_json_broadcast(f->wire, WIRE_RESULT, &answer, patience, &unsent) && status == 0) {
        *e = unsent;
        status = -1;
    }
    json_decref(answer);
    return status;
}

int agreement_reach(struct fleet *f, struct agreement *a, struct err *e)
{
    const struct wire_patience patience = fleet_patience_for_all(f);
    json_t **reports = NULL;
    json_t *own = report_of(a);
    int status = wire_json_gather(f->wire, WIRE_FACTS, own, &reports, &patience, e);
    if (f->wire->rank == 0)
        status = tell(f, a, reports, status, &patience, e);
    else if (status == 0)
        status = hear(f, a, &patience, e);
    wire_json_free(reports, f->wire->n_ranks);
    json_decref(own);
    return status;
}

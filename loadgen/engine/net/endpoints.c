#include "endpoints.h"

#include "err.h"

#include <stdbool.h>
#include <stdlib.h>
#include <strings.h>

/* All targets of a plan are reached in the same way, so no more than this tells them apart. */
static bool is_same(const struct plan_target *a, const struct plan_target *b)
{
    return a == b || (a->tls == b->tls && a->http == b->http && a->port == b->port &&
                      strcasecmp(a->host, b->host) == 0);
}

int endpoints_init(struct endpoints *x, const struct plan *plan, struct dns_log *log, const atomic_int *stop,
                   struct err *e)
{
    *x = (struct endpoints){ .list = calloc(plan->n_streams, sizeof *x->list) };
    if (!x->list)
        return err_set(e, ERR_FAILED, "out of memory for the targets");
    for (size_t s = 0; s < plan->n_streams; s++) {
        const struct plan_target *target = plan_target_of(plan, &plan->streams[s]);
        uint32_t i = 0;
        while (i < x->n && !is_same(x->list[i].target, target))
            i++;
        x->of_stream[s] = i;
        if (i < x->n)
            continue;
        x->list[x->n++].target = target;
        if (addresses_init(&x->list[i].addresses, target, log, stop, e))
            return -1;
    }
    return 0;
}

int endpoints_start(struct endpoints *x, addresses_changed_fn *on_changed, void *payload, struct err *e)
{
    for (uint32_t i = 0; i < x->n; i++)
        if (addresses_start(&x->list[i].addresses, on_changed, payload, e))
            return -1;
    return 0;
}

void endpoints_stop(struct endpoints *x)
{
    for (uint32_t i = 0; i < x->n; i++)
        addresses_stop(&x->list[i].addresses);
}

void endpoints_fini(struct endpoints *x)
{
    for (uint32_t i = 0; i < x->n; i++)
        addresses_fini(&x->list[i].addresses);
    free(x->list);
    *x = (struct endpoints){ 0 };
}

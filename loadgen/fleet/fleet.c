#include "fleet.h"

#include "clock.h"
#include "err.h"
#include "stop.h"
#include "units.h"
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Covers a name server that does not answer, and a disk that is slow. */
#define STEP_MOST_NS (60 * NS_PER_S)

int fleet_init(struct fleet *f, struct wire *w, struct err *e)
{
    *f = (struct fleet){ .wire = w, .is_whole = true };
    if (w->rank > 0)
        return 0;
    f->hosts = calloc(w->n_ranks, sizeof *f->hosts);
    f->is_lost = calloc(w->n_ranks, sizeof *f->is_lost);
    return f->hosts && f->is_lost ? 0 : err_set(e, ERR_FAILED, "out of memory for the fleet");
}

void fleet_fini(struct fleet *f)
{
    free(f->hosts);
    free(f->is_lost);
    f->hosts = NULL;
    f->is_lost = NULL;
    input_files_fini(&f->files);
}

void fleet_lose_root(struct fleet *f)
{
    f->is_root_lost = true;
    f->is_whole = false;
}

struct wire_patience fleet_patience(void)
{
    return (struct wire_patience){ .until_ns = clock_monotonic_ns() + STEP_MOST_NS };
}

struct wire_patience fleet_patience_for_all(const struct fleet *f)
{
    struct wire_patience patience = fleet_patience();
    patience.stop = f->wire->rank == 0 ? stop_flag() : NULL;
    return patience;
}

static bool shares_host(const struct fleet *f, uint32_t rank)
{
    for (uint32_t i = 0; i < f->wire->n_ranks; i++)
        if (i != rank && strcmp(f->hosts[i].name, f->hosts[rank].name) == 0)
            return true;
    return false;
}

const char *fleet_name(const struct fleet *f, uint32_t rank, char out[FLEET_NAME_BYTES])
{
    const char *host = f->hosts[rank].name;
    if (shares_host(f, rank))
        snprintf(out, FLEET_NAME_BYTES, "%s (rank %u)", host, rank);
    else
        snprintf(out, FLEET_NAME_BYTES, "%s", host);
    return out;
}

void fleet_lose(struct fleet *f, uint32_t rank)
{
    char name[FLEET_NAME_BYTES];
    if (!f->is_lost[rank])
        fprintf(stderr, "loadgen-fleet: host %s is lost: it does not answer any more\n",
                fleet_name(f, rank, name));
    f->is_lost[rank] = true;
    f->is_whole = false;
}

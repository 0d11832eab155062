#include "descriptors.h"

#include "division.h"
#include "err.h"
#include "plan.h"
#include "units.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

enum { DESCRIPTORS_BESIDE = 64, DESCRIPTORS_PER_THREAD = 8 }; /* files of the run folder; epoll, timers */

/* Suggests a higher limit, or as many connections as there is room for. */
static int refuse(uint64_t n_connections, uint64_t needed, const struct rlimit *limit, struct err *e)
{
    char connections[UNITS_TEXT_BYTES];
    char may[UNITS_TEXT_BYTES];
    char hard[UNITS_TEXT_BYTES];
    char fewer[UNITS_TEXT_BYTES];
    const uint64_t beside = needed - n_connections;
    const uint64_t room = limit->rlim_max > beside ? limit->rlim_max - beside : 0;
    err_set(e, ERR_INPUT,
            "cannot open %s connection%s: this process may open %s files (hard limit %s). Raise it with "
            "`ulimit -Hn %llu`",
            units_count_text(n_connections, connections), n_connections == 1 ? "" : "s",
            units_count_text(limit->rlim_cur, may), units_count_text(limit->rlim_max, hard),
            (unsigned long long)needed);
    const size_t used = strlen(e->text);
    if (room > 0)
        snprintf(e->text + used, sizeof e->text - used, ", or use %s connection%s in all",
                 units_count_text(room, fewer), room == 1 ? "" : "s");
    else
        snprintf(e->text + used, sizeof e->text - used, "; %s are needed beside the connections",
                 units_count_text(beside, fewer));
    return -1;
}

static uint64_t n_needed(const struct plan *plan)
{
    return division_n_here(plan) + DESCRIPTORS_BESIDE + (uint64_t)plan->n_threads * DESCRIPTORS_PER_THREAD;
}

/* Users of HTTP/2 connections that end go on with others (mux_heir.c), for which there had better be room. */
static bool may_have_heirs(const struct plan *plan)
{
    for (size_t i = 0; i < plan->n_streams; i++)
        if (plan->streams[i].model == PLAN_CLOSED && plan->streams[i].in_flight_most > 1 &&
            plan_is_http2(plan, &plan->streams[i]))
            return true;
    return false;
}

int descriptors_raise(const struct plan *plan, struct err *e)
{
    struct rlimit limit;
    const uint64_t n_connections = division_n_here(plan);
    const uint64_t needed = n_needed(plan);
    const uint64_t wanted = may_have_heirs(plan) ? needed + n_connections : needed;
    if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= wanted)
        return 0;
    if (limit.rlim_max >= needed) {
        const struct rlimit raised = { .rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max,
                                       .rlim_max = limit.rlim_max };
        if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
            return 0;
    }
    return limit.rlim_cur >= needed ? 0 : refuse(n_connections, needed, &limit, e);
}

uint32_t descriptors_n_heirs(const struct plan *plan, uint32_t n)
{
    struct rlimit limit;
    const uint64_t n_here = division_n_here(plan);
    const uint64_t needed = n_needed(plan);
    if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= needed + n_here)
        return n;
    return limit.rlim_cur > needed ? (uint32_t)((limit.rlim_cur - needed) * n / n_here) : 0;
}

#include "fleet_greeting.h"

#include "build_facts.h"
#include "err.h"
#include "fleet.h"
#include "hist.h"
#include "json_member.h"
#include "json_tree.h"
#include "mistakes.h"
#include "version.h"
#include "wire_json.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Readable for any version of the program. */
static json_t *greeting(void)
{
    char host[FLEET_HOST_BYTES] = "";
    json_t *out = json_object();
    gethostname(host, sizeof host - 1);
    json_tree_set(&out, "host", json_tree_text(host));
    json_tree_set(&out, "version", json_tree_text(LOADGEN_VERSION));
    json_tree_set(&out, "commit", json_tree_text(build_facts.commit));
    json_tree_set(&out, "histogram_bins", json_tree_count(HIST_N_COUNTS));
    return out;
}

/* Whether both are built alike; else what rank 0 must say of the other. */
static bool is_alike(const json_t *own, const json_t *other, struct err *why)
{
    if (strcmp(json_member_text(own, "version"), json_member_text(other, "version")) != 0 ||
        strcmp(json_member_text(own, "commit"), json_member_text(other, "commit")) != 0)
        err_set(why, ERR_INPUT, "has loadgen-fleet %s (commit %s), and rank 0 has %s (commit %s)",
                json_member_text(other, "version"), json_member_text(other, "commit"),
                json_member_text(own, "version"), json_member_text(own, "commit"));
    else if (!json_equal(json_object_get(own, "histogram_bins"), json_object_get(other, "histogram_bins")))
        err_set(why, ERR_INPUT, "has histograms of another layout than rank 0");
    else
        return true;
    return false;
}

/* They share its processors and its network, and judge each other's use of them. */
static void warn_of_shared_hosts(const struct fleet *f)
{
    for (uint32_t i = 0; i < f->wire->n_ranks; i++) {
        uint32_t n = 0, first = f->wire->n_ranks;
        for (uint32_t k = 0; k < f->wire->n_ranks; k++)
            if (strcmp(f->hosts[k].name, f->hosts[i].name) == 0) {
                n++;
                first = k < first ? k : first;
            }
        if (n > 1 && first == i)
            fprintf(
                stderr,
                "loadgen-fleet: warning: host %s runs %u generators: one with several threads does more\n",
                f->hosts[i].name, n);
    }
}

static int compare(struct fleet *f, json_t *const *greetings, struct err *e)
{
    struct mistakes list = { 0 };
    struct err why;
    for (uint32_t i = 0; i < f->wire->n_ranks; i++)
        snprintf(f->hosts[i].name, sizeof f->hosts[i].name, "%s", json_member_text(greetings[i], "host"));
    for (uint32_t i = 1; i < f->wire->n_ranks; i++)
        if (!is_alike(greetings[0], greetings[i], &why))
            mistakes_add(&list, i, &why);
    const int status = mistakes_error(&list, f, e);
    if (status == 0)
        warn_of_shared_hosts(f);
    mistakes_fini(&list);
    return status;
}

int fleet_greeting_exchange(struct fleet *f, struct err *e)
{
    const struct wire_patience patience = fleet_patience_for_all(f);
    json_t *own = greeting();
    json_t **all = NULL;
    int status = wire_json_gather(f->wire, WIRE_FACTS, own, &all, &patience, e);
    if (status == 0 && all)
        status = compare(f, all, e);
    wire_json_free(all, f->wire->n_ranks);
    json_decref(own);
    return status;
}

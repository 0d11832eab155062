#include "address_use.h"

#include <math.h>
#include <string.h>

enum { CONNECTIONS_EACH = 10 }; /* fewer connections per address cannot be even */

bool address_use_is_of(const char *remote, const char *address)
{
    const size_t length = strlen(address);
    remote += *remote == '[';
    return strncmp(remote, address, length) == 0 && (remote[length] == '\0' || remote[length] == ']' ||
                                                     (remote[length] == ':' && !strchr(address, ':')));
}

struct sum {
    uint64_t n, n_used, n_connections, n_connections_most;
};

static bool is_v6(const struct address_use *row)
{
    return strchr(row->text, ':') != NULL;
}

/* Families that no request used do not count: a machine without IPv6 cannot use IPv6 addresses. */
static struct sum add_up(const struct address_use *rows, size_t n)
{
    struct sum sum = { 0 };
    bool family_is_used[2] = { false, false };
    for (size_t i = 0; i < n; i++)
        family_is_used[is_v6(&rows[i])] |= rows[i].is_used;
    for (size_t i = 0; i < n; i++) {
        if (!family_is_used[is_v6(&rows[i])])
            continue;
        sum.n++;
        sum.n_used += rows[i].is_used;
        sum.n_connections += rows[i].n_connections;
        if (rows[i].n_connections > sum.n_connections_most)
            sum.n_connections_most = rows[i].n_connections;
    }
    return sum;
}

/* A name of which a single address was used, despite enough connections for all, is worse than any other. */
static void add_part(struct address_use_worst *worst, const struct sum *sum)
{
    const double part_pct = 100.0 * (double)sum->n_used / (double)sum->n;
    const bool is_enough = sum->n_connections >= 2 * sum->n;
    const bool is_alone = is_enough && sum->n_used == 1;
    if (worst->has_part && (is_alone == worst->is_alone ? part_pct >= worst->part_pct : worst->is_alone))
        return;
    worst->has_part = true;
    worst->is_alone = is_alone;
    worst->part_pct = part_pct;
    worst->invalid_pct = is_enough ? 150.0 / (double)sum->n : NAN; /* above one address, below two */
}

void address_use_add(struct address_use_worst *worst, const struct address_use *rows, size_t n)
{
    const struct sum sum = add_up(rows, n);
    if (sum.n < 2)
        return;
    add_part(worst, &sum);
    if (sum.n_connections < CONNECTIONS_EACH * sum.n)
        return;
    worst->has_share = true;
    worst->share =
        fmax(worst->share, (double)sum.n_connections_most * (double)sum.n / (double)sum.n_connections);
}

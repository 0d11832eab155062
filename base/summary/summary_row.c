#include "summary.h"

#include <string.h>

bool summary_is_one_model(const struct summary *s)
{
    const struct claims *claims = s->claims;
    for (size_t i = 1; i < claims->n_rows; i++)
        if (claims->rows[i].is_open != claims->rows[0].is_open)
            return false;
    return true;
}

const struct claim_row *summary_row(const struct summary *s, size_t i)
{
    size_t n_clusters = 0;
    while (n_clusters < s->claims->n_rows && !s->claims->rows[n_clusters].stream)
        n_clusters++;
    const bool shows_clusters = n_clusters > 1 && summary_is_one_model(s);
    const size_t first = shows_clusters ? 0 : n_clusters;
    const size_t n = shows_clusters ? n_clusters : s->claims->n_rows - n_clusters;
    return i < n ? &s->claims->rows[first + i] : NULL;
}

const char *summary_row_name(const struct summary *s, const struct claim_row *row)
{
    for (size_t i = 0; !row->stream && i < s->run->n_clusters; i++)
        if (strcmp(s->run->clusters[i].name, row->cluster) == 0 && s->run->clusters[i].label)
            return s->run->clusters[i].label;
    return row->stream ? row->stream : row->cluster;
}

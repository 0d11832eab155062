#include "summary.h"

#include <string.h>

bool summary_is_one_model(const struct summary *s)
{
    const struct claims *claims = s->claims;
    for (size_t i = 1; i < claims->n_rows; i++)
        if (claims->rows[i].headline != claims->rows[0].headline)
            return false;
    return true;
}

/* The rows without steps that the table shows. */
static const struct claim_row *shown_rows(const struct summary *s, size_t *n)
{
    size_t n_clusters = 0;
    while (n_clusters < s->claims->n_rows && !s->claims->rows[n_clusters].stream)
        n_clusters++;
    const bool shows_clusters = n_clusters > 1 && summary_is_one_model(s);
    *n = shows_clusters ? n_clusters : s->claims->n_rows - n_clusters;
    return shows_clusters ? s->claims->rows : s->claims->rows + n_clusters;
}

static bool is_below(const struct claim_row *step, const struct claim_row *row)
{
    return strcmp(step->cluster, row->cluster) == 0 &&
           (!row->stream || strcmp(step->stream, row->stream) == 0);
}

const struct claim_row *summary_row(const struct summary *s, size_t i)
{
    size_t n;
    const struct claim_row *rows = shown_rows(s, &n);
    if (s->claims->n_steps == 0)
        return i < n ? &rows[i] : NULL;
    size_t next =
        0; /* steps are in the order of their streams, so a stream's begin where the last one's end */
    for (size_t r = 0; r < n; r++) {
        if (i-- == 0)
            return &rows[r];
        for (size_t k = rows[r].stream ? next : 0; k < s->claims->n_steps; k++) {
            const bool is_its = is_below(&s->claims->steps[k], &rows[r]);
            if (is_its && i-- == 0)
                return &s->claims->steps[k];
            if (is_its)
                next = k + 1;
            else if (rows[r].stream)
                break;
        }
    }
    return NULL;
}

const char *summary_row_name(const struct summary *s, const struct claim_row *row)
{
    if (row->step)
        return row->step;
    for (size_t i = 0; !row->stream && i < s->run->n_clusters; i++)
        if (strcmp(s->run->clusters[i].name, row->cluster) == 0 && s->run->clusters[i].label)
            return s->run->clusters[i].label;
    return row->stream ? row->stream : row->cluster;
}

const char *summary_full_name(const struct summary *s, const struct claim_row *row)
{
    if (row->step)
        return "";
    const char *name = row->stream ? row->stream : row->cluster;
    return strcmp(summary_row_name(s, row), name) != 0 ? name : "";
}

bool summary_has_full_names(const struct summary *s)
{
    size_t n;
    const struct claim_row *rows = shown_rows(s, &n);
    for (size_t i = 0; i < n; i++)
        if (*summary_full_name(s, &rows[i]))
            return true;
    return false;
}

const char *summary_row_title(const struct summary *s, const struct claim_row *row,
                              char out[static SUMMARY_NAME_BYTES])
{
    const bool has_stream = row->step && s->run->n_streams > 1;
    snprintf(out, SUMMARY_NAME_BYTES, "%s%s%s", has_stream ? row->stream : "", has_stream ? "/" : "",
             summary_row_name(s, row));
    return out;
}

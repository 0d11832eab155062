#include "merge_remotes.h"

#include "csv.h"
#include "err.h"
#include "merge_state.h"
#include "run_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CONNECTIONS, REQUESTS, ERRORS, N_COUNTS };
enum { CLUSTER, ADDRESS, P50, P99, N_TEXTS };

static const char *const count_names[N_COUNTS] = { "connections_n", "requests_n", "err_n" };
static const char *const text_names[N_TEXTS] = { "cluster", "address", "p50_us", "p99_us" };

struct remote {
    uint64_t counts[N_COUNTS];
    char *texts[N_TEXTS]; /* owned */
};

struct remotes {
    struct remote *rows; /* owned; in order of first use */
    size_t n, capacity;
    int counts[N_COUNTS], texts[N_TEXTS]; /* columns of the current file */
};

static struct remote *find(const struct remotes *r, const struct csv_reader *csv)
{
    for (size_t i = 0; i < r->n; i++)
        if (strcmp(r->rows[i].texts[ADDRESS], csv->fields[r->texts[ADDRESS]]) == 0 &&
            strcmp(r->rows[i].texts[CLUSTER], csv->fields[r->texts[CLUSTER]]) == 0)
            return &r->rows[i];
    return NULL;
}

/* A new row with the texts of the current one; NULL when memory is short. */
static struct remote *add(struct remotes *r, const struct csv_reader *csv)
{
    if (r->n == r->capacity) {
        const size_t capacity = r->capacity ? 2 * r->capacity : 64;
        struct remote *larger = realloc(r->rows, capacity * sizeof *larger);
        if (!larger)
            return NULL;
        r->rows = larger;
        r->capacity = capacity;
    }
    struct remote *row = &r->rows[r->n++];
    *row = (struct remote){ 0 };
    for (int i = 0; i < N_TEXTS; i++)
        if (!(row->texts[i] = strdup(csv->fields[r->texts[i]])))
            return NULL;
    return row;
}

static int take_row(struct remotes *r, const struct csv_reader *csv, struct err *e)
{
    struct remote *row = find(r, csv);
    if (row)
        *row->texts[P50] = *row->texts[P99] = '\0';
    else if (!(row = add(r, csv)))
        return err_set(e, ERR_FAILED, "out of memory while reading %s", csv->path);
    for (int i = 0; i < N_COUNTS; i++) {
        uint64_t n;
        if (csv_get_u64(csv, r->counts[i], 0, &n, e))
            return -1;
        row->counts[i] += n;
    }
    return 0;
}

static int read_file(struct remotes *r, const char *folder, struct err *e)
{
    char path[PATH_MAX];
    struct csv_reader csv;
    if (run_file_path(folder, "remotes.csv", path, e))
        return -1;
    if (access(path, F_OK))
        return 0;
    if (csv_open_results(&csv, path, e))
        return -1;
    int more = run_file_columns(&csv, count_names, N_COUNTS, r->counts, e) ||
                       run_file_columns(&csv, text_names, N_TEXTS, r->texts, e)
                   ? -1
                   : 1;
    while (more > 0 && (more = csv_next(&csv, e)) > 0)
        if (take_row(r, &csv, e))
            more = -1;
    csv_reader_fini(&csv);
    return more;
}

static int write_file(const struct remotes *r, const char *folder, struct err *e)
{
    char path[PATH_MAX];
    struct csv_writer w;
    if (run_file_path(folder, "remotes.csv", path, e) ||
        csv_create(&w, path, "cluster,address,connections_n,requests_n,err_n,p50_us,p99_us", e))
        return -1;
    for (size_t i = 0; i < r->n; i++) {
        csv_text(&w, r->rows[i].texts[CLUSTER]);
        csv_text(&w, r->rows[i].texts[ADDRESS]);
        for (int k = 0; k < N_COUNTS; k++)
            csv_u64(&w, r->rows[i].counts[k]);
        csv_text(&w, r->rows[i].texts[P50]);
        csv_text(&w, r->rows[i].texts[P99]);
        csv_end_row(&w);
    }
    return csv_close(&w, e);
}

int merge_remotes(const struct merge *m, struct err *e)
{
    struct remotes r = { 0 };
    int status = 0;
    for (size_t i = 0; status == 0 && i < m->n_runs; i++)
        status = read_file(&r, m->runs[i].folder, e);
    if (status == 0)
        status = write_file(&r, m->out, e);
    for (size_t i = 0; i < r.n; i++)
        for (int k = 0; k < N_TEXTS; k++)
            free(r.rows[i].texts[k]);
    free(r.rows);
    return status;
}

#include "merge_addresses.h"

#include "csv.h"
#include "err.h"
#include "run_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A remote address with its counts, or an address that a name resolved to. */
struct row {
    char *name, *address; /* owned; name "" of a remote address */
    uint64_t n_connections, n_requests;
    bool is_judged;
};

struct table {
    struct row *rows; /* owned */
    size_t n, capacity;
};

static void free_table(struct table *t)
{
    for (size_t i = 0; i < t->n; i++) {
        free(t->rows[i].name);
        free(t->rows[i].address);
    }
    free(t->rows);
}

/* The row of that name and address, added when it is new; NULL when memory is short. */
static struct row *row_of(struct table *t, const char *name, const char *address)
{
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->rows[i].address, address) == 0 && strcmp(t->rows[i].name, name) == 0)
            return &t->rows[i];
    if (t->n == t->capacity) {
        const size_t capacity = t->capacity ? 2 * t->capacity : 64;
        struct row *larger = realloc(t->rows, capacity * sizeof *larger);
        if (!larger)
            return NULL;
        t->rows = larger;
        t->capacity = capacity;
    }
    struct row *row = &t->rows[t->n];
    *row = (struct row){ .name = strdup(name), .address = strdup(address) };
    if (row->name && row->address) {
        t->n++;
        return row;
    }
    free(row->name);
    free(row->address);
    return NULL;
}

static int no_memory(const struct csv_reader *csv, struct err *e)
{
    return err_set(e, ERR_FAILED, "out of memory while reading %s", csv->path);
}

static int take_remote(struct table *t, const struct csv_reader *csv, struct err *e)
{
    const int address = csv_column(csv, "address", e);
    const int connections = csv_column(csv, "connections_n", e), requests = csv_column(csv, "requests_n", e);
    uint64_t n_connections, n_requests;
    if (address < 0 || connections < 0 || requests < 0 ||
        csv_get_u64(csv, connections, 0, &n_connections, e) || csv_get_u64(csv, requests, 0, &n_requests, e))
        return -1;
    struct row *row = row_of(t, "", csv->fields[address]);
    if (!row)
        return no_memory(csv, e);
    row->n_connections += n_connections;
    row->n_requests += n_requests;
    return 0;
}

static int take_answer(struct table *t, const struct csv_reader *csv, struct err *e)
{
    const int name = csv_column(csv, "name", e), address = csv_column(csv, "address", e);
    if (name < 0 || address < 0)
        return -1;
    if (!*csv->fields[address])
        return 0;
    return row_of(t, csv->fields[name], csv->fields[address]) ? 0 : no_memory(csv, e);
}

typedef int take_fn(struct table *t, const struct csv_reader *csv, struct err *e);

static int read_table(struct table *t, const char *folder, const char *file, take_fn *take, struct err *e)
{
    char path[PATH_MAX];
    struct csv_reader csv = { 0 };
    if (run_file_path(folder, file, path, e))
        return -1;
    if (access(path, F_OK))
        return 0;
    int more = csv_open_results(&csv, path, e) ? -1 : 1;
    while (more > 0 && (more = csv_next(&csv, e)) > 0)
        if (take(t, &csv, e))
            more = -1;
    csv_reader_fini(&csv);
    return more;
}

static struct address_use use_of(const struct table *remotes, const char *address)
{
    struct address_use use = { .text = address };
    for (size_t i = 0; i < remotes->n; i++) {
        const struct row *remote = &remotes->rows[i];
        if (!address_use_is_of(remote->address, address))
            continue;
        use.n_connections += remote->n_connections;
        use.is_used |= remote->n_requests > 0;
    }
    return use;
}

/* The addresses of the name at `first`, and of the same name behind it. */
static void judge_name(struct address_use_worst *worst, struct table *answers, size_t first,
                       const struct table *remotes, struct address_use *rows)
{
    size_t n = 0;
    for (size_t i = first; i < answers->n; i++) {
        struct row *answer = &answers->rows[i];
        if (strcmp(answer->name, answers->rows[first].name) != 0)
            continue;
        rows[n++] = use_of(remotes, answer->address);
        answer->is_judged = true;
    }
    address_use_add(worst, rows, n);
}

int merge_addresses_judge(const char *folder, struct address_use_worst *worst, struct err *e)
{
    struct table answers = { 0 }, remotes = { 0 };
    *worst = (struct address_use_worst){ 0 };
    int status = read_table(&answers, folder, "dns.csv", take_answer, e) ||
                         read_table(&remotes, folder, "remotes.csv", take_remote, e)
                     ? -1
                     : 0;
    struct address_use *rows = calloc(answers.n + 1, sizeof *rows);
    if (status == 0 && !rows)
        status = err_set(e, ERR_FAILED, "out of memory for the addresses of %s", folder);
    for (size_t i = 0; status == 0 && i < answers.n; i++)
        if (!answers.rows[i].is_judged)
            judge_name(worst, &answers, i, &remotes, rows);
    free(rows);
    free_table(&answers);
    free_table(&remotes);
    return status;
}

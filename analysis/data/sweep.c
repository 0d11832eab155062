#include "sweep.h"

#include "arms.h"
#include "csv.h"
#include "err.h"
#include "run_file.h"
#include "run_path.h"
#include "utf8.h"

#include <dirent.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_BYTES = 4096 };

enum column {
    CLUSTER,
    RUN,
    RESULT,
    STATE,
    LEVEL,
    RATE_LEVEL,
    OFFERED,
    ACHIEVED,
    VALUE,
    AT_LEAST,
    P_PPM,
    N,
    FAILED,
    CENSORED,
    N_COLUMNS
};
enum { FIRST_NUMBER = OFFERED, FIRST_COUNT = P_PPM };
static const char *const column_names[] = { "cluster",  "run",         "result",        "state",
                                            "level",    "rate_level",  "offered_per_s", "achieved_per_s",
                                            "value_us", "at_least_us", "p_ppm",         "n",
                                            "failed_n", "censored_n" };

struct row {
    const char *texts[FIRST_NUMBER]; /* borrowed from the reader */
    double numbers[FIRST_COUNT];     /* from FIRST_NUMBER on; NAN where the cell is empty */
    uint64_t counts[N_COLUMNS];      /* from FIRST_COUNT on */
};

static int read_row(const struct csv_reader *in, const int *columns, struct row *row, struct err *e)
{
    for (int i = 0; i < FIRST_NUMBER; i++)
        row->texts[i] = in->fields[columns[i]];
    for (int i = FIRST_NUMBER; i < FIRST_COUNT; i++)
        if (csv_get_real(in, columns[i], NAN, &row->numbers[i], e))
            return -1;
    for (int i = FIRST_COUNT; i < N_COLUMNS; i++)
        if (csv_get_u64(in, columns[i], 0, &row->counts[i], e))
            return -1;
    return 0;
}

/* "held, threshold or queue" */
static const char *name_results(char *out, size_t out_bytes)
{
    size_t used = 0;
    for (unsigned i = 0; i < N_SWEEP_RESULTS && used < out_bytes; i++)
        used += (size_t)snprintf(out + used, out_bytes - used, "%s%s",
                                 i == 0                    ? ""
                                 : i + 1 < N_SWEEP_RESULTS ? ", "
                                                           : " or ",
                                 sweep_result_name((enum sweep_result)i));
    return out;
}

static int result_of(const struct csv_reader *in, const char *name, enum sweep_result *result, struct err *e)
{
    char names[128];
    *result = sweep_result_find(name);
    if (*result != N_SWEEP_RESULTS)
        return 0;
    return err_set(e, ERR_INPUT, "%s:%" PRIu64 ": 'result' must be %s, not '%s'", in->path, in->line_number,
                   name_results(names, sizeof names), name);
}

/* --- clusters and steps, in the order of the file --- */

static void name_cluster(struct sweep_cluster *c, const struct run_json *run, const char *name, int number)
{
    const struct run_cluster *def = run_json_cluster(run, name);
    const char *label = def ? def->label : NULL;
    *c = (struct sweep_cluster){ .first_per_s = NAN, .sustains_per_s = NAN, .fails_per_s = NAN };
    snprintf(c->name, sizeof c->name, "%s", name);
    if (label && strcmp(label, name) != 0)
        snprintf(c->series, sizeof c->series, "%s (%s)", label, name);
    else
        snprintf(c->series, sizeof c->series, "%s", name);
    c->style = arms_style(label ? label : name, number);
}

/* Index of the cluster, which is added if new; -1 when out of memory. */
static int find_cluster(struct sweep *s, const char *name, struct err *e)
{
    for (size_t i = 0; i < s->n_clusters; i++)
        if (strcmp(s->clusters[i].name, name) == 0)
            return (int)i;
    struct sweep_cluster *more = realloc(s->clusters, (s->n_clusters + 1) * sizeof *more);
    if (!more)
        return err_set(e, ERR_FAILED, "out of memory for the sweep");
    s->clusters = more;
    name_cluster(&more[s->n_clusters], &s->first, name, (int)s->n_clusters + 1);
    return (int)s->n_clusters++;
}

/* The step of the row: the last one, or a new one. */
static struct sweep_step *step_of(struct sweep *s, const struct row *row, struct err *e)
{
    const int cluster = find_cluster(s, row->texts[CLUSTER], e);
    if (cluster < 0)
        return NULL;
    struct sweep_step *last = s->n_steps > 0 ? &s->steps[s->n_steps - 1] : NULL;
    if (last && last->cluster == (size_t)cluster && strcmp(last->run, row->texts[RUN]) == 0)
        return last;
    static const struct sweep_time unknown = { ATTEMPT_NONE, NAN, NAN, CLAIM_NOT_JUDGED };
    char *run = strdup(row->texts[RUN]);
    struct sweep_step *more = realloc(s->steps, (s->n_steps + 1) * sizeof *more);
    if (more)
        s->steps = more;
    if (!more || !run) {
        free(run);
        err_set(e, ERR_FAILED, "out of memory for the sweep");
        return NULL;
    }
    more[s->n_steps] = (struct sweep_step){ .run = run,
                                            .cluster = (size_t)cluster,
                                            .offered_per_s = row->numbers[OFFERED],
                                            .achieved_per_s = row->numbers[ACHIEVED],
                                            .n = row->counts[N],
                                            .n_failed = row->counts[FAILED],
                                            .n_censored = row->counts[CENSORED],
                                            .times = { unknown, unknown },
                                            .rate_level = claim_level_find(row->texts[RATE_LEVEL]) };
    return &more[s->n_steps++];
}

static void set_time(struct sweep_step *step, const struct row *row)
{
    const struct sweep_time time = { .state = attempt_state_find(row->texts[STATE]),
                                     .value_ms = row->numbers[VALUE] / 1000,
                                     .at_least_ms = row->numbers[AT_LEAST] / 1000,
                                     .level = claim_level_find(row->texts[LEVEL]) };
    if (row->counts[P_PPM] == 500000)
        step->times[SWEEP_P50] = time;
    else if (row->counts[P_PPM] == 990000)
        step->times[SWEEP_P99] = time;
}

/* Reads cluster names from the first run; without it they have no labels. */
static void read_first(struct sweep *s, const char *folder, const char *run)
{
    char path[PATH_BYTES];
    struct err ignored;
    if (!run_path_is_name(run))
        return;
    snprintf(path, sizeof path, "%s/%s", folder, run);
    if (run_json_read(&s->first, path, &ignored))
        run_json_fini(&s->first);
}

static int read_steps(struct sweep *s, const char *folder, struct csv_reader *in, struct err *e)
{
    int columns[N_COLUMNS], more;
    if (run_file_columns(in, column_names, N_COLUMNS, columns, e))
        return -1;
    while ((more = csv_next(in, e)) > 0) {
        struct row row;
        if (read_row(in, columns, &row, e))
            return -1;
        if (s->n_steps == 0)
            read_first(s, folder, row.texts[RUN]);
        struct sweep_step *step = step_of(s, &row, e);
        if (!step || result_of(in, row.texts[RESULT], &step->result, e))
            return -1;
        set_time(step, &row);
    }
    return more;
}

/* --- results --- */

static int by_rate(const void *a, const void *b)
{
    const struct sweep_step *x = a, *y = b;
    if (x->cluster != y->cluster)
        return x->cluster < y->cluster ? -1 : 1;
    if (x->offered_per_s != y->offered_per_s) /* NOLINT: as they stand in the file */
        return x->offered_per_s < y->offered_per_s ? -1 : 1;
    return strcmp(x->run, y->run); /* "RATE" before "RATE-again" */
}

/* A rate that was tried twice counts by its second result. */
static bool is_superseded(const struct sweep *s, size_t i)
{
    const struct sweep_step *step = &s->steps[i], *next = &s->steps[i + 1];
    return i + 1 < s->n_steps && next->cluster == step->cluster &&
           !(next->offered_per_s > step->offered_per_s);
}

static void conclude(struct sweep *s)
{
    for (size_t i = 0; i < s->n_steps; i++) {
        const struct sweep_step *step = &s->steps[i];
        struct sweep_cluster *c = &s->clusters[step->cluster];
        if (isnan(c->first_per_s))
            c->first_per_s = step->offered_per_s;
        if (!is_superseded(s, i) && step->result == SWEEP_HELD) {
            c->sustains_per_s = step->offered_per_s;
            c->fails_per_s = NAN; /* a lower rate may have failed by a passing disturbance */
        } else if (!is_superseded(s, i) && isnan(c->fails_per_s)) {
            c->fails_per_s = step->offered_per_s;
            c->why = step->result;
        }
    }
}

static bool is_step(const struct sweep *s, const char *run)
{
    size_t i = 0;
    while (i < s->n_steps && strcmp(s->steps[i].run, run) != 0)
        i++;
    return i < s->n_steps;
}

static bool is_done(const char *folder, const char *name)
{
    char path[PATH_BYTES];
    struct run_json run;
    struct err ignored;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    const bool done = run_json_read(&run, path, &ignored) == 0 && strcmp(run.end, "done") == 0;
    run_json_fini(&run);
    return done;
}

/* Finds runs of steps that the curve lacks because it lost its last lines. */
static void find_lost(struct sweep *s, const char *folder)
{
    DIR *entries = opendir(folder);
    for (const struct dirent *entry; entries && (entry = readdir(entries)) != NULL;)
        if (entry->d_name[0] != '.' && !is_step(s, entry->d_name) && is_done(folder, entry->d_name) &&
            s->n_lost++ == 0)
            snprintf(s->lost, sizeof s->lost, "%.95s", entry->d_name);
    utf8_trim(s->lost);
    utf8_line(s->lost);
    if (entries)
        closedir(entries);
}

int sweep_open(struct sweep *s, const char *folder, struct err *e)
{
    struct csv_reader in = { 0 };
    *s = (struct sweep){ 0 };
    const int status = run_file_open(&in, folder, "loadcurve.csv", e) ? -1 : read_steps(s, folder, &in, e);
    csv_reader_fini(&in);
    if (status)
        return -1;
    if (s->n_steps > 1)
        qsort(s->steps, s->n_steps, sizeof *s->steps, by_rate);
    conclude(s);
    find_lost(s, folder);
    return 0;
}

void sweep_fini(struct sweep *s)
{
    for (size_t i = 0; i < s->n_steps; i++)
        free(s->steps[i].run);
    free(s->steps);
    free(s->clusters);
    run_json_fini(&s->first);
    *s = (struct sweep){ 0 };
}

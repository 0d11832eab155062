#include "run_complete.h"

#include "csv.h"
#include "err.h"
#include "hist.h"
#include "json_member.h"
#include "tag_set.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int path_of(const char *folder, const char *file, char path[static PATH_MAX], struct err *why)
{
    if ((size_t)snprintf(path, PATH_MAX, "%s/%s", folder, file) < PATH_MAX)
        return 0;
    return err_set(why, ERR_INPUT, "the path of %.64s is too long", file);
}

/* Every value that run.json counted is in the log. */
static int check_exact(const json_t *run, const struct tag_set *tags, struct err *why)
{
    const json_t *exact = json_object_get(run, "exact");
    uint64_t n_lost = 0, n_counted = 0;
    if (!json_is_array(exact))
        return err_set(why, ERR_INPUT, "run.json has no 'exact'");
    for (size_t i = 0; i < json_array_size(exact); i++) {
        const json_t *row = json_array_get(exact, i);
        const char *text = json_string_value(json_object_get(row, "tag"));
        const uint64_t n = json_member_count(row, "n");
        struct tag tag;
        if (!text || tags_parse(text, &tag, why))
            return err_set(why, ERR_INPUT, "run.json: exact[%zu] has no tag", i);
        const size_t at = tag_set_find(tags, &tag);
        const uint64_t n_found = at == TAG_SET_NONE ? 0 : tags->rows[at].hist->n;
        n_counted += n;
        n_lost += n > n_found ? n - n_found : n_found - n;
    }
    if (n_lost == 0)
        return 0;
    return err_set(why, ERR_INPUT, "hist.hlog lacks %llu of %llu values that run.json counted",
                   (unsigned long long)n_lost, (unsigned long long)n_counted);
}

static int check_log(const char *folder, const json_t *run, struct err *why)
{
    char path[PATH_MAX];
    struct tag_set tags = { 0 };
    bool truncated;
    int status =
        path_of(folder, "hist.hlog", path, why) || tag_set_read(&tags, path, &truncated, why) ? -1 : 0;
    if (status == 0)
        status = check_exact(run, &tags, why);
    tag_set_fini(&tags);
    return status;
}

/* Rows of a session's steps are parts of their stream's row. A table without the column has none. */
static int sum_done(struct csv_reader *csv, uint64_t *n_done, struct err *why)
{
    const int done = csv_column(csv, "done_n", why);
    struct err ignored;
    const int step = csv_column(csv, "step", &ignored);
    int more = done < 0 ? -1 : 1;
    while (more > 0 && (more = csv_next(csv, why)) > 0) {
        uint64_t n;
        if (csv_get_u64(csv, done, 0, &n, why))
            more = -1;
        else if (step < 0 || !*csv->fields[step])
            *n_done += n;
    }
    return more;
}

static int check_intervals(const char *folder, const json_t *run, struct err *why)
{
    char path[PATH_MAX];
    struct csv_reader csv;
    uint64_t n_done = 0;
    if (path_of(folder, "intervals.csv", path, why) || csv_open_results(&csv, path, why))
        return -1;
    const int status = sum_done(&csv, &n_done, why);
    csv_reader_fini(&csv);
    if (status)
        return -1;
    const uint64_t n_counted = json_member_count(json_object_get(run, "totals"), "done_n");
    if (n_done == n_counted)
        return 0;
    return err_set(why, ERR_INPUT, "intervals.csv holds %llu requests where run.json counted %llu",
                   (unsigned long long)n_done, (unsigned long long)n_counted);
}

/* A run by several generators is whole with all their shares. */
static int check_shares(const json_t *run, struct err *why)
{
    const json_t *shares = json_object_get(run, "shards");
    const size_t n_less = json_array_size(json_object_get(shares, "missing")) +
                          json_array_size(json_object_get(shares, "incomplete"));
    if (n_less == 0)
        return 0;
    return err_set(why, ERR_INPUT, "%zu of %llu shares are missing or not complete", n_less,
                   (unsigned long long)json_member_count(shares, "count"));
}

static int check_run(const char *folder, const json_t *run, struct err *why)
{
    const char *end = json_string_value(json_object_get(run, "end"));
    if (!end)
        return err_set(why, ERR_INPUT, "run.json does not say how the run ended");
    if (strcmp(end, "running") == 0)
        return err_set(why, ERR_INPUT, "the run was killed, or still goes on");
    if (strcmp(end, "done") != 0)
        return err_set(why, ERR_INPUT, "the run did not reach its end: %.16s", end);
    return check_shares(run, why) || check_log(folder, run, why) || check_intervals(folder, run, why) ? -1
                                                                                                      : 0;
}

bool run_complete(const char *folder, struct err *why)
{
    char path[PATH_MAX];
    json_error_t where;
    *why = (struct err){ .kind = ERR_NONE };
    if (path_of(folder, "run.json", path, why) || (access(path, F_OK) && errno == ENOENT))
        return false;
    json_t *run = json_load_file(path, 0, &where);
    if (!run)
        err_set(why, ERR_INPUT, "run.json:%d: %.160s", where.line, where.text);
    const bool is_complete = run && check_run(folder, run, why) == 0;
    json_decref(run);
    return is_complete;
}

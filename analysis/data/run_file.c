#include "run_file.h"

#include "csv.h"
#include "err.h"

#include <stdio.h>
#include <string.h>

int run_file_path(const char *folder, const char *name, char path[PATH_MAX], struct err *e)
{
    if ((size_t)snprintf(path, PATH_MAX, "%s/%s", folder, name) >= PATH_MAX)
        return err_set(e, ERR_INPUT, "the path of %s in %.200s is too long", name, folder);
    return 0;
}

int run_file_open(struct csv_reader *csv, const char *folder, const char *name, struct err *e)
{
    char path[PATH_MAX];
    return run_file_path(folder, name, path, e) || csv_open_results(csv, path, e) ? -1 : 0;
}

int run_file_columns(const struct csv_reader *csv, const char *const *names, size_t n, int *columns,
                     struct err *e)
{
    for (size_t i = 0; i < n; i++)
        if ((columns[i] = csv_column(csv, names[i], e)) < 0)
            return -1;
    return 0;
}

void run_file_end_at(struct csv_reader *csv, uint64_t whole_s)
{
    struct err ignored; /* samples have no such column */
    const int column = csv_column(csv, "t_s", &ignored);
    if (whole_s == RUN_FILE_WHOLE)
        return;
    csv->may_be_cut = true;
    if (column >= 0)
        csv_end_before(csv, column, whole_s);
}

int run_file_step_column(const struct csv_reader *csv)
{
    struct err ignored; /* runs of single requests need none */
    return csv_column(csv, "step", &ignored);
}

const char *run_file_step(const struct csv_reader *csv, int step_column)
{
    return step_column < 0 ? "" : csv->fields[step_column];
}

bool run_file_is_of_passes(const struct csv_reader *csv, int step_column)
{
    return strcmp(run_file_step(csv, step_column), "session") == 0;
}

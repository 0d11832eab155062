#include "local.h"

#include "clock.h"
#include "deployment.h"
#include "err.h"
#include "files.h"
#include "local_state.h"
#include "process.h"
#include "provider.h"
#include "settings.h"
#include "status_lines.h"
#include "units.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATIENCE_NS (3 * NS_PER_S)

/* All recorded processes in one owned array; NULL when memory is out. */
static struct process *list_processes(const struct deployment *d, size_t *n)
{
    struct process *list = calloc(d->n_resources ? d->n_resources : 1, sizeof *list);
    *n = 0;
    for (size_t i = 0; list && i < d->n_resources; i++)
        if (local_process_of(&d->resources[i], &list[*n]))
            ++*n;
    return list;
}

static int end_processes(struct deployment *d, struct err *e)
{
    size_t n;
    struct process *list = list_processes(d, &n);
    if (!list)
        return err_set(e, ERR_FAILED, "out of memory");
    const unsigned n_left = process_end_all(list, n, PATIENCE_NS);
    free(list);
    for (size_t i = d->n_resources; i-- > 0;) {
        struct process p;
        const char *kind = deployment_resource_get(&d->resources[i], "kind");
        if (kind && strcmp(kind, "process") == 0 &&
            !(local_process_of(&d->resources[i], &p) && process_is_alive(&p)))
            deployment_remove_resource(d, &d->resources[i]);
    }
    return n_left ? err_set(e, ERR_FAILED, "%u processes do not end", n_left) : 0;
}

/* Removes a folder only if it has the run's name and belongs to this user, whatever the deployment file says.
 */
static int remove_folder(struct deployment *d, struct err *e)
{
    struct deployment_resource *r = deployment_find_resource(d, "folder", "work");
    const char *path = r ? deployment_resource_get(r, "id") : NULL;
    char name[32];
    struct stat about;
    if (!path)
        return 0;
    const char *base = strrchr(path, '/');
    snprintf(name, sizeof name, "loadgen-%s", d->run_id);
    if (!base || strcmp(base + 1, name) != 0)
        return err_set(e, ERR_FAILED, "the folder %s is not removed: its name should be %s", path, name);
    if (lstat(path, &about) == 0 && (!S_ISDIR(about.st_mode) || about.st_uid != geteuid()))
        return err_set(e, ERR_FAILED, "%s is not removed: it is not a folder of this user", path);
    if (files_remove_tree(path, e))
        return -1;
    for (size_t i = d->n_resources; i-- > 0;) {
        const char *kind = deployment_resource_get(&d->resources[i], "kind");
        if (kind && (strcmp(kind, "folder") == 0 || strcmp(kind, "log") == 0))
            deployment_remove_resource(d, &d->resources[i]);
    }
    return 0;
}

int local_remove(struct provider_context *c, struct err *e)
{
    struct err later = { ERR_NONE, "" };
    const int status = end_processes(c->deployment, e) || remove_folder(c->deployment, e) ? -1 : 0;
    if (status)
        deployment_save(c->deployment, c->path, &later); /* the first error counts */
    return status;
}

/* Call after HAProxy has ended: the log is complete then. */
static int keep_log(const struct provider_context *c, struct err *e)
{
    char path[LOCAL_PATH_BYTES];
    char block[65536];
    size_t n;
    if (!c->settings->keep_log)
        return 0;
    FILE *from = fopen(local_path(c->deployment, LOCAL_ACCESS_LOG, path), "re");
    if (!from)
        return err_errno(e, ERR_FAILED, "cannot open the access log %s", path);
    FILE *to = fopen(c->settings->keep_log, "we");
    if (!to) {
        fclose(from);
        return err_errno(e, ERR_INPUT, "cannot create %s", c->settings->keep_log);
    }
    while ((n = fread(block, 1, sizeof block, from)) > 0)
        fwrite(block, 1, n, to);
    const bool is_read = !ferror(from);
    fclose(from);
    if (files_close(to, c->settings->keep_log, e))
        return -1;
    return is_read ? 0 : err_set(e, ERR_FAILED, "cannot read the access log %s to its end", path);
}

int local_down(struct provider_context *c, struct err *e)
{
    unsigned n;
    unsigned n_alive;
    local_count(c->deployment, &n, &n_alive);
    c->deployment->state = DEPLOYMENT_REMOVING;
    provider_save_if_possible(c);
    if (end_processes(c->deployment, e))
        return -1;
    status_lines_set(c->lines, "processes", n_alive, n, "ended", clock_monotonic_ns(), "%s",
                     n_alive < n ? "the others had ended before, or are not ours any more" : "");
    if (keep_log(c, e)) {
        struct err second; /* the first error counts */
        deployment_save(c->deployment, c->path, &second);
        return -1;
    }
    return local_remove(c, e);
}

#include "generator_run.h"

#include "bill.h"
#include "clock.h"
#include "deployed.h"
#include "err.h"
#include "exit_code.h"
#include "files.h"
#include "generator_link.h"
#include "generator_script.h"
#include "plan.h"
#include "run_folder.h"
#include "run_options.h"
#include "stop.h"
#include "term.h"
#include "upload.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SHELL_NOT_RUN = 126, SHELL_NOT_FOUND = 127 };

struct job {
    const struct run_options *options;
    const struct plan *plan;
    struct plan elsewhere; /* when the target is no deployment: the one whose generator is used */
    struct upload upload;
    struct generator_link link;
    struct run_folder results; /* what came back; path "": nothing */
};

/* --- what came back --- */

/* The one name in a folder; "" when there is none or it is no plain name. */
static void only_name(const char *folder, char out[static NAME_MAX + 1])
{
    DIR *stream = opendir(folder);
    *out = '\0';
    for (const struct dirent *entry; stream && (entry = readdir(stream)) != NULL;)
        if (*entry->d_name != '.')
            snprintf(out, NAME_MAX + 1, "%s", entry->d_name);
    if (stream)
        closedir(stream);
}

/* Of "a/b" and "a/b/", "a"; of a path of one name, ".". */
static void parent_of(const char *path, char out[static PATH_MAX])
{
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    while (n > 0 && path[n - 1] != '/')
        n--;
    while (n > 1 && path[n - 1] == '/')
        n--;
    snprintf(out, PATH_MAX, "%.*s", n > 0 ? (int)n : 1, n > 0 ? path : ".");
}

/* Puts what was unpacked in `from` to its path here; "": into `parent`, under its own name. */
static int settle(const char *from, const char *parent, char path[static PATH_MAX], struct err *e)
{
    char name[NAME_MAX + 1];
    char whole[2 * PATH_MAX];
    struct stat about;
    only_name(from, name);
    snprintf(whole, sizeof whole, "%s/%s", from, name);
    if (!*name || lstat(whole, &about) < 0 || !(S_ISDIR(about.st_mode) || S_ISREG(about.st_mode)))
        return err_set(e, ERR_FAILED, "the generator sent neither a file nor a folder");
    if (!*path && snprintf(path, PATH_MAX, "%s/%s", parent, name) >= PATH_MAX)
        return err_set(e, ERR_FAILED, "the path of the results is too long");
    return rename(whole, path) == 0 ? 0 : err_errno(e, ERR_FAILED, "cannot put the results into %s", path);
}

/* Fetches the file or folder that lies there in the place of `there`. It appears here whole or not at all. 1:
 * there is none. */
static int fetch(const struct job *j, const char *there, char path[static PATH_MAX], struct err *e)
{
    char place[PATH_MAX];
    char parent[PATH_MAX];
    char into[PATH_MAX];
    struct err ignored;
    parent_of(*path ? path : "results/x", parent);
    if (upload_place(&j->upload, there, place, e) || files_make_folders(parent, e))
        return -1;
    snprintf(into, sizeof into, "%.*s/.from-generator-XXXXXX", PATH_MAX - 64, parent);
    if (!mkdtemp(into))
        return err_errno(e, ERR_FAILED, "cannot make a folder in %s", parent);
    int status = generator_link_fetch(&j->link, place, into, e);
    if (status == 0)
        status = settle(into, parent, path, e);
    files_remove_tree(into, &ignored);
    return status;
}

/* --out, else the newest folder of results there. 1: the run made none. */
static int fetch_results(struct job *j, struct err *e)
{
    const struct run_options *o = j->options;
    struct run_folder folder = { .path = "" };
    if (o->out_folder)
        snprintf(folder.path, sizeof folder.path, "%s", o->out_folder);
    const int status = fetch(j, o->out_folder ? o->out_folder : "results/latest", folder.path, e);
    if (status == 0) {
        j->results = folder;
        run_folder_point_latest(&folder);
    }
    return status;
}

static int fetch_output(const struct job *j, const char *file, struct err *e)
{
    char path[PATH_MAX];
    if (!file || strcmp(file, "-") == 0)
        return 0;
    snprintf(path, sizeof path, "%s", file);
    return fetch(j, file, path, e);
}

static int bring_back(struct job *j, struct err *e)
{
    const struct run_options *o = j->options;
    if (fetch_results(j, e) < 0 || fetch_output(j, o->junit_file, e) < 0 ||
        fetch_output(j, o->markdown_file, e) < 0)
        return -1;
    return 0;
}

/* --- the run --- */

/* The generator ends by itself, whatever the target is. */
static int check_expiry(const struct job *j, const struct plan *of, struct err *e)
{
    struct bill bill;
    bill_init(&bill, of);
    return bill_check(&bill, "the run", plan_length(j->plan), clock_realtime_ns(), e);
}

static int find_generator(struct job *j, const struct plan_deployment **d, struct err *e)
{
    const struct plan *of = j->plan->deployment.present ? j->plan : &j->elsewhere;
    if (of == &j->elsewhere && deployed_load(&j->elsewhere, NULL, DEPLOYED_DEFAULT_FILE, e))
        return -1;
    *d = &of->deployment;
    const struct plan_generator *g = &(*d)->generator;
    if (!g->id || !g->address || !g->user || !g->host_keys_file)
        return err_set(e, ERR_INPUT,
                       "%s has no generator: a topology with one, such as m4x4-t2x4, brings it up on AWS",
                       (*d)->file);
    const struct remote remote = { .name = g->id,
                                   .user = g->user,
                                   .address = g->address,
                                   .port = g->port,
                                   .key_file = g->ssh_key ? g->ssh_key : "",
                                   .host_keys_file = g->host_keys_file };
    return check_expiry(j, of, e) ? -1 : generator_link_init(&j->link, &remote, e);
}

/* The results of a run that lost its connection are those up to then. */
static int run_there(const struct job *j, struct err *e)
{
    static const char last_words[] =
        "loadgen: ended at once; the run on the generator is stopped, and what it wrote "
        "there is removed within ten minutes\n";
    stop_last_words(last_words);
    int code = generator_link_run(&j->link, GENERATOR_SCRIPT, e);
    if (code == REMOTE_EXIT_CONNECTION) {
        fprintf(stderr, "loadgen: the connection to the generator is lost; trying again\n");
        code = generator_link_resume(&j->link, e);
        if (code == 0)
            code = err_set(e, ERR_FAILED, "the connection to the generator was lost, which ended the run");
    }
    stop_last_words(NULL);
    return code == SHELL_NOT_FOUND || code == SHELL_NOT_RUN
               ? err_set(e, ERR_FAILED, "loadgen cannot be run on the generator: `up --package` installs it")
               : code;
}

/* Before anything is sent, as a run here would. */
static int check_folder(const struct run_options *o, struct err *e)
{
    return o->out_folder && access(o->out_folder, F_OK) == 0
               ? err_set(e, ERR_INPUT, "%s exists already: results are never overwritten", o->out_folder)
               : 0;
}

static int send_and_run(struct job *j, struct err *e)
{
    const struct plan_deployment *d;
    struct err second;
    if (check_folder(j->options, e) || generator_script_check(j->options, e) || find_generator(j, &d, e) ||
        upload_init(&j->upload, e) ||
        generator_script_write(&j->upload, j->options, j->plan, d->file, d->generator.id, e))
        return -1;
    int code = generator_link_send(&j->link, j->upload.folder, e);
    if (code == 0) {
        code = run_there(j, e);
        if (bring_back(j, &second) < 0)
            return err_set(e, ERR_FAILED,
                           "%.1000s; the results stay there for ten minutes, in the home folder's %s",
                           second.text, j->link.folder);
        if (code < 0 && *j->results.path)
            err_append(e, "what was measured until then is in %s", j->results.path);
    }
    if (generator_link_remove(&j->link, &second) < 0 && code >= 0)
        fprintf(stderr, "loadgen: warning: %s\n", second.text);
    return code;
}

int generator_run(const struct run_options *o, const struct plan *plan, struct err *e)
{
    struct job j = { .options = o, .plan = plan };
    const int code = send_and_run(&j, e);
    upload_fini(&j.upload);
    plan_fini(&j.elsewhere);
    if (code >= 0 || !stop_is_asked())
        return code;
    fprintf(stderr, "loadgen: %s\n", e->text);
    return EXIT_CODE_INTERRUPTED;
}

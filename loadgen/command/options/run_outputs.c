#include "run_outputs.h"

#include "err.h"
#include "files.h"
#include "run_options.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_stdout(const char *file)
{
    return file && strcmp(file, "-") == 0;
}

static int n_on_stdout(const struct run_options *o)
{
    return o->json + is_stdout(o->junit_file) + is_stdout(o->markdown_file);
}

bool run_outputs_use_stdout(const struct run_options *o)
{
    return n_on_stdout(o) > 0;
}

/* A device or a pipe would be replaced by a file of its name. */
static bool is_other_than_file(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && !S_ISREG(about.st_mode);
}

/* Whether the path of a folder, with a slash at its end, is that of --out, which the run makes. */
static bool is_out_folder(const struct run_options *o, const char *folder)
{
    const size_t length = o->out_folder ? strlen(o->out_folder) : 0;
    return length > 0 && strncmp(folder, o->out_folder, length) == 0 &&
           (strcmp(folder + length, "/") == 0 || (o->out_folder[length - 1] == '/' && !folder[length]));
}

static int check_file(const struct run_options *o, const char *option, const char *file, struct err *e)
{
    char folder[PATH_MAX];
    if (!file || is_stdout(file))
        return 0;
    const char *slash = strrchr(file, '/');
    if (!*file || (slash && !slash[1]) || strlen(file) >= sizeof folder || is_other_than_file(file))
        return err_set(e, ERR_INPUT, "--%s must name a file, not '%.64s'", option, file);
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - file) + 1 : 1, slash ? file : ".");
    if (is_out_folder(o, folder))
        return 0;
    if (files_make_folders(folder, e))
        return err_prefix(e, "--%s", option);
    if (access(folder, W_OK) || (access(file, F_OK) == 0 && access(file, W_OK)))
        return err_errno(e, ERR_INPUT, "--%s: cannot write %s", option, file);
    return 0;
}

int run_outputs_check(const struct run_options *o, struct err *e)
{
    if (n_on_stdout(o) > 1)
        return err_set(e, ERR_INPUT, "only one of --json, --junit - and --markdown - can have stdout");
    if (o->junit_file && o->markdown_file && strcmp(o->junit_file, o->markdown_file) == 0)
        return err_set(e, ERR_INPUT, "--junit and --markdown name the same file, %.200s", o->junit_file);
    return check_file(o, "junit", o->junit_file, e) || check_file(o, "markdown", o->markdown_file, e) ? -1
                                                                                                      : 0;
}

#include "generator_script.h"

#include "err.h"
#include "files.h"
#include "options.h"
#include "plan.h"
#include "remote.h"
#include "run_options.h"
#include "term.h"
#include "upload.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Ends with the connection: every line of its input is a signal for the run, and its end is SIGTERM. What the
 * run leaves is removed by this program once it has it, or ten minutes later. */
static const char head[] = "cd \"$(dirname \"$0\")\" || exit 1\n"
                           "home=$(pwd)\n"
                           "root=$home/" UPLOAD_FILES "\n"
                           "echo $$ >pid\n"
                           "exec 3<&0\n"
                           "(\n"
                           "    while read -r signal <&3; do kill -s \"$signal\" $$; done\n"
                           "    kill -s TERM $$\n"
                           "    n=0\n"
                           "    while [ -d \"$home\" ] && [ $n -lt 6000 ]; do sleep 0.1; n=$((n + 1)); done\n"
                           "    cd / && rm -rf \"$home\"\n"
                           ") </dev/null >/dev/null 2>&1 &\n";

/* Where the value of an option is a file that the run reads, one that it writes, or nothing for the
 * generator. */
static const char *const read_options[] = { "deployment", "body-file", "cacert", "cert", "key", NULL };
static const char *const written_options[] = { "out", "junit", "markdown", NULL };
static const char *const local_options[] = { "on-generator", NULL };

struct script {
    struct upload *upload;
    const struct run_options *options;
    FILE *out;
    const struct option_row *row; /* being written */
    struct err *e;
    int status;
};

static bool is_one_of(const char *name, const char *const names[])
{
    for (size_t i = 0; names[i]; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* From the current folder, an absolute path is the same file here and there: messages there name it rightly.
 */
static void put_path(const struct script *s, const char *path)
{
    for (const char *at = s->upload->current; *path == '/' && *at; at++)
        if (*at == '/' && at[1])
            fputs("../", s->out);
    remote_write_word(s->out, path + strspn(path, "/"));
}

int generator_script_check(const struct run_options *o, struct err *e)
{
    static const struct {
        const char *option, *why;
    } refused[] = {
        { "unix-socket", "the socket is one of this machine" },
        { "serve", "the page would be served there; the progress is shown here" },
        { "metrics-listen", "the metrics would be served there" },
        { "no-results", "the results are what is brought back" },
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (options_given(o->parsed, &o->result, refused[i].option))
            return err_set(e, ERR_INPUT, "--%s cannot be used with --on-generator: %s", refused[i].option,
                           refused[i].why);
    return 0;
}

static void put_value(struct script *s, const char *value)
{
    const char *name = s->row->name;
    const bool is_stdin = strcmp(value, "-") == 0;
    fprintf(s->out, " --%s=", name);
    if (is_one_of(name, read_options)) {
        if (s->status == 0)
            s->status = is_stdin ? upload_copy(s->upload, stdin, "/standard-input", s->e)
                                 : upload_add(s->upload, value, s->e);
        put_path(s, is_stdin ? "/standard-input" : value);
    } else if (is_one_of(name, written_options) && !is_stdin) {
        if (s->status == 0)
            s->status = upload_make_parents(s->upload, value, s->e);
        put_path(s, value);
    } else {
        remote_write_word(s->out, value);
    }
}

/* Values that have no secrets, as texts. */
static void put_plain(void *payload, const char *name, const char *value)
{
    struct script *s = payload;
    if (value && strcmp(name, s->row->name) == 0)
        put_value(s, value);
}

static void put_option(struct script *s)
{
    const struct run_options *o = s->options;
    const void *field = (const char *)o + s->row->offset;
    switch (s->row->kind) {
    case OPTION_FLAG:
        fprintf(s->out, " --%s", s->row->name);
        break;
    case OPTION_TEXT:
        put_value(s, *(const char *const *)field);
        break;
    case OPTION_LIST: {
        const struct option_list *list = field;
        for (size_t i = 0; i < list->n; i++)
            put_value(s, list->items[i]);
        break;
    }
    default:
        options_visit(o->parsed, o, put_plain, s);
    }
}

static void put_options(struct script *s)
{
    const struct command *command = s->options->parsed;
    for (size_t i = 0; (s->row = options_row(command, i)) != NULL; i++)
        if (options_given(command, &s->options->result, s->row->name) &&
            !is_one_of(s->row->name, local_options))
            put_option(s);
}

/* The scenario by the word that was given, or a URL. A shipped one becomes a file of that name. */
static int put_subject(struct script *s, const struct plan *plan)
{
    const struct run_options *o = s->options;
    if (!o->scenario) {
        remote_write_word(s->out, o->result.n_positional ? o->result.positional[0] : "");
        return 0;
    }
    put_path(s, o->scenario);
    if (strcmp(o->scenario, plan->scenario_file) == 0)
        return upload_add(s->upload, o->scenario, s->e);
    FILE *shipped = fopen(plan->scenario_file, "re");
    if (!shipped)
        return err_errno(s->e, ERR_INPUT, "cannot read %s", plan->scenario_file);
    const int status = upload_copy(s->upload, shipped, o->scenario, s->e);
    fclose(shipped);
    return status;
}

/* What is written there is shown here. */
static void put_terminal(FILE *out, FILE *stream)
{
    const struct term t = term_look(stream);
    if (t.live)
        fprintf(out, "export TERM=xterm " TERM_ELSEWHERE_VARIABLE "%d=%dx%d%s\n", fileno(stream), t.width,
                t.height, t.colour ? "" : " NO_COLOR=1");
}

static int put_command(struct script *s, const struct plan *plan, const char *id)
{
    put_terminal(s->out, stdout);
    put_terminal(s->out, stderr);
    fputs("cd \"$root\"", s->out);
    remote_write_word(s->out, s->upload->current);
    fputs(" || exit 1\nexport " PLAN_FILES_ROOT_VARIABLE "=\"$root\" " PLAN_ON_GENERATOR_VARIABLE "=",
          s->out);
    remote_write_word(s->out, id);
    fputs("\nexec loadgen run ", s->out);
    if (put_subject(s, plan))
        return -1;
    put_options(s);
    fputs(" </dev/null 3<&-\n", s->out);
    return s->status;
}

int generator_script_write(struct upload *u, const struct run_options *o, const struct plan *plan,
                           const char *deployment, const char *id, struct err *e)
{
    char path[PATH_MAX];
    struct script s = { .upload = u, .options = o, .e = e };
    for (size_t i = 0; i < plan->n_files; i++)
        if (upload_add(u, plan->files[i], e))
            return -1;
    if (upload_add(u, deployment, e))
        return -1;
    snprintf(path, sizeof path, "%.*s/" GENERATOR_SCRIPT, PATH_MAX - 16, u->folder);
    s.out = files_create(path, e);
    if (!s.out)
        return -1;
    fputs(head, s.out);
    const int status = put_command(&s, plan, id);
    return files_close(s.out, path, e) || status ? -1 : 0;
}

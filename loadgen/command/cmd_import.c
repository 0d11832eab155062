/* `loadgen import`: what people already have becomes a scenario. The table of kinds is the one list of them.
 */
#include "curl_import.h"
#include "draft_names.h"
#include "err.h"
#include "exit_code.h"
#include "files.h"
#include "har_import.h"
#include "import_job.h"
#include "loadgen_commands.h"
#include "log_import.h"
#include "nearest.h"
#include "openapi_import.h"
#include "postman_import.h"
#include "text_out.h"
#include "yaml_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct import_options {
    const char *output, *name, *target, *methods;
    struct options_result result;
};

static const struct {
    const char *name;
    import_fn *import;
    bool takes_words; /* the words of a command behind `--` */
    bool is_log;      /* it takes --target and --methods */
} kinds[] = {
    { "curl", curl_import, true, false },        { "har", har_import, false, false },
    { "openapi", openapi_import, false, false }, { "postman", postman_import, false, false },
    { "alb", log_import, false, true },          { "apache", log_import, false, true },
    { "nginx", log_import, false, true },
};

enum { N_KINDS = sizeof kinds / sizeof *kinds };

static const struct option_row rows[] = {
    { OPTION("output", OPTION_TEXT, struct import_options, output), .letter = 'o', .value_name = "FILE",
      .help = "write the scenario to this file instead of standard output" },
    { OPTION("name", OPTION_TEXT, struct import_options, name), .value_name = "NAME",
      .help = "name of the scenario, instead of that of the output or the first file" },
    { OPTION("target", OPTION_TEXT, struct import_options, target), .value_name = "URL",
      .help = "logs: where to send the requests, instead of where they went" },
    { OPTION("methods", OPTION_TEXT, struct import_options, methods), .value_name = "LIST",
      .help = "logs: take requests of these methods, or all, without their bodies (default: GET,HEAD)" },
    { 0 },
};

static const struct command_exit exits[] = {
    { EXIT_CODE_DONE, "done: the scenario is written" },
    { EXIT_CODE_FAILED, "failed; no scenario is written" },
    { 0 },
};

static const char *const examples[] = {
    "loadgen import curl commands.sh -o shop.yaml",
    "loadgen import curl -o shop.yaml -- curl -d name=Ann http://127.0.0.1:8080/",
    "loadgen import har recording.har -o shop.yaml",
    "loadgen import openapi api.yaml -o shop.yaml",
    "loadgen import postman collection.json environment.json -o shop.yaml",
    "loadgen import alb logs/*.gz -o replay.yaml --target http://127.0.0.1:8080",
    NULL,
};

static const struct command_note files[] = {
    { "NAME-body-N", "beside the scenario: a body that YAML cannot hold" },
    { "NAME.requests.csv", "beside the scenario NAME.yaml: the requests of a log (docs/replay.md)" },
    { 0 },
};

static const struct command_page pages[] = {
    { "loadgen-scenario(5)", "loadgen/scenarios/README.md", "every key of a scenario file" },
    { "loadgen-results(5)", NULL, "every file of a run's folder" },
    { 0 },
};

const struct command import_command = {
    .name = "loadgen import",
    .synopsis = "curl | har | openapi | postman | alb | apache | nginx FILE... [-- curl WORD...]",
    .summary = "Make a scenario of curl commands, a browser's recording, an API's description, or a log",
    .rows = rows,
    .details =
        "curl: command lines, such as a browser's \"Copy as cURL\", or one command behind `--`. har: what a\n"
        "browser recorded, as the session of one user. openapi: an OpenAPI 3 description in JSON or YAML,\n"
        "each operation a step. postman: a collection, with environments if there are any. alb, apache,\n"
        "nginx: access logs, plain or gz, whose requests are replayed at their times. FILE `-` is standard\n"
        "input. But for logs, the scenario has one user for a minute at most; raise `users` and `phases`\n"
        "once it is right. Secrets do not get into it: each becomes {env:NAME}. The file begins with a list "
        "of\n"
        "these variables and of what could not be mapped; `loadgen plan` checks the rest.",
    .exits = exits,
    .examples = examples,
    .files = files,
    .pages = pages,
};

static int find_kind(const char *word, size_t *found, struct err *e)
{
    const char *names[N_KINDS];
    for (size_t i = 0; i < N_KINDS; i++) {
        names[i] = kinds[i].name;
        if (strcmp(names[i], word) == 0) {
            *found = i;
            return 0;
        }
    }
    const char *near = nearest_word(word, names, N_KINDS);
    return near ? err_set(e, ERR_INPUT, "'%.64s' is not a kind; did you mean '%s'?", word, near)
                : err_set(e, ERR_INPUT, "'%.64s' is not a kind: see `loadgen import --help`", word);
}

/* The scenario's name: as given, or of the file that it is written to, or of the first file that is read. */
static void choose_name(struct import_job *job, const char *given)
{
    const char *path = given ? given : job->output ? job->output : job->n_files > 0 ? job->files[0] : "curl";
    const char *slash = given ? NULL : strrchr(path, '/');
    char stem[256];
    snprintf(stem, sizeof stem, "%s", slash ? slash + 1 : path);
    char *dot = given ? NULL : strrchr(stem, '.');
    if (dot && dot > stem)
        *dot = '\0';
    draft_names_make(stem[strspn(stem, "-.")] ? stem : job->kind, job->name);
}

static int import(const struct import_job *job, import_fn *fn, struct err *e)
{
    struct text_out made;
    const int status = text_out_begin(&made) ? fn(job, made.file, e) : 0;
    char *text = text_out_end(&made);
    int done = status;
    if (status == 0 && !text)
        done = err_set(e, ERR_FAILED, "out of memory for the scenario");
    else if (status == 0 && made.length_bytes > YAML_FILE_BYTES_MOST)
        done = err_set(e, ERR_INPUT, "the scenario would have more than %d KiB: import less at a time",
                       YAML_FILE_BYTES_MOST / 1024);
    else if (status == 0 && job->output)
        done = files_write(job->output, text, made.length_bytes, 0666, e);
    else if (status == 0)
        fwrite(text, 1, made.length_bytes, stdout);
    free(text);
    return done;
}

static int import_given(const struct import_options *o, char *const words[], size_t n_words, bool has_words,
                        struct err *e)
{
    size_t kind = 0;
    if (o->result.n_positional == 0)
        return err_set(e, ERR_INPUT, "name a kind and a file: see `loadgen import --help`");
    if (find_kind(o->result.positional[0], &kind, e))
        return -1;
    struct import_job job = { .kind = kinds[kind].name,
                              .files = o->result.positional + 1,
                              .n_files = o->result.n_positional - 1,
                              .words = words,
                              .n_words = n_words,
                              .output = o->output,
                              .target = o->target,
                              .methods = o->methods };
    if (!kinds[kind].is_log && (o->target || o->methods))
        return err_set(e, ERR_INPUT, "--%s belongs to logs, and %s is none", o->target ? "target" : "methods",
                       job.kind);
    if (has_words && !kinds[kind].takes_words)
        return err_set(e, ERR_INPUT, "only curl takes a command behind `--`, not %s", job.kind);
    if (has_words && job.n_files > 0)
        return err_set(e, ERR_INPUT, "give files or a command behind `--`, not both");
    if (!has_words && job.n_files == 0)
        return err_set(e, ERR_INPUT, "name the file to import, or - for standard input");
    if (has_words && n_words == 0)
        return err_set(e, ERR_INPUT, "there is no command behind `--`");
    choose_name(&job, o->name);
    return import(&job, kinds[kind].import, e);
}

int cmd_import(int argc, char *const argv[], struct err *e)
{
    struct import_options o = { 0 };
    int n = 0;
    while (n < argc && strcmp(argv[n], "--") != 0)
        n++;
    const bool has_words = n < argc;
    int status = options_parse(&import_command, &o, n, argv, &o.result, e);
    if (status == 0)
        status = import_given(&o, argv + n + has_words, (size_t)(argc - n - has_words), has_words, e);
    options_fini(&import_command, &o, &o.result);
    return status ? -1 : EXIT_CODE_DONE;
}

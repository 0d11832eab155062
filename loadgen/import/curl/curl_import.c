#include "curl_import.h"

#include "curl_command.h"
#include "curl_step.h"
#include "draft.h"
#include "draft_write.h"
#include "err.h"
#include "shell_words.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES_MOST = 64 * 1024 * 1024 };

/* The words behind `curl`: a request, and one more behind each --next. */
static int read_requests(struct draft *d, const char *place, const char *const *words, size_t n,
                         struct err *e)
{
    size_t at = 0;
    do {
        struct curl_command c;
        if (curl_command_read(&c, d, place, words, n, &at, e) || curl_step_add(&c, e))
            return -1;
    } while (at < n);
    return 0;
}

static bool is_curl(const char *word)
{
    const char *slash = strrchr(word, '/');
    const char *name = slash ? slash + 1 : word;
    return strcmp(name, "curl") == 0 || strcmp(name, "curl.exe") == 0;
}

/* Words that stand in front of a command and leave it as it is. */
static size_t skip_fronts(const char *const *words, size_t n)
{
    static const char *const fronts[] = { "$", "time", "sudo", "exec", "command", "if", "then", "do", "!" };
    size_t at = 0;
    for (size_t i = 0; at < n && i < sizeof fronts / sizeof *fronts; i++)
        if (strcmp(words[at], fronts[i]) == 0) {
            at++;
            i = (size_t)-1;
        }
    return at;
}

static int read_shell_command(struct draft *d, const struct shell_words *s, struct err *e)
{
    const size_t front = skip_fronts(s->words, s->n_words);
    if (front == s->n_words)
        return 0;
    const char *place = arena_format(&d->arena, e, "%s:%u", s->file, s->first_line);
    if (!place)
        return -1;
    if (!is_curl(s->words[front]))
        return draft_note(d, e, "%s: %.64s: only curl's commands are requests", place, s->words[front]);
    return read_requests(d, place, s->words + front + 1, s->n_words - front - 1, e);
}

/* cmd.exe quotes with ^, and PowerShell has a command of its own. */
static int check_shell(const char *file, const char *text, struct err *e)
{
    if (strstr(text, "curl ^\"") || strstr(text, "^\r\n") || strstr(text, "^\n"))
        return err_set(e, ERR_INPUT, "%s: this is quoted for cmd.exe; copy it as cURL (bash)", file);
    if (strstr(text, "Invoke-WebRequest"))
        return err_set(e, ERR_INPUT, "%s: this is for PowerShell; copy it as cURL (bash)", file);
    return 0;
}

static int read_text(struct draft *d, const char *file, const char *text, struct err *e)
{
    struct shell_words s;
    int found = check_shell(file, text, e);
    if (found)
        return -1;
    shell_words_begin(&s, &d->arena, file, text);
    while ((found = shell_words_next(&s, e)) > 0)
        if (read_shell_command(d, &s, e))
            return -1;
    return found;
}

static int read_file(struct draft *d, const char *file, struct err *e)
{
    char *text;
    size_t length;
    const char *name = import_job_file_name(file);
    if (import_job_read(file, FILE_BYTES_MOST, &text, &length, e))
        return -1;
    const int status = strlen(text) == length
                           ? read_text(d, name, text, e)
                           : err_set(e, ERR_INPUT, "%s: a command line holds no byte 0", name);
    free(text);
    return status;
}

/* The shell has read these words already. */
static int read_words(struct draft *d, const struct import_job *job, struct err *e)
{
    const char **words = arena_take(&d->arena, job->n_words * sizeof *words, e);
    const size_t n = job->n_words;
    if (!words)
        return -1;
    if (!is_curl(job->words[0]))
        return err_set(e, ERR_INPUT, "the command behind `--` must be curl, not '%.64s'", job->words[0]);
    for (size_t i = 0; i < n; i++)
        if (!(words[i] = words_literal(&d->arena, job->words[i], strlen(job->words[i]), e)))
            return -1;
    return read_requests(d, "the command", words + 1, n - 1, e);
}

/* One request is a plain stream; several are what a user does one after the other, and so is a redirect. */
static void choose_sessions(struct draft *d)
{
    for (size_t i = 0; i < d->n_streams; i++)
        d->streams[i].is_session = d->streams[i].n_steps > 1 || d->streams[i].steps[0].n_follow > 0;
}

int curl_import(const struct import_job *job, FILE *out, struct err *e)
{
    struct draft d = { 0 };
    int status = import_job_begin(job, &d, e);
    if (status == 0 && job->n_words > 0)
        status = read_words(&d, job, e);
    for (size_t i = 0; status == 0 && i < job->n_files; i++)
        status = read_file(&d, job->files[i], e);
    if (status == 0) {
        choose_sessions(&d);
        status = draft_write(&d, job->output, out, e);
    }
    draft_fini(&d);
    return status;
}

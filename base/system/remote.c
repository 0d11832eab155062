#include "remote.h"

#include "err.h"
#include "term.h"
#include "text_out.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define WORD_CHARACTERS    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-"
#define ADDRESS_CHARACTERS WORD_CHARACTERS ":"

static bool is_made_of(const char *text, const char *characters)
{
    return *text && *text != '-' && strspn(text, characters) == strlen(text);
}

/* ssh expands ${NAME} in paths and has no way to quote it; a quote would end the value. */
static bool is_plain_path(const char *path)
{
    for (const char *c = path; *c; c++)
        if ((unsigned char)*c < ' ' || *c == '"' || *c == '\\' || *c == '\x7f')
            return false;
    return !strstr(path, "${");
}

int remote_check(const struct remote *r, struct err *e)
{
    const char *const paths[] = { r->key_file, r->host_keys_file };
    if (!is_made_of(r->user, WORD_CHARACTERS))
        return err_set(e, ERR_INPUT, "'%s' is no user for ssh", r->user);
    if (!is_made_of(r->address, ADDRESS_CHARACTERS) || !is_made_of(r->name, ADDRESS_CHARACTERS))
        return err_set(e, ERR_INPUT, "'%s' is no address for ssh", r->address);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (!is_plain_path(paths[i]))
            return err_set(
                e, ERR_INPUT,
                "ssh cannot use the path '%s': it has a quote, a backslash, a control character or ${",
                paths[i]);
    return 0;
}

/* Words under construction; after a failure it stays empty. */
struct list {
    char **words;
    size_t n;
    bool is_short; /* of memory */
};

static void add(struct list *l, const char *word)
{
    char **larger = l->is_short ? NULL : realloc(l->words, (l->n + 2) * sizeof *larger);
    if (larger)
        l->words = larger;
    char *copy = larger && word ? strdup(word) : NULL;
    if (!copy) {
        l->is_short = true;
        return;
    }
    l->words[l->n++] = copy;
    l->words[l->n] = NULL;
}

static void write_path(FILE *out, const char *path)
{
    for (; *path; path++) {
        if (*path == '%') /* ssh expands it */
            putc('%', out);
        putc(*path, out);
    }
}

static void add_path(struct list *l, const char *before, const char *path, const char *after)
{
    struct text_out out;
    if (text_out_begin(&out)) {
        fputs(before, out.file);
        write_path(out.file, path);
        fputs(after, out.file);
    }
    char *word = text_out_end(&out);
    add(l, word);
    free(word);
}

void remote_write_word(FILE *out, const char *word)
{
    putc('\'', out);
    for (; *word; word++)
        if (*word == '\'')
            fputs("'\\''", out);
        else
            putc(*word, out);
    putc('\'', out);
}

static void add_command(struct list *l, const char *const command[])
{
    struct text_out out;
    if (text_out_begin(&out))
        for (size_t i = 0; command[i]; i++) {
            fputs(i ? " " : "", out.file);
            remote_write_word(out.file, command[i]);
        }
    char *word = text_out_end(&out);
    add(l, word);
    free(word);
}

/* Nothing is asked and nothing else is started or forwarded; a dead connection is noticed within a minute. */
static void add_options(struct list *l)
{
    static const char *const options[] = {
        "BatchMode=yes",    "ConnectTimeout=10", "ServerAliveInterval=15", "ServerAliveCountMax=4",
        "LogLevel=ERROR",   "RequestTTY=no",     "RemoteCommand=none",     "ClearAllForwardings=yes",
        "ForwardAgent=no",  "ForwardX11=no",     "PermitLocalCommand=no",  "ControlMaster=no",
        "ControlPath=none", "UpdateHostKeys=no",
    };
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        add(l, "-o");
        add(l, options[i]);
    }
}

static void add_machine(struct list *l, const struct remote *r)
{
    char text[256];
    add(l, "-o");
    add(l, "StrictHostKeyChecking=accept-new");
    add(l, "-o");
    add_path(l, "UserKnownHostsFile=\"", r->host_keys_file, "\"");
    snprintf(text, sizeof text, "HostKeyAlias=%s", r->name);
    add(l, "-o");
    add(l, text);
    if (*r->key_file) {
        add(l, "-o");
        add(l, "IdentitiesOnly=yes");
        add(l, "-i");
        add_path(l, "", r->key_file, "");
    }
    if (r->port != 22) {
        snprintf(text, sizeof text, "%u", r->port);
        add(l, "-p");
        add(l, text);
    }
    snprintf(text, sizeof text, "%s@%s", r->user, r->address);
    add(l, text);
}

char **remote_words(const struct remote *r, const char *const command[])
{
    struct list l = { 0 };
    add(&l, "ssh");
    if (command)
        add_options(&l);
    add_machine(&l, r);
    if (command)
        add_command(&l, command);
    if (!l.is_short)
        return l.words;
    remote_words_free(l.words);
    return NULL;
}

void remote_words_free(char **words)
{
    for (size_t i = 0; words && words[i]; i++)
        free(words[i]);
    free(words);
}

enum child_end remote_run(const struct remote *r, const char *const command[], int in, int out, int *code,
                          char said[CHILD_SAID_BYTES])
{
    char **words = remote_words(r, command);
    *code = -1;
    if (!words) {
        snprintf(said, CHILD_SAID_BYTES, "out of memory");
        return CHILD_FAILED;
    }
    const enum child_end end = child_run_between((const char *const *)words, in, out, code, said);
    remote_words_free(words);
    return end;
}

void remote_write_command(const struct remote *r, FILE *out)
{
    char **words = remote_words(r, NULL);
    for (size_t i = 0; words && words[i]; i++) {
        fputs(i ? " " : "", out);
        if (words[i][0] == '-')
            fputs(words[i], out);
        else
            term_word(out, words[i]);
    }
    remote_words_free(words);
}

#include "shell_words.h"

#include "err.h"
#include "secret_name.h"
#include "shell_quotes.h"
#include "word_out.h"

#include <ctype.h>
#include <string.h>

void shell_words_begin(struct shell_words *s, struct arena *arena, const char *file, const char *text)
{
    *s = (struct shell_words){ .arena = arena, .file = file, .at = text, .line = 1 };
}

static bool is_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static int wrong(const struct shell_words *s, struct err *e, const char *what)
{
    return err_set(e, ERR_INPUT, "%s:%u: %s", s->file, s->line, what);
}

/* Blanks, comments and continued lines between words. */
static void skip_blanks(struct shell_words *s)
{
    for (;;) {
        if (s->at[0] == '\\' && (s->at[1] == '\n' || (s->at[1] == '\r' && s->at[2] == '\n'))) {
            s->at += s->at[1] == '\n' ? 2 : 3;
            s->line++;
        } else if (*s->at == ' ' || *s->at == '\t' || *s->at == '\r')
            s->at++;
        else if (*s->at == '#')
            s->at += strcspn(s->at, "\n");
        else
            return;
    }
}

/* A secret by its name, wherever it is used. */
static bool is_secret(const struct draft_field *v)
{
    const bool is_place = strchr("/.~", *v->value) || strstr(v->value, "://"); /* of $TOKEN_URL, or empty */
    return secret_name_matches(v->name, strlen(v->name)) && !is_place && !strchr(v->value, '{');
}

/* The value of `$NAME` or `${NAME}`, behind the `$`. */
static int expand(struct shell_words *s, struct word_out *w, struct err *e)
{
    const bool has_braces = *s->at == '{';
    const char *name = s->at + has_braces;
    size_t n = 0;
    while (is_name(name[n]))
        n++;
    if (*s->at == '(')
        return wrong(s, e, "$(...) is not run; put its output into a variable and write \"$NAME\"");
    if (n == 0 || isdigit((unsigned char)*name) || (has_braces && name[n] != '}')) {
        if (has_braces)
            return wrong(s, e, "of ${...}, only ${NAME} is understood");
        word_out_byte(w, '$');
        return 0;
    }
    s->at = name + n + has_braces;
    for (size_t i = s->variables.n; i-- > 0;) {
        const struct draft_field *v = &s->variables.items[i];
        if (strlen(v->name) == n && strncmp(v->name, name, n) == 0 && !is_secret(v)) {
            word_out_words(w, v->value, strlen(v->value));
            return 0;
        }
    }
    word_out_words(w, "{env:", 5);
    word_out_words(w, name, n);
    word_out_words(w, "}", 1);
    return 0;
}

static void count_lines(struct shell_words *s, const char *from)
{
    for (; from < s->at; from++)
        s->line += *from == '\n';
}

static int read_single(struct shell_words *s, struct word_out *w, struct err *e)
{
    const char *begin = s->at;
    const char *end = strchr(begin, '\'');
    if (!end)
        return wrong(s, e, "a quote ' has no end");
    for (; s->at < end; s->at++)
        word_out_byte(w, *s->at);
    s->at++;
    count_lines(s, begin);
    return 0;
}

static int read_double(struct shell_words *s, struct word_out *w, struct err *e)
{
    while (*s->at != '"') {
        const char c = *s->at;
        if (!c)
            return wrong(s, e, "a quote \" has no end");
        if (c == '`')
            return wrong(s, e, "`...` is not run; put its output into a variable and write \"$NAME\"");
        s->line += c == '\n';
        s->at++;
        if (c == '\\' && *s->at == '\n') {
            s->line++;
            s->at++;
        } else if (c == '\\' && *s->at && strchr("$`\"\\", *s->at))
            word_out_byte(w, *s->at++);
        else if (c != '$')
            word_out_byte(w, c);
        else if (expand(s, w, e))
            return -1;
    }
    s->at++;
    return 0;
}

static int read_ansi(struct shell_words *s, struct word_out *w, struct err *e)
{
    const char *begin = s->at;
    if (shell_quotes_ansi(&s->at, w))
        return wrong(s, e, "a quote $' has no end");
    count_lines(s, begin);
    return 0;
}

/* What is not quoted. */
static int read_plain(struct shell_words *s, struct word_out *w, struct err *e)
{
    const char c = *s->at++;
    if (c == '`')
        return wrong(s, e, "`...` is not run; put its output into a variable and write \"$NAME\"");
    if (c == '\\' && (*s->at == '\n' || !*s->at)) {
        s->line += *s->at == '\n';
        s->at += *s->at == '\n';
    } else if (c == '\\')
        word_out_byte(w, *s->at++);
    else if (c == '$' && *s->at == '"')
        return 0; /* $"..": a text to translate, that is ".." */
    else if (c == '$')
        return expand(s, w, e);
    else
        word_out_byte(w, c);
    return 0;
}

static int read_word(struct shell_words *s, struct word_out *w, struct err *e)
{
    int status = 0;
    while (status == 0 && *s->at && !strchr(" \t\r\n;&|<>()", *s->at)) {
        if (*s->at == '\'') {
            s->at++;
            status = read_single(s, w, e);
        } else if (*s->at == '"') {
            s->at++;
            status = read_double(s, w, e);
        } else if (s->at[0] == '$' && s->at[1] == '\'') {
            s->at += 2;
            status = read_ansi(s, w, e);
        } else
            status = read_plain(s, w, e);
    }
    return status;
}

static const char *next_word(struct shell_words *s, struct err *e)
{
    struct word_out w;
    if (word_out_begin(&w, e))
        return NULL;
    const int status = read_word(s, &w, e);
    const char *word = word_out_end(&w, s->arena, e);
    return status ? NULL : word;
}

/* `> FILE`, `2>&1`, `< FILE`: redirections do not change the request. */
static int skip_redirection(struct shell_words *s, struct err *e)
{
    if (s->at[0] == '<' && (s->at[1] == '<' || s->at[1] == '('))
        return wrong(s, e, "<< is not read; put the text into a file and write @FILE");
    s->at += strspn(s->at, "<>&|");
    skip_blanks(s);
    return next_word(s, e) ? 0 : -1;
}

static int add_word(struct shell_words *s, const char *word, struct err *e)
{
    const char **added = word ? arena_more(s->arena, &s->words, s->n_words, sizeof *added, e) : NULL;
    if (!added)
        return -1;
    *added = word;
    s->n_words++;
    return 0;
}

/* `NAME=VALUE` in front of a command or alone, also behind `export`. */
static bool is_assignment(const char *word)
{
    size_t n = 0;
    while (is_name(word[n]))
        n++;
    return n > 0 && word[n] == '=' && !isdigit((unsigned char)*word);
}

static int take_assignments(struct shell_words *s, struct err *e)
{
    size_t n = 0;
    bool is_export = false;
    while (n < s->n_words) {
        const char *word = s->words[n];
        const char *equals = strchr(word, '=');
        is_export = is_export || strcmp(word, "export") == 0;
        if (!is_assignment(word) && !(n == 0 && is_export))
            break;
        n++;
        if (!is_assignment(word))
            continue;
        struct draft_field *v = arena_more(s->arena, &s->variables.items, s->variables.n, sizeof *v, e);
        if (!v || !(v->name = arena_copy(s->arena, word, (size_t)(equals - word), e)))
            return -1;
        v->value = equals + 1;
        s->variables.n++;
    }
    if (n > 0)
        s->words += n;
    s->n_words -= n;
    if (is_export)
        s->n_words = 0;
    return 0;
}

/* Up to what ends the command, which is left behind. */
static int read_command(struct shell_words *s, struct err *e)
{
    s->words = NULL;
    s->n_words = 0;
    for (skip_blanks(s); *s->at && !strchr("\n;&|()", *s->at); skip_blanks(s)) {
        const size_t digits = strspn(s->at, "0123456789");
        const bool is_redirection = strchr("<>", s->at[digits]) && s->at[digits];
        if (is_redirection) {
            s->at += digits;
            if (skip_redirection(s, e))
                return -1;
            continue;
        }
        if (s->n_words == 0)
            s->first_line = s->line;
        if (add_word(s, next_word(s, e), e))
            return -1;
    }
    if (*s->at == '&' && s->at[1] == '>') {
        s->at++;
        return skip_redirection(s, e);
    }
    s->line += *s->at == '\n';
    s->at += *s->at != '\0';
    return take_assignments(s, e);
}

int shell_words_next(struct shell_words *s, struct err *e)
{
    while (*s->at) {
        if (read_command(s, e))
            return -1;
        if (s->n_words > 0)
            return 1;
    }
    return 0;
}

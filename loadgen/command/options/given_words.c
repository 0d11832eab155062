#include "given_words.h"

#include "err.h"
#include "options.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct making {
    struct given_words *g;
    const struct command *command;
    const struct options_result *given;
    bool is_short; /* of memory */
};

/* Appends one word, the concatenation of the three. */
static void add_word(struct making *m, const char *head, const char *between, const char *tail)
{
    struct given_words *g = m->g;
    const size_t bytes = strlen(head) + strlen(between) + strlen(tail) + 1;
    char **more = realloc(g->words, (g->n + 2) * sizeof *more);
    char *word = malloc(bytes);
    if (more)
        g->words = more;
    if (!more || !word) {
        free(word);
        m->is_short = true;
        return;
    }
    snprintf(word, bytes, "%s%s%s", head, between, tail);
    g->words[g->n++] = word;
    g->words[g->n] = NULL;
}

static void add_option(void *payload, const char *name, const char *value)
{
    struct making *m = payload;
    char head[64];
    if (!value || !options_given(m->command, m->given, name))
        return;
    snprintf(head, sizeof head, "--%s", name);
    const bool is_switch = options_find(m->command, name)->kind == OPTION_FLAG;
    add_word(m, head, is_switch ? "" : "=", is_switch ? "" : value);
}

/* "loadgen run" is two words. */
static void add_name(struct making *m, const char *name)
{
    char word[64];
    for (size_t length; *name; name += length + (name[length] == ' ')) {
        length = strcspn(name, " ");
        snprintf(word, sizeof word, "%.*s", (int)length, name);
        add_word(m, word, "", "");
    }
}

int given_words_init(struct given_words *g, const struct command *command, const void *settings,
                     const struct options_result *given, struct err *e)
{
    struct making m = { .g = g, .command = command, .given = given };
    *g = (struct given_words){ 0 };
    add_name(&m, command->name);
    for (size_t i = 0; i < given->n_positional; i++)
        add_word(&m, given->positional[i], "", "");
    options_visit(command, settings, add_option, &m);
    return m.is_short ? err_set(e, ERR_FAILED, "out of memory for the command line") : 0;
}

void given_words_fini(struct given_words *g)
{
    for (size_t i = 0; i < g->n; i++)
        free(g->words[i]);
    free(g->words);
    *g = (struct given_words){ 0 };
}

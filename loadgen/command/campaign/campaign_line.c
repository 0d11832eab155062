#include "campaign_line.h"

#include "campaign.h"
#include "err.h"

#include <stdlib.h>
#include <string.h>

int campaign_line_parse(struct campaign_line *line, int argc, char *const argv[], struct err *e)
{
    line->options = (struct campaign_options){ .run = *line->begin, .argv = argv, .argc = argc };
    return options_parse(line->begin->parsed, &line->options, argc, argv, &line->given, e);
}

/* The campaign's scenario or URLs, if they are named again. */
static int check_subjects(const struct campaign_line *line, const struct campaign *c, struct err *e)
{
    const struct options_result *given = &line->given;
    const bool is_one = c->n_subjects == 2 && strcmp(c->subjects[0], c->subjects[1]) == 0;
    bool is_same = given->n_positional == 0 || given->n_positional == c->n_subjects ||
                   (is_one && given->n_positional == 1);
    for (size_t i = 0; is_same && i < given->n_positional; i++)
        is_same = strcmp(given->positional[i], c->subjects[i]) == 0;
    if (is_same)
        return 0;
    return err_set(e, ERR_INPUT, "the campaign in %s is of %s%.200s%s%.200s, not %.200s",
                   line->options.resume, c->n_subjects == 1 ? "the scenario " : "", c->subjects[0],
                   c->n_subjects == 2 ? " and " : "", c->n_subjects == 2 ? c->subjects[1] : "",
                   given->positional[0]);
}

/* How often the words hold "--NAME=(given)". */
static size_t count_kept(char *const *words, const char *name)
{
    size_t n = 0;
    const size_t length = strlen(name);
    for (; *words; words++)
        n += strncmp(*words, "--", 2) == 0 && strncmp(*words + 2, name, length) == 0 &&
             strcmp(*words + 2 + length, "=(given)") == 0;
    return n;
}

static size_t count_given(const struct campaign_line *line, const struct option_row *row)
{
    const char *field = (const char *)&line->options + row->offset;
    if (row->kind == OPTION_LIST)
        return ((const struct option_list *)(const void *)field)->n;
    return options_given(line->begin->parsed, &line->given, row->name);
}

/* Whether what may be secret is given as often as when the campaign began. */
static int check_secrets(const struct campaign_line *line, const struct campaign *c, struct err *e)
{
    const struct option_row *row;
    for (size_t i = 0; (row = options_row(line->begin->parsed, i)) != NULL; i++) {
        const size_t n_kept = row->secret ? count_kept(c->kept_words, row->name) : 0;
        const size_t n_given = row->secret ? count_given(line, row) : 0;
        if (n_given < n_kept)
            return err_set(
                e, ERR_INPUT,
                "the campaign began with --%s, whose value may be secret and was not kept: give it again",
                row->name);
        if (n_given > n_kept)
            return err_set(e, ERR_INPUT,
                           "--%s is settled when a campaign begins and cannot be given with --resume",
                           row->name);
    }
    return 0;
}

static bool is_secret(const struct command *command, const char *word)
{
    const char *equals = strchr(word, '=');
    char name[64];
    if (strncmp(word, "--", 2) != 0 || !equals || strcmp(equals, "=(given)") != 0 ||
        (size_t)(equals - word) >= sizeof name)
        return false;
    memcpy(name, word + 2, (size_t)(equals - word) - 2);
    name[equals - word - 2] = '\0';
    const struct option_row *row = options_find(command, name);
    return row && row->secret;
}

int campaign_line_parse_again(struct campaign_line *line, const struct campaign *c, int argc,
                              char *const argv[], struct err *e)
{
    size_t n = 0;
    int n_all = 0;
    if (check_subjects(line, c, e) || check_secrets(line, c, e))
        return -1;
    while (c->kept_words[n])
        n++;
    line->all = calloc(n + (size_t)argc + 2 + 1, sizeof *line->all);
    if (!line->all)
        return err_set(e, ERR_FAILED, "out of memory for the campaign");
    for (size_t i = 0; i < n; i++)
        if (!is_secret(line->begin->parsed, c->kept_words[i]))
            line->all[n_all++] = c->kept_words[i];
    for (size_t i = 0; line->given.n_positional == 0 && i < c->n_subjects; i++)
        line->all[n_all++] = c->subjects[i];
    memcpy(line->all + n_all, argv, (size_t)argc * sizeof *line->all);
    options_fini(line->begin->parsed, &line->options, &line->given);
    return campaign_line_parse(line, n_all + argc, line->all, e);
}

void campaign_line_fini(struct campaign_line *line)
{
    options_fini(line->begin->parsed, &line->options, &line->given);
    given_words_fini(&line->words);
    free(line->all);
    line->all = NULL;
}

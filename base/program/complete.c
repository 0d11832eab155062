#include "complete.h"

#include "paths.h"
#include "program.h"
#include "text_out.h"

#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is being typed, and the part of it that is already decided: "--progress=" of "--progress=a". */
struct typing {
    const struct program *program;
    const char *decided, *text;
    FILE *out;
};

static void offer(const struct typing *t, const char *word, const char *description)
{
    if (strncmp(word, t->text, strlen(t->text)) == 0)
        fprintf(t->out, "%s%s\t%s\n", t->decided, word, description);
}

/* --- what stands for a word in capitals, in a synopsis or after an option --- */

static int is_yaml(const struct dirent *entry)
{
    const size_t length = strlen(entry->d_name);
    return length > 5 && strcmp(entry->d_name + length - 5, ".yaml") == 0;
}

/* Of a name that needs no quotes in a shell. Names with others are found by the shell itself, as folders. */
static int is_plain(const struct dirent *entry)
{
    const char *c = entry->d_name;
    while (isalnum((unsigned char)*c) || (*c && strchr("-_.", *c) && c > entry->d_name))
        c++;
    return *c == '\0';
}

static void offer_shipped(const struct typing *t, const char *folder)
{
    char path[PATH_MAX];
    struct dirent **entries;
    if (paths_data(folder, path, sizeof path))
        return;
    const int n = scandir(path, &entries, is_yaml, alphasort);
    for (int i = 0; i < n; i++) {
        entries[i]->d_name[strlen(entries[i]->d_name) - 5] = '\0';
        offer(t, entries[i]->d_name, "shipped");
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

static void offer_scenarios(const struct typing *t)
{
    offer_shipped(t, "loadgen/scenarios");
    fputs(":files\n", t->out);
}

static void offer_topologies(const struct typing *t)
{
    offer_shipped(t, "provision/topologies");
    fputs(":files\n", t->out);
}

static const char *kind_of_results(const char *folder)
{
    static const struct {
        const char *file, *kind;
    } kinds[] = { { "campaign.json", "campaign" }, { "loadcurve.csv", "sweep" }, { "run.json", "run" } };
    char path[PATH_MAX];
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, kinds[i].file);
        if (access(path, F_OK) == 0)
            return kinds[i].kind;
    }
    return NULL;
}

/* Those in results/, and any folder. */
static void offer_results(const struct typing *t)
{
    char folder[sizeof "results/" + NAME_MAX];
    struct dirent **entries;
    const int n = scandir("results", &entries, is_plain, alphasort);
    for (int i = 0; i < n; i++) {
        snprintf(folder, sizeof folder, "results/%s", entries[i]->d_name);
        const char *kind = kind_of_results(folder);
        if (kind)
            offer(t, folder, kind);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
    fputs(":folders\n", t->out);
}

static void offer_files(const struct typing *t)
{
    fputs(":files\n", t->out);
}

static void offer_folders(const struct typing *t)
{
    fputs(":folders\n", t->out);
}

static void offer_methods(const struct typing *t)
{
    static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" };
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        offer(t, methods[i], "");
}

static const struct placeholder {
    const char *word;
    void (*offer)(const struct typing *t);
} placeholders[] = {
    { "FILE", offer_files },          { "PATH", offer_files },     { "DIR", offer_folders },
    { "FOLDER", offer_results },      { "RUN", offer_results },    { "CAMPAIGN", offer_results },
    { "BASE", offer_results },        { "NEW", offer_results },    { "SCENARIO", offer_scenarios },
    { "TOPOLOGY", offer_topologies }, { "METHOD", offer_methods },
};

/* What only the program knows. */
static void offer_own(const struct typing *t, const char *placeholder)
{
    struct text_out own;
    if (text_out_begin(&own))
        t->program->offer(placeholder, own.file);
    char *text = text_out_end(&own);
    for (char *line = text, *end; line && (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        char *tab = strchr(line, '\t');
        if (tab) {
            *tab = '\0';
            offer(t, line, tab + 1);
        }
    }
    free(text);
}

/* True if the word is one of them. */
static bool offer_placeholder(const struct typing *t, const char *word)
{
    for (size_t i = 0; i < sizeof placeholders / sizeof *placeholders; i++)
        if (strcmp(placeholders[i].word, word) == 0) {
            placeholders[i].offer(t);
            return true;
        }
    if (t->program->offer)
        offer_own(t, word);
    return false;
}

/* A synopsis names what may stand there, in capitals, or itself: "bash | zsh | fish". */
static void offer_arguments(const struct typing *t, const char *synopsis)
{
    char text[256];
    char *rest = NULL;
    snprintf(text, sizeof text, "%s", synopsis);
    for (char *word = strtok_r(text, " |[].", &rest); word; word = strtok_r(NULL, " |[].", &rest)) {
        if (islower((unsigned char)*word))
            offer(t, word, "");
        else if (offer_placeholder(t, word))
            return;
    }
}

/* --- options --- */

static const struct option_row *row_of_letter(const struct command *command, char letter)
{
    const struct option_row *row;
    size_t i = 0;
    while ((row = options_row(command, i)) != NULL && row->letter != letter)
        i++;
    return row;
}

/* The option that takes the word after this one as its value; NULL when none does. */
static const struct option_row *wants_value(const struct command *command, const char *word)
{
    const struct option_row *row = NULL;
    if (strncmp(word, "--", 2) == 0)
        row = options_find(command, word + 2);
    else if (word[0] == '-')
        for (word++; *word; word++) {
            row = row_of_letter(command, *word);
            if (!row || (row->kind != OPTION_FLAG && word[1]))
                return NULL; /* its value is attached */
        }
    return row && row->kind != OPTION_FLAG ? row : NULL;
}

static void offer_value(const struct typing *t, const struct option_row *row)
{
    for (size_t i = 0; row->kind == OPTION_CHOICE && row->choices[i]; i++)
        offer(t, row->choices[i], "");
    if (row->kind == OPTION_TEXT || row->kind == OPTION_LIST)
        offer_placeholder(t, row->value_name);
}

static void offer_options(const struct typing *t, const struct command *command)
{
    char word[80];
    const struct option_row *row;
    for (size_t i = 0; (row = options_row(command, i)) != NULL; i++) {
        snprintf(word, sizeof word, "--%s", row->name);
        offer(t, word, row->help);
    }
    offer(t, "--help", "describe the command");
}

/* "--progress=a": the value of an option in the same word. */
static bool offer_attached(struct typing *t, const struct command *command)
{
    char name[80];
    const char *equals = strchr(t->text, '=');
    if (strncmp(t->text, "--", 2) != 0 || !equals)
        return false;
    snprintf(name, sizeof name, "%.*s", (int)(equals - t->text) - 2, t->text + 2);
    const struct option_row *row = options_find(command, name);
    snprintf(name, sizeof name, "%.*s", (int)(equals - t->text) + 1, t->text);
    const struct typing value = { .program = t->program, .decided = name, .text = equals + 1, .out = t->out };
    if (row && row->kind != OPTION_FLAG)
        offer_value(&value, row);
    return true;
}

/* bash splits words at "=": what is typed after "--progress", "=" is the option's value. */
static void complete_command(struct typing t, const struct command *command, int n_words, char *const words[])
{
    const struct option_row *pending = NULL;
    bool options_ended = false;
    if (strcmp(t.text, "=") == 0)
        t.text = "";
    for (int i = 0; i + 1 < n_words; i++) {
        if (pending && strcmp(words[i], "=") == 0)
            continue;
        options_ended = options_ended || (!pending && strcmp(words[i], "--") == 0);
        pending = pending || options_ended ? NULL : wants_value(command, words[i]);
    }
    if (pending)
        offer_value(&t, pending);
    else if (!options_ended && offer_attached(&t, command))
        return;
    else if (!options_ended && t.text[0] == '-')
        offer_options(&t, command);
    else
        offer_arguments(&t, command->synopsis);
}

static void offer_commands(const struct typing *t)
{
    for (const struct subcommand *s = t->program->subcommands; s->name; s++)
        offer(t, s->name, s->command->summary);
}

static const struct subcommand *find(const struct program *program, const char *name)
{
    for (const struct subcommand *s = program->subcommands; s->name; s++)
        if (strcmp(s->name, name) == 0)
            return s;
    return NULL;
}

void complete_words(const struct program *program, int n_words, char *const words[], FILE *out)
{
    const struct typing t = { .program = program, .decided = "", .text = words[n_words - 1], .out = out };
    const struct subcommand *named = find(program, words[0]);
    const struct subcommand *implied = !named && program->implied ? program->implied(words[0]) : NULL;
    if (n_words == 1) {
        offer_commands(&t);
        if (t.text[0] == '-') {
            offer(&t, "--help", "list the commands");
            offer(&t, "--version", "print the version");
        }
    }
    if (named && n_words > 1)
        complete_command(t, named->command, n_words - 1, words + 1);
    else if (implied)
        complete_command(t, implied->command, n_words, words);
    else if (n_words > 1 && strcmp(words[0], "help") == 0)
        offer_commands(&t);
}

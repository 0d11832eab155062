/* A command line, one argument a line: what is accepted lies within the table's limits, what is refused is
 * refused with a sentence. */
#include "err.h"
#include "fuzz.h"
#include "options.h"

#include <math.h>
#include <string.h>

enum { ARGUMENTS_MOST = 32 };

struct settings {
    bool flag, other;
    const char *text, *secret;
    uint64_t count, bytes, duration_ns;
    double rate_per_s, real;
    int choice;
    struct option_list list;
};

static const char *const choices[] = { "red", "green", "blue", NULL };

#define AT(member) .offset = offsetof(struct settings, member)
static const struct option_row rows[] = {
    { .name = "flag", .letter = 'f', .kind = OPTION_FLAG, AT(flag), .help = "A flag" },
    { .name = "other", .letter = 'o', .kind = OPTION_FLAG, AT(other), .help = "Another" },
    { .name = "text", .letter = 't', .kind = OPTION_TEXT, AT(text), .value_name = "TEXT", .help = "A text" },
    { .name = "secret",
      .kind = OPTION_TEXT,
      AT(secret),
      .value_name = "S",
      .secret = true,
      .help = "Hidden" },
    { .name = "count",
      .letter = 'c',
      .kind = OPTION_COUNT,
      AT(count),
      .value_name = "N",
      .fallback = "2",
      .least = 1,
      .most = 1000,
      .help = "A count" },
    { .name = "bytes", .kind = OPTION_SIZE, AT(bytes), .value_name = "N", .help = "A size" },
    { .name = "duration",
      .letter = 'd',
      .kind = OPTION_DURATION,
      AT(duration_ns),
      .value_name = "T",
      .least = 1,
      .most = UINT64_C(3600000000000),
      .help = "A time" },
    { .name = "rate", .kind = OPTION_RATE, AT(rate_per_s), .value_name = "R", .help = "A rate" },
    { .name = "real", .kind = OPTION_REAL, AT(real), .value_name = "X", .help = "A number" },
    { .name = "choice",
      .kind = OPTION_CHOICE,
      AT(choice),
      .value_name = "C",
      .fallback = "red",
      .choices = choices,
      .help = "A choice" },
    { .name = "list", .letter = 'l', .kind = OPTION_LIST, AT(list), .value_name = "L", .help = "A list" },
    { 0 },
};
static const struct command command = { .name = "fuzz", .synopsis = "", .summary = "", .rows = rows };

static void visit(void *payload, const char *name, const char *value)
{
    (void)payload;
    FUZZ_HOLDS(name != NULL);
    FUZZ_HOLDS(strcmp(name, "secret") != 0 || !value || strcmp(value, "(given)") == 0);
}

static void check(const struct settings *s)
{
    FUZZ_HOLDS(s->count >= 1 && s->count <= 1000);
    FUZZ_HOLDS(s->duration_ns <= UINT64_C(3600000000000));
    FUZZ_HOLDS(isfinite(s->rate_per_s) && s->rate_per_s >= 0 && isfinite(s->real));
    FUZZ_HOLDS(s->choice >= 0 && s->choice < 3);
    for (size_t i = 0; i < s->list.n; i++)
        FUZZ_HOLDS(s->list.items[i] != NULL);
    options_visit(&command, s, visit, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    char text[2048];
    char *argv[ARGUMENTS_MOST];
    int argc = 0;
    struct settings settings = { 0 };
    struct options_result result = { 0 };
    struct err e = { ERR_NONE, "" };
    const size_t length = length_bytes < sizeof text ? length_bytes : sizeof text - 1;
    memcpy(text, data, length);
    text[length] = '\0';
    for (char *at = text; at && argc < ARGUMENTS_MOST;)
        argv[argc++] = strsep(&at, "\n");
    if (options_parse(&command, &settings, argc, argv, &result, &e))
        FUZZ_HOLDS(*e.text != '\0');
    else if (!result.help_wanted)
        check(&settings);
    options_fini(&command, &settings, &result);
    return 0;
}

/* A credentials or config file: every span lies within the text, and every refusal has a message. */
#include "err.h"
#include "fuzz.h"
#include "profile_file.h"
#include "profile_set.h"

#include <string.h>

struct bounds {
    const char *start;
    const char *end;
};

static void holds_within(const struct bounds *b, struct profile_span span)
{
    FUZZ_HOLDS(span.length_bytes == 0 || (span.text >= b->start && span.text + span.length_bytes <= b->end));
    FUZZ_HOLDS(span.length_bytes == 0 || !memchr(span.text, '\n', span.length_bytes));
}

static int visit(void *payload, const struct profile_entry *entry, struct err *e)
{
    (void)e;
    holds_within(payload, entry->section);
    holds_within(payload, entry->parent);
    holds_within(payload, entry->key);
    holds_within(payload, entry->value);
    FUZZ_HOLDS(entry->line > 0);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    struct bounds b = { (const char *)data, (const char *)data + length_bytes };
    struct err e = { ERR_NONE, "" };
    static struct profile_set set; /* too large for the stack of a fuzzer; emptied below */
    if (profile_file_read(b.start, length_bytes, "file", visit, &b, &e) < 0)
        FUZZ_HOLDS(strncmp(e.text, "file:", 5) == 0);
    memcpy(set.name, "default", sizeof "default");
    for (int origin = 0; origin < PROFILE_N_ORIGINS; origin++)
        (void)profile_set_read_text(&set, (enum profile_origin)origin, b.start, length_bytes, &e);
    profile_set_fini(&set);
    memset(&set, 0, sizeof set);
    return 0;
}

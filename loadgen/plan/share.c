#include "share.h"

#include "err.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where a launcher puts the number of a task, from 0, and how many tasks there are. */
struct launcher {
    const char *source;
    const char *index, *count; /* variables; no count: "auto/N" gives it */
    const char *required;      /* must be set too; NULL: nothing */
};
static const struct launcher launchers[] = {
    { "openmpi", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", NULL },
    { "pmi", "PMI_RANK", "PMI_SIZE", NULL },
    /* A batch script has the first two variables as well, but is not a task of a step. */
    { "slurm", "SLURM_PROCID", "SLURM_STEP_NUM_TASKS", "SLURM_STEP_ID" },
    { "kubernetes", "JOB_COMPLETION_INDEX", NULL, NULL },
};

/* Reads digits up to `end`. */
static bool read_number(const char *text, char end, uint32_t *number)
{
    const size_t n = strspn(text, "0123456789");
    if (n == 0 || n > 9 || text[n] != end)
        return false;
    *number = (uint32_t)strtoul(text, NULL, 10);
    return true;
}

static bool read_variable(const char *name, uint32_t *number)
{
    const char *text = name ? getenv(name) : NULL;
    return text && read_number(text, '\0', number);
}

static int check_count(uint32_t count, const char *text, struct err *e)
{
    if (count >= 1 && count <= SHARE_COUNT_MOST)
        return 0;
    return err_set(e, ERR_INPUT, "--shard %.40s: the number of shares must be from 1 to %d", text,
                   SHARE_COUNT_MOST);
}

static bool is_complete(const struct launcher *l, uint32_t wanted, struct share *s)
{
    return (!l->required || getenv(l->required)) && read_variable(l->index, &s->index) &&
           (l->count ? read_variable(l->count, &s->count) : (s->count = wanted) > 0);
}

/* `wanted` is N of "auto/N", 0 without. */
static int find_launcher(struct share *out, const char **source, uint32_t wanted, const char *text,
                         struct err *e)
{
    for (size_t i = 0; i < sizeof launchers / sizeof *launchers; i++) {
        const struct launcher *l = &launchers[i];
        if (!is_complete(l, wanted, out))
            continue;
        *source = l->source;
        if (wanted && out->count != wanted)
            return err_set(e, ERR_INPUT, "--shard %.40s: the launcher started %" PRIu32 " tasks (%s)", text,
                           out->count, l->count);
        if (check_count(out->count, text, e))
            return -1;
        if (out->index >= out->count)
            return err_set(e, ERR_INPUT,
                           "--shard %.40s: %s is %" PRIu32 ", but %" PRIu32
                           " shares are numbered up to %" PRIu32,
                           text, l->index, out->index, out->count, out->count - 1);
        return 0;
    }
    if (!wanted && getenv("JOB_COMPLETION_INDEX"))
        return err_set(
            e, ERR_INPUT,
            "--shard auto: Kubernetes gives only the index; write --shard auto/N, N being the job's "
            "completions");
    return err_set(e, ERR_INPUT, "--shard %.40s: no launcher tells a share; write --shard I/N", text);
}

int share_parse(struct share *out, const char **source, const char *text, struct err *e)
{
    const char *slash = strchr(text, '/');
    uint32_t count = 0;
    *out = (struct share){ 0 };
    *source = "given";
    if (strcmp(text, "auto") == 0)
        return find_launcher(out, source, 0, text, e);
    if (slash && read_number(slash + 1, '\0', &count)) {
        if (check_count(count, text, e))
            return -1;
        if (strncmp(text, "auto/", 5) == 0)
            return find_launcher(out, source, count, text, e);
        if (read_number(text, '/', &out->index) && out->index >= 1 && out->index <= count) {
            out->index--;
            out->count = count;
            return 0;
        }
    }
    return err_set(e, ERR_INPUT,
                   "--shard must be I/N, share I of N counted from 1, such as 3/8, or auto or auto/N, not "
                   "'%.40s'",
                   text);
}

const char *share_text(const struct share *s, char out[static SHARE_TEXT_BYTES])
{
    snprintf(out, SHARE_TEXT_BYTES, "%" PRIu32 "/%" PRIu32, s->index + 1, share_count(s));
    return out;
}

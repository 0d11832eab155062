#include "claim_judge.h"

#include "derived.h"
#include "hist.h"
#include "units.h"

#include <math.h>
#include <string.h>

/* What can be seen of the generator's part is about half of it, so twice the share is reckoned with. */
#define SHARE_WARN    0.025 /* twice this is the margin within which two arms count as alike */
#define SHARE_INVALID 0.10  /* twice this: a time known to 20 % */
/* So little softens the level by one step: any program takes this long to wake up, and any network varies by
 * as much. */
#define FLOOR_WARN_NS    (20 * NS_PER_US)
#define FLOOR_INVALID_NS (100 * NS_PER_US)
/* Share of answers read late, or of requests picked up late. A generator that is stopped for 9 of every 20 ms
 * has 40 %, or is seen by R21. */
#define LATE_WARN 0.10

#define BUSY_RULE "R4" /* seconds at full speed */

enum { BEYOND_LEAST = 10 };

/* What a missed rule does to the claims. Rules that are not here are about the target, or only name a cause.
 */
static const struct cause {
    const char *rule, *level;
    enum claim_level rate_open, rate_closed, times;
    const char *why;
} causes[] = {
    { "R17", "INVALID", CLAIM_INVALID, CLAIM_INVALID, CLAIM_INVALID, "requests are not accounted for" },
    { "R15", "INVALID", CLAIM_INVALID, CLAIM_INVALID, CLAIM_INVALID, "the kernel's clock source changed" },
    { "R15", "WARN", CLAIM_OK, CLAIM_OK, CLAIM_WARN, "the wall clock was set" },
    { "R8", "INVALID", CLAIM_INVALID, CLAIM_INVALID, CLAIM_INVALID,
      "this machine had no port, descriptor or memory left" },
    { "R26", "INVALID", CLAIM_INVALID, CLAIM_INVALID, CLAIM_INVALID,
      "AWS held back or dropped this machine's packets" },
    { "R5", "INVALID", CLAIM_INVALID, CLAIM_INVALID, CLAIM_INVALID, "loadgen dropped due requests" },
    { "R3", "INVALID", CLAIM_INVALID, CLAIM_OK, CLAIM_INVALID, "loadgen sent late" },
    { "R3", "WARN", CLAIM_WARN, CLAIM_OK, CLAIM_OK, "loadgen sent late" },
    { "R1", "INVALID", CLAIM_INVALID, CLAIM_OK, CLAIM_OK, "loadgen did not keep the rate" },
    { "R12", "INVALID", CLAIM_WARN, CLAIM_WARN, CLAIM_WARN, "the hypervisor stopped this machine" },
    { BUSY_RULE, "WARN", CLAIM_OK, CLAIM_WARN, CLAIM_OK, "loadgen itself may have been the limit" },
    { "R21", "WARN", CLAIM_OK, CLAIM_WARN, CLAIM_WARN, "loadgen was kept from running" },
    { "merge", "WARN", CLAIM_WARN, CLAIM_WARN, CLAIM_OK, "the generators did not all run at once" },
    { "SHARES", "INVALID", CLAIM_INVALID, CLAIM_INVALID, CLAIM_INVALID, "shares of the load are missing" },
    { "SHARES", "WARN", CLAIM_WARN, CLAIM_WARN, CLAIM_WARN, "some shares of the load are missing" },
};

struct claim_verdict claim_worse(struct claim_verdict a, struct claim_verdict b)
{
    return b.level > a.level ? b : a;
}

void claim_heed(struct claim_evidence *evidence, const struct derived_check *check, bool is_open)
{
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
        const struct cause *cause = &causes[i];
        if (strcmp(cause->rule, check->rule) != 0 || strcmp(cause->level, check->level) != 0)
            continue;
        const enum claim_level rate = is_open ? cause->rate_open : cause->rate_closed;
        evidence->rate = claim_worse(evidence->rate, (struct claim_verdict){ rate, cause->why });
        evidence->times = claim_worse(evidence->times, (struct claim_verdict){ cause->times, cause->why });
    }
}

void claim_heed_end(struct claim_evidence *evidence, const char *end)
{
    const struct claim_verdict failed = { CLAIM_INVALID, "the run failed" };
    const struct claim_verdict running = { CLAIM_INVALID, "the run did not end" };
    if (!end || (strcmp(end, "failed") != 0 && strcmp(end, "running") != 0))
        return;
    evidence->rate = claim_worse(evidence->rate, *end == 'f' ? failed : running);
    evidence->times = claim_worse(evidence->times, *end == 'f' ? failed : running);
}

void claim_heed_short(struct claim_evidence *evidence, const struct derived_check *checks, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(checks[i].rule, BUSY_RULE) == 0)
            return;
    if (n > 0)
        evidence->rate = claim_worse(
            evidence->rate, (struct claim_verdict){ CLAIM_NOT_JUDGED, "no second was measured throughout" });
}

void claim_heed_late(struct claim_evidence *evidence, double share)
{
    if (share > LATE_WARN)
        evidence->times =
            claim_worse(evidence->times, (struct claim_verdict){ CLAIM_WARN, "loadgen reacted late" });
}

/* A stricter level is softened by one step when the part is too short to matter. */
static enum claim_level level_of_share(double share, uint64_t part_ns)
{
    if (share > SHARE_INVALID)
        return part_ns > FLOOR_INVALID_NS ? CLAIM_INVALID : CLAIM_WARN;
    return share > SHARE_WARN && part_ns > FLOOR_WARN_NS ? CLAIM_WARN : CLAIM_OK;
}

static struct claim_verdict verdict_of_share(const struct claim *claim)
{
    const enum claim_level level = level_of_share(claim->generator_share, claim->generator_ns);
    return (struct claim_verdict){ level, level == CLAIM_OK ? "" : CLAIM_WHY_OWN };
}

static struct claim_verdict not_judged(const char *why)
{
    return (struct claim_verdict){ CLAIM_NOT_JUDGED, why };
}

static struct claim_verdict verdict_of_time(const struct claim *claim, const struct claim_evidence *evidence)
{
    if (evidence->times.level == CLAIM_INVALID)
        return evidence->times;
    if (claim->time.state == ATTEMPT_NONE)
        return not_judged("no requests");
    if (claim->is_few)
        return not_judged("fewer than ten requests beyond");
    if (claim->time.state != ATTEMPT_EXACT) /* a late generator may cause timeouts */
        return claim_worse(evidence->rate, evidence->times);
    if (claim->time.value_ns >= hist_lowest_ns(hist_index(HIST_HIGHEST_NS)))
        return (struct claim_verdict){ CLAIM_INVALID, "beyond the histogram's range of one hour" };
    if (evidence->unseen)
        return not_judged(evidence->unseen);
    return claim_worse(verdict_of_share(claim), evidence->times);
}

void claim_judge_time(struct claim *claim, uint32_t p_ppm, uint64_t n, struct attempt_time less,
                      const struct claim_evidence *evidence)
{
    const bool has_share =
        !evidence->unseen && claim->time.state == ATTEMPT_EXACT && less.state == ATTEMPT_EXACT;
    claim->is_few = hist_n_beyond(n, p_ppm) < BEYOND_LEAST;
    claim->generator_share = NAN;
    if (has_share && claim->time.value_ns > 0) {
        const uint64_t whole_ns = claim->time.value_ns;
        claim->generator_ns = whole_ns > less.value_ns ? whole_ns - less.value_ns : 0;
        claim->generator_share = (double)claim->generator_ns / (double)whole_ns;
    }
    const struct claim_verdict verdict = verdict_of_time(claim, evidence);
    claim->level = verdict.level;
    claim->why = verdict.level == CLAIM_OK ? "" : verdict.why;
}

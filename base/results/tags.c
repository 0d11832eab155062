#include "tags.h"

#include "err.h"
#include "fnv.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool is_name_within(const char *text, size_t length, size_t bytes)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    return length > 0 && length < bytes && strspn(text, allowed) >= length;
}

static bool is_name(const char *text, size_t length)
{
    return is_name_within(text, length, TAGS_NAME_BYTES);
}

static bool is_instance(const char *text)
{
    const size_t length = strlen(text);
    for (size_t i = 0; i < length; i++)
        if (text[i] <= ' ' || text[i] > '~' || text[i] == ',' || text[i] == '"')
            return false;
    return length > 0 && length < TAGS_INSTANCE_BYTES;
}

/* Copies what stands before the next dot, at most 32 characters of a name, and moves `*text` behind the dot.
 */
static bool take_name(const char **text, char *out)
{
    const size_t length = strcspn(*text, ".");
    if ((*text)[length] != '.' || !is_name(*text, length))
        return false;
    memcpy(out, *text, length);
    out[length] = '\0';
    *text += length + 1;
    return true;
}

bool tags_is_name(const char *text)
{
    return is_name(text, strlen(text));
}

bool tags_split_stream(const char *text, char stream[TAGS_NAME_BYTES], char step[TAGS_STEP_BYTES])
{
    const size_t length = strcspn(text, "/");
    const char *rest = text[length] ? text + length + 1 : "";
    if (!is_name(text, length) || (text[length] && !is_name_within(rest, strlen(rest), TAGS_STEP_BYTES)))
        return false;
    memcpy(stream, text, length);
    stream[length] = '\0';
    memcpy(step, rest, strlen(rest) + 1);
    return true;
}

bool tags_is_stream(const char *text, const char *stream, const char *step)
{
    const size_t length = strlen(stream);
    if (strncmp(text, stream, length) != 0)
        return false;
    return step && *step ? text[length] == '/' && strcmp(text + length + 1, step) == 0 : !text[length];
}

static bool take_stream(const char **text, struct tag *tag)
{
    char both[TAGS_STREAM_BYTES];
    const size_t length = strcspn(*text, ".");
    if ((*text)[length] != '.' || length >= sizeof both)
        return false;
    memcpy(both, *text, length);
    both[length] = '\0';
    *text += length + 1;
    return tags_split_stream(both, tag->stream, tag->step);
}

int tags_parse(const char *text, struct tag *tag, struct err *e)
{
    char metric[TAGS_NAME_BYTES];
    char outcome[TAGS_NAME_BYTES];
    const char *p = text;
    if (!take_name(&p, metric) || !take_stream(&p, tag) || !take_name(&p, tag->cluster) ||
        !take_name(&p, tag->phase) || !take_name(&p, outcome) || !is_instance(p))
        return err_set(e, ERR_INPUT, "a tag must be metric.stream.cluster.phase.class.instance, not '%.100s'",
                       text);
    memcpy(tag->instance, p, strlen(p) + 1);
    tag->metric = metric_find(metric);
    tag->outcome = outcome_find(outcome);
    if (tag->metric == N_METRICS)
        return err_set(e, ERR_INPUT, "there is no metric '%s', which the tag '%.100s' begins with", metric,
                       text);
    if (tag->outcome == N_OUTCOMES)
        return err_set(e, ERR_INPUT, "there is no class '%s', which the tag '%.100s' names", outcome, text);
    return 0;
}

const char *tags_format(const struct tag *tag, char *out)
{
    snprintf(out, TAGS_TEXT_BYTES, "%s.%s%s%s.%s.%s.%s.%s", metric_name(tag->metric), tag->stream,
             *tag->step ? "/" : "", tag->step, tag->cluster, tag->phase, outcome_name(tag->outcome),
             tag->instance);
    return out;
}

static bool is_plain(char c, bool is_first)
{
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return is_letter || (c && strchr("._:/", c)) || (c && !is_first && strchr("@+-", c));
}

size_t tags_instance(const char *id, size_t length, char out[TAGS_INSTANCE_BYTES])
{
    const size_t most = TAGS_INSTANCE_BYTES - 1;
    bool stays = length <= most && !(length == 3 && memcmp(id, TAGS_ALL, 3) == 0);
    size_t n = length < most ? length : most;
    for (size_t i = 0; i < n; i++) {
        const bool is_kept = is_plain(id[i], i == 0);
        out[i] = is_kept ? id[i] : '_';
        stays &= is_kept;
    }
    if (!stays) {
        n = n + TAGS_SUFFIX_BYTES < most ? n : most - TAGS_SUFFIX_BYTES;
        snprintf(out + n, TAGS_SUFFIX_BYTES + 1, "~%08" PRIx32, fnv_hash(id, length));
        n += TAGS_SUFFIX_BYTES;
    }
    out[n] = '\0';
    return n;
}

bool tag_is_all_instances(const struct tag *tag)
{
    return strcmp(tag->instance, TAGS_ALL) == 0;
}

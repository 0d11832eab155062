#include "combined_line.h"

#include "log_text.h"
#include "units.h"

#include <string.h>

enum { WORDS_BEFORE_TIME_MOST = 6 };

static int month_of(const char *text)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (int i = 0; i < 12; i++)
        if (memcmp(text, names + (size_t)i * 3, 3) == 0)
            return i + 1;
    return -1;
}

/* 10/Oct/2000:13:55:36 -0700 */
static bool read_time(const struct log_word *word, uint64_t *ns)
{
    const char *t = word->text;
    if (word->length_bytes != 26 || t[2] != '/' || t[6] != '/' || t[11] != ':' || t[14] != ':' ||
        t[17] != ':' || t[20] != ' ' || (t[21] != '+' && t[21] != '-'))
        return false;
    const int zone_h = log_text_digits(t + 22, 2), zone_min = log_text_digits(t + 24, 2);
    uint64_t local_ns;
    if (zone_h < 0 || zone_min < 0 ||
        !log_text_date(log_text_digits(t + 7, 4), month_of(t + 3), log_text_digits(t, 2),
                       log_text_digits(t + 12, 2), log_text_digits(t + 15, 2), log_text_digits(t + 18, 2),
                       &local_ns))
        return false;
    const uint64_t zone_ns = (uint64_t)(zone_h * 60 + zone_min) * 60 * NS_PER_S;
    *ns = t[21] == '+' ? local_ns - zone_ns : local_ns + zone_ns;
    return true;
}

static bool begins_with(const struct log_word *word, const char *text)
{
    return word->length_bytes > strlen(text) && memcmp(word->text, text, strlen(text)) == 0;
}

/* Seconds with three decimals, as nginx writes them, bare as the first word or behind a name. */
static uint64_t read_took(const char *at, const char *end)
{
    struct log_word word;
    for (bool is_first = true; log_text_word(&word, &at, end); is_first = false) {
        const size_t skipped = begins_with(&word, "rt=") ? 3 : begins_with(&word, "request_time=") ? 13 : 0;
        const struct log_word number = { word.text + skipped, word.length_bytes - skipped, false };
        uint64_t ns;
        const bool has_decimals = number.length_bytes >= 5 && number.text[number.length_bytes - 4] == '.';
        if ((is_first || skipped > 0) && has_decimals && log_text_seconds(&number, &ns))
            return ns;
    }
    return LOG_UNKNOWN;
}

enum log_skip combined_line_parse(struct log_entry *out, struct log_room *room, const char *line,
                                  size_t length_bytes)
{
    const char *at = line, *const end = line + length_bytes;
    struct log_word word, request;
    bool is_time = false;
    for (int i = 0; i < WORDS_BEFORE_TIME_MOST && !is_time; i++) {
        const char *before = at;
        if (!log_text_word(&word, &at, end))
            return LOG_BROKEN;
        while (before < at && *before == ' ')
            before++;
        is_time = *before == '[' && read_time(&word, &out->due_ns);
    }
    if (!is_time || !log_text_word(&request, &at, end) || !request.is_quoted ||
        !log_text_word(&word, &at, end))
        return LOG_BROKEN;
    const int status = word.length_bytes == 3 ? log_text_digits(word.text, 3) : -1;
    if (status < 0 || !log_text_word(&word, &at, end))
        return LOG_BROKEN;
    out->status = (unsigned)status;
    if (!log_text_request(out, room, &request))
        return LOG_NO_REQUEST;
    struct log_word referer, agent;
    const char *behind = at;
    const bool is_combined = log_text_word(&referer, &behind, end) && referer.is_quoted &&
                             log_text_word(&agent, &behind, end) && agent.is_quoted;
    out->referer = is_combined ? log_text_url(room, &referer) : "";
    out->agent = is_combined ? log_text_value(room, &agent) : "";
    out->took_ns = read_took(is_combined ? behind : at, end);
    return LOG_TAKEN;
}

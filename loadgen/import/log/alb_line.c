#include "alb_line.h"

#include "log_text.h"

#include <string.h>

/* As AWS numbers them, from 1. */
enum {
    TYPE = 1,
    ANSWERED = 2,
    REQUEST_TIME = 6,
    TARGET_TIME = 7,
    RESPONSE_TIME = 8,
    STATUS = 9,
    REQUEST = 13,
    AGENT = 14,
    CREATED = 22,
    FIELDS_LEAST = AGENT
};

static bool is_text(const struct log_word *word, const char *text)
{
    return word->length_bytes == strlen(text) && memcmp(word->text, text, word->length_bytes) == 0;
}

/* 2018-07-02T22:22:48.364000Z */
static bool read_time(const struct log_word *word, uint64_t *ns)
{
    const char *t = word->text;
    uint64_t fraction_ns = 0;
    if (word->length_bytes < 20 || word->length_bytes > 30 || t[4] != '-' || t[7] != '-' || t[10] != 'T' ||
        t[13] != ':' || t[16] != ':' || t[word->length_bytes - 1] != 'Z')
        return false;
    const struct log_word fraction = { t + 19, word->length_bytes - 20, false };
    if (fraction.length_bytes > 0 && (*fraction.text != '.' || !log_text_seconds(&fraction, &fraction_ns)))
        return false;
    if (!log_text_date(log_text_digits(t, 4), log_text_digits(t + 5, 2), log_text_digits(t + 8, 2),
                       log_text_digits(t + 11, 2), log_text_digits(t + 14, 2), log_text_digits(t + 17, 2),
                       ns))
        return false;
    *ns += fraction_ns;
    return true;
}

/* The sum of the three times; unknown when the request did not reach a target, or that did not answer. */
static uint64_t took_ns(const struct log_word *fields)
{
    uint64_t sum = 0;
    for (int i = REQUEST_TIME; i <= RESPONSE_TIME; i++) {
        uint64_t ns;
        if (!log_text_seconds(&fields[i], &ns))
            return LOG_UNKNOWN;
        sum += ns;
    }
    return sum;
}

static bool read_due(struct log_entry *out, const struct log_word *fields, size_t n)
{
    if (n >= CREATED && read_time(&fields[CREATED], &out->due_ns))
        return true;
    uint64_t answered_ns; /* lines from before AWS had the field */
    if (!read_time(&fields[ANSWERED], &answered_ns))
        return false;
    out->due_ns = answered_ns - (out->took_ns == LOG_UNKNOWN ? 0 : out->took_ns);
    return true;
}

enum log_skip alb_line_parse(struct log_entry *out, struct log_room *room, const char *line,
                             size_t length_bytes)
{
    struct log_word fields[CREATED + 1];
    const char *at = line, *const end = line + length_bytes;
    size_t n = 0;
    while (n < CREATED && log_text_word(&fields[n + 1], &at, end))
        n++;
    if (n < FIELDS_LEAST || !fields[REQUEST].is_quoted)
        return LOG_BROKEN;
    if (!is_text(&fields[TYPE], "http") && !is_text(&fields[TYPE], "https") && !is_text(&fields[TYPE], "h2"))
        return is_text(&fields[TYPE], "ws") || is_text(&fields[TYPE], "wss") ||
                       is_text(&fields[TYPE], "grpcs")
                   ? LOG_NOT_HTTP
                   : LOG_BROKEN;
    out->took_ns = took_ns(fields);
    if (!read_due(out, fields, n))
        return LOG_BROKEN;
    const int status = fields[STATUS].length_bytes == 3 ? log_text_digits(fields[STATUS].text, 3) : -1;
    out->status = status > 0 ? (unsigned)status : 0;
    if (!log_text_request(out, room, &fields[REQUEST]))
        return LOG_NO_REQUEST;
    out->is_http2 = out->is_http2 || is_text(&fields[TYPE], "h2");
    out->agent = log_text_value(room, &fields[AGENT]);
    out->referer = "";
    return LOG_TAKEN;
}

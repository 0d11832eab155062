#include "log_text.h"

#include "err.h"
#include "recording_line.h"
#include "request.h"
#include "secret_name.h"
#include "units.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

bool log_text_word(struct log_word *word, const char **at, const char *end)
{
    while (*at < end && **at == ' ')
        ++*at;
    if (*at == end)
        return false;
    const char close = **at == '"' ? '"' : **at == '[' ? ']' : '\0';
    const char *from = close ? ++*at : *at;
    const char *to = from;
    for (; to < end && *to != (close ? close : ' '); to++)
        if (close == '"' && *to == '\\' && to + 1 < end)
            to++;
    if (close && to >= end)
        return false;
    *word = (struct log_word){ from, (size_t)(to - from), close != '\0' };
    *at = close ? to + 1 : to;
    return true;
}

static int hex(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

/* The byte that `text` begins with; `*used` is how many bytes stand for it. */
static char undo(const char *text, const char *end, size_t *used)
{
    *used = 1;
    if (*text != '\\' || text + 1 == end)
        return *text;
    if (text[1] == 'x' && text + 3 < end && isxdigit((unsigned char)text[2]) &&
        isxdigit((unsigned char)text[3])) {
        *used = 4;
        return (char)(hex(text[2]) * 16 + hex(text[3]));
    }
    *used = text[1] == '"' || text[1] == '\\' ? 2 : 1;
    return *used == 2 ? text[1] : '\\';
}

static void put(struct log_room *room, char c)
{
    room->bytes[room->used++] = c;
}

static const char *end_text(struct log_room *room, size_t from)
{
    put(room, '\0');
    return room->bytes + from;
}

const char *log_text_copy(struct log_room *room, const char *text, size_t length_bytes)
{
    const size_t from = room->used;
    memcpy(room->bytes + from, text, length_bytes);
    room->used += length_bytes;
    return end_text(room, from);
}

const char *log_text_value(struct log_room *room, const struct log_word *word)
{
    const size_t from = room->used;
    const char *end = word->text + word->length_bytes;
    if (word->length_bytes == 1 && *word->text == '-')
        return "";
    size_t used;
    for (const char *p = word->text; p < end; p += used) {
        const unsigned char c = (unsigned char)undo(p, end, &used);
        put(room, c < ' ' || c == 127 ? ' ' : (char)c);
    }
    return end_text(room, from);
}

/* --- the request line --- */

static void put_encoded(struct log_room *room, const char *text, size_t length)
{
    static const char digits[] = "0123456789ABCDEF";
    const char *end = text + length;
    size_t used;
    for (const char *p = text; p < end; p += used) {
        const unsigned char c = (unsigned char)undo(p, end, &used);
        if (c > ' ' && c < 127 && c != '#' && c != '"') {
            put(room, (char)c);
            continue;
        }
        put(room, '%');
        put(room, digits[c >> 4]);
        put(room, digits[c & 15]);
    }
}

/* NAME=VALUE&NAME=VALUE */
static void put_query(struct log_room *room, const char *text, size_t length)
{
    const char *end = text + length;
    while (text < end) {
        const char *next = memchr(text, '&', (size_t)(end - text));
        const char *equals = memchr(text, '=', (size_t)((next ? next : end) - text));
        if (equals && equals + 1 < (next ? next : end) &&
            secret_name_matches(text, (size_t)(equals - text))) {
            put_encoded(room, text, (size_t)(equals + 1 - text));
            memcpy(room->bytes + room->used, "hidden", 6);
            room->used += 6;
        } else {
            put_encoded(room, text, (size_t)((next ? next : end) - text));
        }
        if (next)
            put(room, '&');
        text = next ? next + 1 : end;
    }
}

/* A fragment is never sent; it ends the target. */
static const char *put_target(struct log_room *room, const char *text, size_t length)
{
    const size_t from = room->used;
    const char *fragment = memchr(text, '#', length);
    length = fragment ? (size_t)(fragment - text) : length;
    const char *query = memchr(text, '?', length);
    if (length == 0 || *text != '/')
        put(room, '/');
    put_encoded(room, text, query ? (size_t)(query - text) : length);
    if (query) {
        put(room, '?');
        put_query(room, query + 1, (size_t)(text + length - query - 1));
    }
    return end_text(room, from);
}

const char *log_text_url(struct log_room *room, const struct log_word *word)
{
    const size_t from = room->used;
    const char *end = word->text + word->length_bytes;
    const char *query = memchr(word->text, '?', word->length_bytes);
    if (word->length_bytes == 1 && *word->text == '-')
        return "";
    put_encoded(room, word->text, (size_t)((query ? query + 1 : end) - word->text));
    if (query)
        put_query(room, query + 1, (size_t)(end - query - 1));
    return end_text(room, from);
}

static size_t url_scheme_bytes(const char *text, size_t length)
{
    if (length > 7 && strncasecmp(text, "http://", 7) == 0)
        return 7;
    return length > 8 && strncasecmp(text, "https://", 8) == 0 ? 8 : 0;
}

static const char *put_origin(struct log_room *room, const char *text, size_t length)
{
    if (length == url_scheme_bytes(text, length + 1)) /* no host */
        return "";
    for (size_t i = 0; i < length; i++)
        if (text[i] <= ' ' || text[i] >= 127 || strchr("\"'\\<>@", text[i]))
            return "";
    return log_text_copy(room, text, length);
}

bool log_text_request(struct log_entry *entry, struct log_room *room, const struct log_word *word)
{
    const char *text = word->text, *end = text + word->length_bytes;
    const char *blank = memchr(text, ' ', word->length_bytes);
    struct err ignored;
    if (!blank)
        return false;
    entry->method = log_text_copy(room, text, (size_t)(blank - text));
    if (request_check_method(entry->method, &ignored) || strcmp(entry->method, "-") == 0)
        return false;
    const char *target = blank + 1, *target_end = end;
    entry->is_http2 = false;
    for (const char *p = end; p > target; p--) /* the last blank; one in the target was not encoded */
        if (p[-1] == ' ' && end - p >= 6 && strncmp(p, "HTTP/", 5) == 0) {
            target_end = p - 1;
            entry->is_http2 = p[5] == '2';
            break;
        }
    const size_t scheme = url_scheme_bytes(target, (size_t)(target_end - target));
    entry->origin = "";
    if (scheme > 0) {
        const char *path = target + scheme;
        while (path < target_end && !strchr("/?#", *path))
            path++;
        entry->origin = put_origin(room, target, (size_t)(path - target));
        target = path;
    } else if (target == target_end || (*target != '/' && *target != '?')) {
        return false; /* OPTIONS *, or none at all */
    }
    entry->path = put_target(room, target, (size_t)(target_end - target));
    return true;
}

/* --- times --- */

bool log_text_seconds(const struct log_word *word, uint64_t *ns)
{
    return recording_seconds(&(struct recording_text){ word->text, word->length_bytes }, ns);
}

int log_text_digits(const char *text, size_t n)
{
    int value = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + text[i] - '0';
    }
    return value;
}

bool log_text_date(int year, int month, int day, int hour, int minute, int second, uint64_t *ns)
{
    struct tm date = { .tm_year = year - 1900,
                       .tm_mon = month - 1,
                       .tm_mday = day,
                       .tm_hour = hour,
                       .tm_min = minute,
                       .tm_sec = second };
    if (year < 1971 || year > 2200 || month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 ||
        hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return false;
    *ns = (uint64_t)timegm(&date) * NS_PER_S;
    return true;
}

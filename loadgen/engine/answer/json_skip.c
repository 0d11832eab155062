#include "json_skip.h"

#include <stdint.h>
#include <string.h>

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

static const char not_json[] = "the body is not JSON";
static const char too_deep[] = "the body's JSON is nested deeper than 2048";
static const char not_utf8[] = "the body's JSON has a string that is not UTF-8";
static const char half_pair[] = "the body's JSON has half a surrogate pair";
static const char cut_short[] = "the body's JSON ends too soon";

bool json_skip_fail(struct json_skip *s, const char *cause)
{
    if (!s->cause)
        s->cause = cause;
    return false;
}

static bool wrong(struct json_skip *s)
{
    return json_skip_fail(s, s->at < s->end ? not_json : cut_short);
}

void json_skip_blanks(struct json_skip *s)
{
    while (s->at < s->end && (unsigned char)*s->at <= ' ' &&
           (*s->at == ' ' || *s->at == '\n' || *s->at == '\r' || *s->at == '\t'))
        s->at++;
}

bool json_skip_byte(struct json_skip *s, char byte)
{
    json_skip_blanks(s);
    if (s->at == s->end || *s->at != byte)
        return wrong(s);
    s->at++;
    return true;
}

/* Bit 7 of each byte that is a quote, a backslash, a control character or not ASCII; bytes behind the first
 * one may be marked by mistake. */
static inline uint64_t special_bytes(uint64_t x)
{
    const uint64_t quote = x ^ EACH('"'), backslash = x ^ EACH('\\');
    return (((x - EACH(0x20)) & ~x) | ((quote - EACH(1)) & ~quote) | ((backslash - EACH(1)) & ~backslash) |
            x) &
           EACH(0x80);
}

static inline bool is_special(unsigned char c)
{
    return c < 0x20 || c >= 0x80 || c == '"' || c == '\\';
}

/* The next byte of a string that is not plain; `end` if there is none. */
static inline const char *next_special(const char *at, const char *end)
{
    while (end - at >= 8) {
        uint64_t x;
        memcpy(&x, at, sizeof x);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        x = __builtin_bswap64(x);
#endif
        const uint64_t marked = special_bytes(x);
        if (marked)
            return at + __builtin_ctzll(marked) / 8;
        at += 8;
    }
    while (at < end && !is_special((unsigned char)*at))
        at++;
    return at;
}

static bool is_continuation(unsigned char c)
{
    return (c & 0xc0) == 0x80;
}

/* A character of several bytes: no overlong form, no surrogate, nothing above U+10FFFF (RFC 3629). */
static bool skip_utf8(struct json_skip *s)
{
    const unsigned char *c = (const unsigned char *)s->at;
    const size_t left = (size_t)(s->end - s->at);
    const size_t n = c[0] >= 0xf0 ? 4 : c[0] >= 0xe0 ? 3 : 2;
    if (c[0] < 0xc2 || c[0] > 0xf4)
        return json_skip_fail(s, not_utf8);
    if (left < n)
        return json_skip_fail(s, cut_short);
    for (size_t i = 1; i < n; i++)
        if (!is_continuation(c[i]))
            return json_skip_fail(s, not_utf8);
    if ((c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] >= 0xa0) || (c[0] == 0xf0 && c[1] < 0x90) ||
        (c[0] == 0xf4 && c[1] >= 0x90))
        return json_skip_fail(s, not_utf8);
    s->at += n;
    return true;
}

static int hex_of(unsigned char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits behind \u; -1: there are none. */
static int32_t skip_hex4(struct json_skip *s)
{
    int32_t value = 0;
    for (int i = 0; i < 4; i++, s->at++) {
        const int digit = s->at < s->end ? hex_of((unsigned char)*s->at) : -1;
        if (digit < 0)
            return wrong(s), -1;
        value = value * 16 + digit;
    }
    return value;
}

static bool skip_unicode(struct json_skip *s)
{
    const int32_t first = skip_hex4(s);
    if (first < 0xd800 || first > 0xdfff)
        return first >= 0;
    const size_t left = (size_t)(s->end - s->at);
    if ((left > 0 && s->at[0] != '\\') || (left > 1 && s->at[1] != 'u'))
        return json_skip_fail(s, half_pair);
    if (left < 2)
        return json_skip_fail(s, cut_short);
    s->at += 2;
    const int32_t second = skip_hex4(s);
    if (second < 0)
        return false;
    return (first < 0xdc00 && second >= 0xdc00 && second <= 0xdfff) || json_skip_fail(s, half_pair);
}

static bool skip_escape(struct json_skip *s)
{
    s->at++;
    if (s->at == s->end)
        return wrong(s);
    const char c = *s->at++;
    if (c == 'u')
        return skip_unicode(s);
    return memchr("\"\\/bfnrt", c, 8) || json_skip_fail(s, not_json);
}

bool json_skip_string(struct json_skip *s, struct json_raw *raw)
{
    raw->at = ++s->at;
    raw->has_escapes = false;
    for (;;) {
        s->at = next_special(s->at, s->end);
        if (s->at == s->end)
            return wrong(s);
        if (*s->at == '"')
            break;
        if (*s->at == '\\')
            raw->has_escapes = true;
        if (*s->at == '\\' ? !skip_escape(s) : (unsigned char)*s->at < 0x20 ? !wrong(s) : !skip_utf8(s))
            return false;
    }
    raw->n_bytes = (size_t)(s->at++ - raw->at);
    return true;
}

static bool is_digit(const struct json_skip *s)
{
    return s->at < s->end && *s->at >= '0' && *s->at <= '9';
}

static bool skip_digits(struct json_skip *s)
{
    if (!is_digit(s))
        return wrong(s);
    while (is_digit(s))
        s->at++;
    return true;
}

static bool skip_number(struct json_skip *s)
{
    s->at += *s->at == '-';
    const bool is_zero = s->at < s->end && *s->at == '0';
    if (is_zero)
        s->at++;
    else if (!skip_digits(s))
        return false;
    if (s->at < s->end && *s->at == '.') {
        s->at++;
        if (!skip_digits(s))
            return false;
    }
    if (s->at < s->end && (*s->at | 0x20) == 'e') {
        s->at++;
        s->at += s->at < s->end && (*s->at == '+' || *s->at == '-');
        return skip_digits(s);
    }
    return true;
}

static bool skip_word(struct json_skip *s, const char *word, size_t length)
{
    const size_t left = (size_t)(s->end - s->at);
    if (memcmp(s->at, word, left < length ? left : length) != 0)
        return json_skip_fail(s, not_json);
    if (left < length)
        return json_skip_fail(s, cut_short);
    s->at += length;
    return true;
}

static bool skip_scalar(struct json_skip *s)
{
    struct json_raw raw;
    switch (*s->at) {
    case '"':
        return json_skip_string(s, &raw);
    case 't':
        return skip_word(s, "true", 4);
    case 'f':
        return skip_word(s, "false", 5);
    case 'n':
        return skip_word(s, "null", 4);
    default:
        return *s->at == '-' || is_digit(s) ? skip_number(s) : json_skip_fail(s, not_json);
    }
}

/* Which containers are open, innermost last: a bit each, set for an object. */
struct open {
    uint64_t bits[JSON_DEPTH_MOST / 64];
    unsigned n;
};

static inline bool is_in_object(const struct open *open)
{
    const unsigned i = open->n - 1;
    return open->bits[i / 64] >> (i % 64) & 1;
}

static inline bool enter(struct json_skip *s, struct open *open)
{
    const unsigned i = open->n;
    if (i + s->depth >= JSON_DEPTH_MOST)
        return json_skip_fail(s, too_deep);
    const uint64_t outer = i % 64 == 0 ? 0 : open->bits[i / 64] & ((UINT64_C(1) << (i % 64)) - 1);
    open->bits[i / 64] = outer | (uint64_t)(*s->at == '{') << (i % 64);
    open->n++;
    s->at++;
    return true;
}

/* The name of a member and its colon. */
static bool skip_name(struct json_skip *s)
{
    struct json_raw raw;
    json_skip_blanks(s);
    if (s->at == s->end || *s->at != '"')
        return wrong(s);
    return json_skip_string(s, &raw) && json_skip_byte(s, ':');
}

/* Behind a value: ends containers, until another value follows or none is open. */
static bool leave(struct json_skip *s, struct open *open)
{
    while (open->n > 0) {
        const bool is_object = is_in_object(open);
        json_skip_blanks(s);
        if (s->at == s->end || (*s->at != ',' && *s->at != (is_object ? '}' : ']')))
            return wrong(s);
        if (*s->at++ == ',')
            return !is_object || skip_name(s);
        open->n--;
    }
    return true;
}

/* At the opening bracket: true when the first value of the container follows. */
static bool begin_container(struct json_skip *s, struct open *open, bool *is_empty)
{
    if (!enter(s, open))
        return false;
    json_skip_blanks(s);
    const bool is_object = is_in_object(open);
    *is_empty = s->at < s->end && *s->at == (is_object ? '}' : ']');
    if (!*is_empty)
        return !is_object || skip_name(s);
    s->at++;
    open->n--;
    return true;
}

bool json_skip_value(struct json_skip *s)
{
    struct open open;
    open.n = 0;
    do {
        bool is_over = true;
        json_skip_blanks(s);
        if (s->at == s->end)
            return wrong(s);
        if (*s->at == '{' || *s->at == '[' ? !begin_container(s, &open, &is_over) : !skip_scalar(s))
            return false;
        if (is_over && !leave(s, &open))
            return false;
    } while (open.n > 0);
    return true;
}

#include "json_query.h"

#include "err.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    const char *text; /* the whole query, for messages */
    const char *at;
    struct json_query *q;
    struct err *e;
};

static int is_several(const struct reader *r)
{
    return err_set(r->e, ERR_INPUT, "'%s' is not one place: use names and numbers: $.items[0].id", r->text);
}

static int is_wrong(const struct reader *r, const char *why)
{
    return err_set(r->e, ERR_INPUT, "'%s' is not a JSON path: %s", r->text, why);
}

static void skip_blanks(struct reader *r)
{
    r->at += strspn(r->at, " \t\n\r");
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_first(char c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || (unsigned char)c >= 0x80;
}

static int out_of_memory(const struct reader *r)
{
    return err_set(r->e, ERR_FAILED, "out of memory");
}

static int append(struct reader *r, struct json_query_segment segment)
{
    struct json_query *q = r->q;
    struct json_query_segment *more = NULL;
    int rc = -1;
    if (q->n == JSON_QUERY_SEGMENTS_MOST)
        is_wrong(r, "it has more than 32 names and numbers");
    else if (!(more = reallocarray(q->segments, q->n + 1, sizeof *more)))
        out_of_memory(r);
    else
        rc = 0;
    if (rc) {
        free(segment.name);
        return -1;
    }
    more[q->n++] = segment;
    q->segments = more;
    return 0;
}

static int append_name(struct reader *r, const char *name, size_t length)
{
    char *copy = strndup(name, length);
    return copy ? append(r, (struct json_query_segment){ .name = copy, .name_bytes = length })
                : out_of_memory(r);
}

static int read_shorthand(struct reader *r)
{
    const char *name = r->at;
    if (*name == '.' || *name == '*')
        return is_several(r);
    if (*name == '[' || *name == '\0')
        return is_wrong(r, "a name is missing behind a dot");
    if (!is_name_first(*name))
        return is_wrong(r, "a name that does not begin with a letter is written $['1st']");
    while (is_name_first(*r->at) || is_digit(*r->at))
        r->at++;
    if (*r->at == '-')
        return is_wrong(r, "a name with other characters than letters and digits is written $['a-b']");
    return append_name(r, name, (size_t)(r->at - name));
}

static int read_index(struct reader *r)
{
    const char *digits = r->at + (*r->at == '-');
    if (!is_digit(*digits) || (*digits == '0' && (is_digit(digits[1]) || digits != r->at)))
        return is_wrong(r, "a number is 0, 12 or -1");
    int64_t index = 0;
    const char *at = digits;
    for (; is_digit(*at) && index <= INT32_MAX; at++)
        index = index * 10 + (*at - '0');
    if (index > INT32_MAX)
        return is_wrong(r, "the number is too large");
    index = digits == r->at ? index : -index;
    r->at = at;
    return append(r, (struct json_query_segment){ .index = index });
}

/* Four hex digits; -1 if there are none. */
static int32_t read_hex4(struct reader *r)
{
    int32_t value = 0;
    for (int i = 0; i < 4; i++, r->at++) {
        static const char digits[] = "0123456789abcdef";
        const char lower = (char)(*r->at | (*r->at >= 'A' ? 0x20 : 0));
        const char *digit = lower ? strchr(digits, lower) : NULL;
        if (!digit)
            return -1;
        value = value * 16 + (int32_t)(digit - digits);
    }
    return value;
}

static char *put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        *out++ = (char)c;
        return out;
    }
    const int n_more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const uint8_t first[] = { 0, 0xc0, 0xe0, 0xf0 };
    *out++ = (char)(first[n_more] | c >> (6 * n_more));
    for (int i = n_more - 1; i >= 0; i--)
        *out++ = (char)(0x80 | ((c >> (6 * i)) & 0x3f));
    return out;
}

/* Behind \u: a character, or the two halves of one. */
static char *read_unicode(struct reader *r, char *out)
{
    const int32_t high = read_hex4(r);
    if (high <= 0 || (high >= 0xdc00 && high < 0xe000))
        return NULL;
    if (high < 0xd800 || high >= 0xe000)
        return put_utf8(out, (uint32_t)high);
    if (r->at[0] != '\\' || r->at[1] != 'u')
        return NULL;
    r->at += 2;
    const int32_t low = read_hex4(r);
    if (low < 0xdc00 || low >= 0xe000)
        return NULL;
    return put_utf8(out, 0x10000 + ((uint32_t)(high - 0xd800) << 10) + (uint32_t)(low - 0xdc00));
}

/* Behind a backslash. NULL: no escape of RFC 9535. */
static char *read_escape(struct reader *r, char quote, char *out)
{
    static const char letters[] = "btnfr/\\", means[] = "\b\t\n\f\r/\\";
    const char c = *r->at;
    if (c == '\0')
        return NULL;
    r->at++;
    if (c == 'u')
        return read_unicode(r, out);
    const char *letter = strchr(letters, c);
    if (!letter && c != quote)
        return NULL;
    *out = letter ? means[letter - letters] : c;
    return out + 1;
}

static int read_quoted(struct reader *r)
{
    const char quote = *r->at++;
    char *name = malloc(strlen(r->at) + 1); /* escapes are longer than what they mean */
    char *out = name;
    if (!name)
        return out_of_memory(r);
    while (out && *r->at != quote && *r->at != '\0') {
        if (*r->at == '\\') {
            r->at++;
            out = read_escape(r, quote, out);
        } else if ((unsigned char)*r->at < ' ') {
            out = NULL;
        } else {
            *out++ = *r->at++;
        }
    }
    const int rc = !out              ? is_wrong(r, "an escape or a control character in a name is wrong")
                   : *r->at != quote ? is_wrong(r, "a quote is not closed")
                                     : append_name(r, name, (size_t)(out - name));
    free(name);
    r->at++;
    return rc;
}

static int read_brackets(struct reader *r)
{
    skip_blanks(r);
    const char c = *r->at;
    if (c == '*' || c == '?' || c == ':')
        return is_several(r);
    if (c != '\'' && c != '"' && c != '-' && !is_digit(c))
        return is_wrong(r, "brackets hold a number or a name in quotes, as [0] and ['id']");
    if (c == '\'' || c == '"' ? read_quoted(r) : read_index(r))
        return -1;
    skip_blanks(r);
    if (*r->at == ',' || *r->at == ':')
        return is_several(r);
    if (*r->at != ']')
        return is_wrong(r, "a bracket is not closed");
    r->at++;
    return 0;
}

static int read_segment(struct reader *r)
{
    skip_blanks(r);
    switch (*r->at++) {
    case '.':
        return read_shorthand(r);
    case '[':
        return read_brackets(r);
    default:
        return is_wrong(r, "what follows $ begins with a dot or a bracket: $.items[0].id");
    }
}

int json_query_parse(struct json_query *q, const char *text, struct err *e)
{
    struct reader r = { .text = text, .at = text, .q = q, .e = e };
    *q = (struct json_query){ 0 };
    int rc = *r.at == '$' ? 0 : is_wrong(&r, "it begins with $, as $.items[0].id");
    for (r.at++; rc == 0 && *r.at != '\0';)
        rc = read_segment(&r);
    if (rc)
        json_query_fini(q);
    return rc;
}

void json_query_fini(struct json_query *q)
{
    for (size_t i = 0; i < q->n; i++)
        free(q->segments[i].name);
    free(q->segments);
    *q = (struct json_query){ 0 };
}

#include "escape.h"

#include "base64.h"
#include "markup.h"

#include <string.h>

static bool is_letter_or_digit(unsigned char c)
{
    return (unsigned)(c | 32) - 'a' < 26 || (unsigned)c - '0' < 10;
}

/* What percent-encoding leaves as it is: RFC 3986 section 2.3, and for forms the URL Standard, section 5.2.
 */
static bool is_plain(unsigned char c, bool is_form)
{
    return is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == (is_form ? '*' : '~');
}

static size_t write_percent(const char *bytes, size_t n_bytes, bool is_form, char *out)
{
    static const char digits[] = "0123456789ABCDEF";
    char *at = out;
    for (size_t i = 0; i < n_bytes; i++) {
        const unsigned char c = (unsigned char)bytes[i];
        if (is_plain(c, is_form)) {
            *at++ = (char)c;
        } else if (is_form && c == ' ') {
            *at++ = '+';
        } else {
            *at++ = '%';
            *at++ = digits[c >> 4];
            *at++ = digits[c & 15];
        }
    }
    return (size_t)(at - out);
}

static size_t percent_bytes(const char *bytes, size_t n_bytes, bool is_form)
{
    size_t sum = 0;
    for (size_t i = 0; i < n_bytes; i++)
        sum += is_plain((unsigned char)bytes[i], is_form) || (is_form && bytes[i] == ' ') ? 1 : 3;
    return sum;
}

/* The letter behind the backslash; 0: the character needs none, 'u': its number is written. */
static char json_letter(unsigned char c)
{
    static const char control[] = "uuuuuuuubtnufruuuuuuuuuuuuuuuuuu";
    return c < ' ' ? control[c] : c == '"' || c == '\\' ? (char)c : 0;
}

static size_t write_json(const char *bytes, size_t n_bytes, char *out)
{
    static const char digits[] = "0123456789abcdef";
    char *at = out;
    for (size_t i = 0; i < n_bytes; i++) {
        const unsigned char c = (unsigned char)bytes[i];
        const char letter = json_letter(c);
        if (letter)
            *at++ = '\\';
        *at++ = letter ? letter : (char)c;
        if (letter == 'u') {
            memcpy(at, "00", 2);
            at[2] = digits[c >> 4];
            at[3] = digits[c & 15];
            at += 4;
        }
    }
    return (size_t)(at - out);
}

static size_t json_bytes(const char *bytes, size_t n_bytes)
{
    size_t sum = 0;
    for (size_t i = 0; i < n_bytes; i++) {
        const char letter = json_letter((unsigned char)bytes[i]);
        sum += letter == 'u' ? 6 : letter ? 2 : 1;
    }
    return sum;
}

static size_t write_html(const char *bytes, size_t n_bytes, char *out)
{
    char *at = out;
    for (size_t i = 0; i < n_bytes; i++) {
        const char *reference = markup_reference((unsigned char)bytes[i]);
        const size_t n = reference ? strlen(reference) : 1;
        memcpy(at, reference ? reference : &bytes[i], n);
        at += n;
    }
    return (size_t)(at - out);
}

static size_t html_bytes(const char *bytes, size_t n_bytes)
{
    size_t sum = 0;
    for (size_t i = 0; i < n_bytes; i++) {
        const char *reference = markup_reference((unsigned char)bytes[i]);
        sum += reference ? strlen(reference) : 1;
    }
    return sum;
}

size_t escape_bytes_most(enum plan_escape how, size_t n_bytes)
{
    switch (how) {
    case PLAN_AS_IS:
    case PLAN_NUMBER:
        return n_bytes;
    case PLAN_URL:
    case PLAN_FORM:
        return 3 * n_bytes;
    case PLAN_JSON:
    case PLAN_HTML:
        return 6 * n_bytes;
    case PLAN_BASE64:
        return base64_text_bytes(n_bytes);
    }
    return 0;
}

size_t escape_bytes(enum plan_escape how, const char *bytes, size_t n_bytes)
{
    switch (how) {
    case PLAN_URL:
    case PLAN_FORM:
        return percent_bytes(bytes, n_bytes, how == PLAN_FORM);
    case PLAN_JSON:
        return json_bytes(bytes, n_bytes);
    case PLAN_HTML:
        return html_bytes(bytes, n_bytes);
    case PLAN_BASE64:
    case PLAN_AS_IS:
    case PLAN_NUMBER:
        break;
    }
    return escape_bytes_most(how, n_bytes);
}

size_t escape_write(enum plan_escape how, const char *bytes, size_t n_bytes, char *out)
{
    switch (how) {
    case PLAN_URL:
    case PLAN_FORM:
        return write_percent(bytes, n_bytes, how == PLAN_FORM, out);
    case PLAN_JSON:
        return write_json(bytes, n_bytes, out);
    case PLAN_HTML:
        return write_html(bytes, n_bytes, out);
    case PLAN_BASE64:
        base64_encode((const uint8_t *)bytes, n_bytes, out);
        return base64_text_bytes(n_bytes);
    case PLAN_AS_IS:
    case PLAN_NUMBER:
        break;
    }
    if (n_bytes > 0)
        memcpy(out, bytes, n_bytes);
    return n_bytes;
}

static size_t digits(const char *bytes, size_t at, size_t n_bytes)
{
    while (at < n_bytes && (unsigned)bytes[at] - '0' < 10)
        at++;
    return at;
}

/* RFC 8259 section 6. */
static bool is_number(const char *bytes, size_t n_bytes)
{
    size_t at = n_bytes > 0 && bytes[0] == '-';
    const size_t whole = digits(bytes, at, n_bytes);
    if (whole == at || (bytes[at] == '0' && whole > at + 1))
        return false;
    at = whole;
    if (at < n_bytes && bytes[at] == '.') {
        const size_t end = digits(bytes, at + 1, n_bytes);
        if (end == at + 1)
            return false;
        at = end;
    }
    if (at < n_bytes && (bytes[at] | 32) == 'e') {
        at += at + 1 < n_bytes && (bytes[at + 1] == '+' || bytes[at + 1] == '-') ? 2 : 1;
        const size_t end = digits(bytes, at, n_bytes);
        if (end == at)
            return false;
        at = end;
    }
    return at == n_bytes;
}

bool escape_is_scalar(const char *bytes, size_t n_bytes)
{
    static const char *const words[] = { "true", "false", "null" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (n_bytes == strlen(words[i]) && memcmp(bytes, words[i], n_bytes) == 0)
            return true;
    return is_number(bytes, n_bytes);
}

static bool is_path(const char *bytes, size_t n_bytes)
{
    for (size_t i = 0; i < n_bytes; i++) {
        const unsigned char c = (unsigned char)bytes[i];
        if (c <= ' ' || c >= 127 || c == '#')
            return false;
    }
    return true;
}

static bool is_line(const char *bytes, size_t n_bytes)
{
    for (size_t i = 0; i < n_bytes; i++)
        if (bytes[i] == '\r' || bytes[i] == '\n' || bytes[i] == '\0')
            return false;
    return true;
}

bool escape_fits(enum plan_place place, const char *bytes, size_t n_bytes)
{
    switch (place) {
    case PLAN_IN_BODY:
        return true;
    case PLAN_IN_HEADER:
        return is_line(bytes, n_bytes);
    case PLAN_AT_PATH:
        return n_bytes > 0 && bytes[0] == '/' && is_path(bytes, n_bytes);
    case PLAN_IN_PATH:
        return is_path(bytes, n_bytes);
    }
    return false;
}

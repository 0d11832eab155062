#include "aws_user_tags.h"

#include "aws_tags.h"
#include "err.h"
#include "utf8.h"

#include <locale.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <wctype.h>

enum { KEY_CHARACTERS_MOST = 128, VALUE_CHARACTERS_MOST = 256 };

/* Elastic Load Balancing takes letters, digits and spaces of any script, and these. */
#define SIGNS " +-=._:/@"

static bool is_allowed(uint32_t code, locale_t unicode)
{
    if (code < 0x80 && code > 0 && strchr(SIGNS, (int)code))
        return true;
    return iswalnum_l((wint_t)code, unicode) != 0;
}

/* Counts the characters of a text of `length` bytes; `wrong` is the first that AWS refuses, NULL: none. */
static size_t count(const char *text, size_t length, const char **wrong)
{
    const locale_t unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    size_t n = 0;
    *wrong = NULL;
    for (const char *at = text; at < text + length; n++) {
        uint32_t code = 0;
        const size_t bytes = utf8_decode(at, &code);
        if (!*wrong && (bytes == 0 || (unicode && !is_allowed(code, unicode))))
            *wrong = at;
        at += bytes ? bytes : 1;
    }
    if (unicode)
        freelocale(unicode);
    return n;
}

static int check_part(const char *text, const char *what, const char *part, size_t length, size_t most,
                      struct err *e)
{
    const char *wrong;
    uint32_t code;
    const size_t n = count(part, length, &wrong);
    if (wrong)
        return err_set(e, ERR_INPUT,
                       "--tag '%s': '%.*s' in the %s: AWS allows letters, digits, spaces and + - = . _ : / @",
                       text, (int)(utf8_decode(wrong, &code) ? utf8_decode(wrong, &code) : 1), wrong, what);
    if (n > most)
        return err_set(e, ERR_INPUT, "--tag '%.80s...': the %s has %zu characters, and AWS allows %zu", text,
                       what, n, most);
    return 0;
}

static bool begins_with(const char *text, const char *start)
{
    return strncasecmp(text, start, strlen(start)) == 0;
}

int aws_user_tags_check(const char *text, size_t *key_bytes, struct err *e)
{
    const size_t length = strcspn(text, "=");
    if (text[length] == '\0' || length == 0)
        return err_set(e, ERR_INPUT, "--tag '%s': write KEY=VALUE", text);
    if (begins_with(text, "aws:"))
        return err_set(e, ERR_INPUT, "--tag '%s': AWS keeps the keys that begin with aws: for itself", text);
    if (begins_with(text, AWS_TAG_START) || strncmp(text, "Name=", strlen("Name=")) == 0)
        return err_set(e, ERR_INPUT,
                       "--tag '%s': loadgen itself sets Name and the keys that begin with " AWS_TAG_START,
                       text);
    *key_bytes = length;
    if (check_part(text, "key", text, length, KEY_CHARACTERS_MOST, e) < 0)
        return -1;
    const char *value = text + length + 1;
    return check_part(text, "value", value, strlen(value), VALUE_CHARACTERS_MOST, e);
}

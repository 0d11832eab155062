/* A text becomes pieces: its words, and what stands between them. */
#include "template_parts.h"

#include <string.h>

static bool begins_as_json(const char *text)
{
    text += strspn(text, " \t\r\n");
    return (*text == '{' && template_word_length(text) == 0) || *text == '[';
}

/* Whether a JSON string is open behind these bytes. */
static bool is_in_string(bool is_before, const char *bytes, size_t n_bytes)
{
    for (size_t i = 0; i < n_bytes; i++)
        if (bytes[i] == '\\' && is_before)
            i++;
        else if (bytes[i] == '"')
            is_before = !is_before;
    return is_before;
}

int template_add_text(struct template *t, const char *text, enum template_use use,
                      const struct template_scope *scope, struct err *e)
{
    struct template_at at = { .use = use,
                              .is_first = true,
                              .is_json = use == TEMPLATE_BODY && begins_as_json(text) };
    while (*text) {
        const size_t plain = strcspn(text, "{");
        if (template_add_literal(t, text, plain, e))
            return -1;
        if (use == TEMPLATE_JSON)
            at.is_in_string = is_in_string(at.is_in_string, text, plain);
        text += plain;
        at.is_first = at.is_first && plain == 0;
        if (!*text)
            break;
        const size_t length = template_word_length(text);
        if (length > 0) {
            if (template_add_word(t, text + 1, length, &at, scope, e))
                return -1;
            text += length + 2;
        } else {
            if (template_add_literal(t, text, 1, e))
                return -1;
            text += text[1] == '{' ? 2 : 1;
        }
        at.is_first = false;
    }
    return 0;
}

bool template_begins_with_value(const char *text)
{
    return *text == '{' && template_word_length(text) > 0;
}

#include "json_text.h"

#include "utf8.h"

#include <stdlib.h>
#include <string.h>

json_t *json_text(const char *text)
{
    if (utf8_is_valid(text))
        return json_string(text);
    char *valid = utf8_valid(text, strlen(text));
    json_t *string = valid ? json_string(valid) : NULL;
    free(valid);
    return string;
}

json_t *json_text_or_null(const char *text)
{
    return text && *text ? json_text(text) : json_null();
}

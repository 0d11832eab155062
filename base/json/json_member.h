/* Members of JSON objects that other programs, or people, may have written: one that is missing or of another
 * type is "", 0 or NAN. */
#ifndef JSON_MEMBER_H
#define JSON_MEMBER_H

#include <jansson.h>
#include <math.h>
#include <stdint.h>

static inline const char *json_member_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* 0 also for a number below it. */
static inline uint64_t json_member_count(const json_t *object, const char *key)
{
    const json_int_t n = json_integer_value(json_object_get(object, key));
    return n > 0 ? (uint64_t)n : 0;
}

static inline double json_member_real(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

#endif

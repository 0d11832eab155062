#include "secret_name.h"

#include <string.h>
#include <strings.h>

bool secret_name_matches(const char *name, size_t length)
{
    static const char *const parts[] = {
        "authorization", "cookie",           "api-key",    "apikey",     "api_key",
        "token",         "secret",           "passw",      "pwd",        "passphrase",
        "credential",    "private_key",      "access-key", "access_key", "accesskey",
        "functions-key", "subscription-key", "signature",  "session-id", "session_id",
        "sessionid",     "sessid",           "jwt"
    };
    static const char *const whole[] = {
        "pass", "sid", "auth", "pin", "otp", "x-auth", "code_verifier", "sig"
    };
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if (strlen(whole[i]) == length && strncasecmp(name, whole[i], length) == 0)
            return true;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        for (size_t at = 0; at + strlen(parts[i]) <= length; at++)
            if (strncasecmp(name + at, parts[i], strlen(parts[i])) == 0)
                return true;
    return false;
}

/* The options of curl: which take a value, and what they mean for a request. The table knows all of curl 8,
 * so that a value is never taken for a URL. */
#ifndef IMPORT_CURL_OPTIONS_H
#define IMPORT_CURL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct err;

enum curl_option {
    CURL_IGNORED,    /* it changes nothing of the request */
    CURL_NOT_MAPPED, /* it does, and has no counterpart here */
    CURL_URL,
    CURL_URL_QUERY,
    CURL_METHOD,
    CURL_GET,
    CURL_HEAD,
    CURL_HEADER,
    CURL_AGENT,
    CURL_REFERER,
    CURL_COOKIE,
    CURL_COOKIE_JAR,
    CURL_USER,
    CURL_BEARER,
    CURL_INSECURE,
    CURL_FOLLOW,
    CURL_REDIRECTS_MOST,
    CURL_TIMEOUT,
    CURL_CONNECT_TIMEOUT,
    CURL_DATA,
    CURL_DATA_BINARY,
    CURL_DATA_RAW,
    CURL_DATA_URLENCODE,
    CURL_JSON,
    CURL_RESOLVE,
    CURL_CONNECT_TO,
    CURL_COMPRESSED,
    CURL_RANGE,
    CURL_NEXT,
    CURL_IPV4,
    CURL_IPV6,
    CURL_UNIX_SOCKET,
    CURL_INTERFACE,
    CURL_CA,
    CURL_CERT,
    CURL_KEY,
    CURL_PATH_AS_IS,
    CURL_REQUEST_TARGET,
    CURL_GLOBOFF,
    CURL_UPLOAD,
    CURL_FORM,
    CURL_CONFIG,
    CURL_HTTP_1,
    CURL_HTTP_2,
    CURL_HTTP_2_PRIOR,
};

struct curl_option_row {
    const char *name;
    char letter; /* 0: none */
    bool takes_value;
    enum curl_option option;
    const char *why; /* it is not mapped, as a clause; NULL: there is no counterpart */
};

/* By its letter; NULL: there is none. */
const struct curl_option_row *curl_options_letter(char letter);
/* By its name, which may be shortened and begin with no-, which sets `*is_no`; NULL: there is none. */
const struct curl_option_row *curl_options_name(const char *name, size_t length, bool *is_no);

#endif

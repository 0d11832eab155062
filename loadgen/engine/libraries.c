#include "libraries.h"

#include <llhttp.h>
#include <nghttp2/nghttp2.h>
#include <openssl/crypto.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <uv.h>
#include <zlib.h>

#define TEXT_OF(x) #x
#define TEXT(x)    TEXT_OF(x)
#define LLHTTP_VERSION                                                                                       \
    TEXT(LLHTTP_VERSION_MAJOR) "." TEXT(LLHTTP_VERSION_MINOR) "." TEXT(LLHTTP_VERSION_PATCH)

#define PCRE2_VERSION TEXT(PCRE2_MAJOR) "." TEXT(PCRE2_MINOR)

const struct build_library *libraries_in_use(struct build_library out[LIBRARIES_ROWS])
{
    out[0] = (struct build_library){ "libuv", uv_version_string() };
    out[1] = (struct build_library){ "llhttp", LLHTTP_VERSION };
    out[2] = (struct build_library){ "openssl", OpenSSL_version(OPENSSL_VERSION_STRING) };
    out[3] = (struct build_library){ "zlib", zlibVersion() };
    out[4] = (struct build_library){ "pcre2", PCRE2_VERSION };
    out[5] = (struct build_library){ "brotli", BROTLI_VERSION };
    out[6] = (struct build_library){ "nghttp2", nghttp2_version(0)->version_str };
    out[7] = (struct build_library){ NULL, NULL };
    return out;
}

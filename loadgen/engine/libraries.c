#include "libraries.h"

#include <llhttp.h>
#include <openssl/crypto.h>
#include <uv.h>
#include <zlib.h>

#define TEXT_OF(x) #x
#define TEXT(x)    TEXT_OF(x)
#define LLHTTP_VERSION                                                                                       \
    TEXT(LLHTTP_VERSION_MAJOR) "." TEXT(LLHTTP_VERSION_MINOR) "." TEXT(LLHTTP_VERSION_PATCH)

const struct build_library *libraries_in_use(struct build_library out[LIBRARIES_ROWS])
{
    out[0] = (struct build_library){ "libuv", uv_version_string() };
    out[1] = (struct build_library){ "llhttp", LLHTTP_VERSION };
    out[2] = (struct build_library){ "openssl", OpenSSL_version(OPENSSL_VERSION_STRING) };
    out[3] = (struct build_library){ "zlib", zlibVersion() };
    out[4] = (struct build_library){ NULL, NULL };
    return out;
}

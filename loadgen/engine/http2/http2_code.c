#include "http2_code.h"

const char *http2_reset_cause(uint32_t code)
{
    static const char *const causes[HTTP2_N_CODES] = {
        "stream reset: NO_ERROR",
        "stream reset: PROTOCOL_ERROR",
        "stream reset: INTERNAL_ERROR",
        "stream reset: FLOW_CONTROL_ERROR",
        "stream reset: SETTINGS_TIMEOUT",
        "stream reset: STREAM_CLOSED",
        "stream reset: FRAME_SIZE_ERROR",
        "stream reset: REFUSED_STREAM",
        "stream reset: CANCEL",
        "stream reset: COMPRESSION_ERROR",
        "stream reset: CONNECT_ERROR",
        "stream reset: ENHANCE_YOUR_CALM",
        "stream reset: INADEQUATE_SECURITY",
        "stream reset: HTTP_1_1_REQUIRED",
    };
    return code < HTTP2_N_CODES ? causes[code] : "stream reset: an unknown code";
}

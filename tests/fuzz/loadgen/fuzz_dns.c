/* A DNS server's answer: no more addresses than there is room for, each of a kind that can be connected to.
 */
#include "fuzz.h"
#include "name_server.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    struct name_server_answer answer = { .ttl_s = UINT32_MAX };
    for (int i = 0; i < 2; i++) /* IPv4, then IPv6 */
        name_server_take(&answer, data, length_bytes);
    FUZZ_HOLDS(answer.n <= NAME_SERVER_ADDRESSES_MOST);
    for (size_t i = 0; i < answer.n; i++)
        FUZZ_HOLDS(answer.addresses[i].ss_family == AF_INET || answer.addresses[i].ss_family == AF_INET6);
    return 0;
}

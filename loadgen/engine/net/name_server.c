#include "name_server.h"

#include "err.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>

static int wrong_server(const char *server, struct err *e)
{
    return err_set(
        e, ERR_INPUT,
        "the DNS server must be an address such as 10.0.0.2, 10.0.0.2:53 or [fd00::2]:53, not '%s'", server);
}

/* Splits "ADDRESS", "ADDRESS:PORT" or "[ADDRESS]:PORT". */
static int split(const char *server, char address[static 64], in_port_t *port)
{
    const bool is_bracketed = *server == '[';
    const char *begin = server + is_bracketed;
    const char *end = begin + strcspn(begin, is_bracketed ? "]" : ":");
    const char *colon = strchr(end, ':');
    if (is_bracketed && (*end != ']' || (end[1] && colon != end + 1)))
        return -1;
    if (!is_bracketed && colon && strchr(colon + 1, ':')) { /* a bare IPv6 address */
        end = begin + strlen(begin);
        colon = NULL;
    }
    const unsigned long number = colon ? strtoul(colon + 1, NULL, 10) : NAMESERVER_PORT;
    if (end - begin >= 64 || number == 0 || number > 65535)
        return -1;
    memcpy(address, begin, (size_t)(end - begin));
    address[end - begin] = '\0';
    *port = htons((uint16_t)number);
    return 0;
}

/* glibc has no room for an IPv6 server in its list: a family of 0 there means "see the second list", whose
 * entries res_nclose frees. */
static int use_v6(struct __res_state *state, const struct sockaddr_in6 *server)
{
    struct sockaddr_in6 **place = &state->_u._ext.nsaddrs[0];
    if (!*place)
        *place = malloc(sizeof **place);
    if (!*place)
        return -1;
    **place = *server;
    state->nsaddr_list[0] = (struct sockaddr_in){ 0 };
    return 0;
}

static int use_server(struct __res_state *state, const char *server, struct err *e)
{
    char address[64];
    in_port_t port;
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };

    if (split(server, address, &port))
        return wrong_server(server, e);
    v4.sin_port = v6.sin6_port = port;
    state->nscount = 1;
    state->retrans = 1;
    state->retry = 2;
    if (inet_pton(AF_INET, address, &v4.sin_addr) == 1)
        state->nsaddr_list[0] = v4;
    else if (inet_pton(AF_INET6, address, &v6.sin6_addr) != 1)
        return wrong_server(server, e);
    else if (use_v6(state, &v6))
        return err_set(e, ERR_FAILED, "out of memory while resolving the target");
    return 0;
}

/* Aliases before an address count, too. A TTL with its highest bit set means 0: RFC 2181 section 8. */
static void note_ttl(struct name_server_answer *answer, const ns_rr *record)
{
    const uint32_t told_s = ns_rr_ttl(*record);
    const uint32_t ttl_s = told_s > INT32_MAX ? 0 : told_s;
    if (ttl_s < answer->ttl_s)
        answer->ttl_s = ttl_s;
}

static void add_address(struct name_server_answer *answer, const ns_rr *record)
{
    if (answer->n == NAME_SERVER_ADDRESSES_MOST)
        return;
    struct sockaddr_storage *a = &answer->addresses[answer->n];
    memset(a, 0, sizeof *a);
    if (ns_rr_type(*record) == ns_t_a && ns_rr_rdlen(*record) == 4) {
        a->ss_family = AF_INET;
        memcpy(&((struct sockaddr_in *)a)->sin_addr, ns_rr_rdata(*record), 4);
    } else if (ns_rr_type(*record) == ns_t_aaaa && ns_rr_rdlen(*record) == 16) {
        a->ss_family = AF_INET6;
        memcpy(&((struct sockaddr_in6 *)a)->sin6_addr, ns_rr_rdata(*record), 16);
    } else {
        return;
    }
    answer->n++;
}

bool name_server_take(struct name_server_answer *answer, const unsigned char *packet, size_t length_bytes)
{
    ns_msg message;
    ns_rr record;
    if (length_bytes > INT_MAX || ns_initparse(packet, (int)length_bytes, &message) < 0)
        return false;
    for (int i = 0; i < ns_msg_count(message, ns_s_an); i++)
        if (ns_parserr(&message, ns_s_an, i, &record) == 0) {
            note_ttl(answer, &record);
            add_address(answer, &record);
        }
    return true;
}

/* Whether the server answered, if only that there is no such record. */
static bool ask_type(struct __res_state *state, const char *name, int type, struct name_server_answer *answer)
{
    unsigned char packet[4096];
    const int length = res_nquery(state, name, ns_c_in, type, packet, sizeof packet);
    if (length <= 0)
        return state->res_h_errno == HOST_NOT_FOUND || state->res_h_errno == NO_DATA;
    return length <= (int)sizeof packet && name_server_take(answer, packet, (size_t)length);
}

int name_server_ask(const char *server, const char *name, int family, struct name_server_answer *answer,
                    struct err *e)
{
    struct __res_state state;
    memset(&state, 0, sizeof state);
    *answer = (struct name_server_answer){ .ttl_s = UINT32_MAX };
    if (res_ninit(&state) < 0)
        return err_set(e, ERR_FAILED, "cannot set up the resolver");
    int status = use_server(&state, server, e);
    if (status == 0 && family != 6)
        answer->unanswered_v4 = !ask_type(&state, name, ns_t_a, answer);
    if (status == 0 && family != 4)
        answer->unanswered_v6 = !ask_type(&state, name, ns_t_aaaa, answer);
    res_nclose(&state);
    if (status == 0 && answer->n == 0)
        status = err_set(e, ERR_FAILED, "the DNS server %s gives no address for '%s': %s", server, name,
                         hstrerror(state.res_h_errno));
    return status;
}

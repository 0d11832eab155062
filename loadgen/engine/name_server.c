#include "name_server.h"

#include "err.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>

static int use_server(struct __res_state *state, const char *server, struct err *e)
{
    char address[64];
    const char *colon = strchr(server, ':');
    const size_t length = colon ? (size_t)(colon - server) : strlen(server);
    const unsigned long port = colon ? strtoul(colon + 1, NULL, 10) : NAMESERVER_PORT;

    if (length >= sizeof address || port == 0 || port > 65535)
        return err_set(e, ERR_INPUT,
                       "the DNS server must be an address such as 10.0.0.2 or 10.0.0.2:53, not '%s'", server);
    memcpy(address, server, length);
    address[length] = '\0';
    state->nscount = 1;
    state->nsaddr_list[0] = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    if (inet_pton(AF_INET, address, &state->nsaddr_list[0].sin_addr) != 1)
        return err_set(e, ERR_INPUT,
                       "the DNS server must be an address such as 10.0.0.2 or 10.0.0.2:53, not '%s'", server);
    state->retrans = 1;
    state->retry = 2;
    return 0;
}

static void add_record(struct name_server_answer *answer, const ns_rr *record)
{
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
    if (answer->n++ == 0 || ns_rr_ttl(*record) < answer->ttl_s)
        answer->ttl_s = ns_rr_ttl(*record);
}

static void ask_type(struct __res_state *state, const char *name, int type, struct name_server_answer *answer)
{
    unsigned char packet[4096];
    ns_msg message;
    ns_rr record;

    const int length = res_nquery(state, name, ns_c_in, type, packet, sizeof packet);
    if (length <= 0 || length > (int)sizeof packet || ns_initparse(packet, length, &message) < 0)
        return;
    for (int i = 0; i < ns_msg_count(message, ns_s_an) && answer->n < NAME_SERVER_ADDRESSES_MOST; i++)
        if (ns_parserr(&message, ns_s_an, i, &record) == 0)
            add_record(answer, &record);
}

int name_server_ask(const char *server, const char *name, int family, struct name_server_answer *answer,
                    struct err *e)
{
    struct __res_state state;
    memset(&state, 0, sizeof state);
    memset(answer, 0, sizeof *answer);
    if (res_ninit(&state) < 0)
        return err_set(e, ERR_FAILED, "cannot set up the resolver");
    int status = use_server(&state, server, e);
    if (status == 0 && family != 6)
        ask_type(&state, name, ns_t_a, answer);
    if (status == 0 && family != 4)
        ask_type(&state, name, ns_t_aaaa, answer);
    res_nclose(&state);
    if (status == 0 && answer->n == 0)
        status = err_set(e, ERR_FAILED, "the DNS server %s gives no address for '%s': %s", server, name,
                         hstrerror(state.res_h_errno));
    return status;
}

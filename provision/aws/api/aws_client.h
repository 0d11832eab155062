/* Sends calls, one or many at a time, over persistent connections, and retries each by the rules of retry.h.
 */
#ifndef PROVISION_AWS_CLIENT_H
#define PROVISION_AWS_CLIENT_H

#include "aws_call.h"
#include "random.h"
#include "retry.h"
#include "units.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct aws_config;
struct form;
struct xml_node;

struct aws_client {
    struct aws_config *config; /* borrowed until aws_client_fini; its credentials are renewed in time */
    void *multi;               /* CURLM *, owned */
    struct retry_bucket bucket;
    struct random random;
    double time_scale;          /* 1; tests shorten every wait */
    struct aws_failure failure; /* of the last send that failed, for callers to branch on */
    const atomic_int *stop;     /* borrowed; once non-zero, nothing more is sent. NULL: never */
    uint64_t stopped_ns;        /* when that was noticed; 0: not yet */
    bool reached;               /* a call succeeded */
    uint64_t known_ns;          /* real time at which the newest object of ours was made or seen; 0: none */
    /* Shows the user a message; NULL: messages are dropped. */
    void (*show)(void *payload, const char *text);
    void *show_payload;
};

/* AWS is eventually consistent: for up to two minutes, an object that was made may be "not found". */
#define AWS_CLIENT_LAG_NS (120 * NS_PER_S)

/* `time_scale` multiplies every wait between attempts. */
int aws_client_init(struct aws_client *c, struct aws_config *config, double time_scale,
                    const atomic_int *stop, struct err *e);
void aws_client_fini(struct aws_client *c);

/* Whether what was made at that time is less than two minutes old. */
bool aws_client_is_young(uint64_t made_ns, uint64_t realtime_ns);

/* Sends n calls at once and returns when each has its reply or failure. While our newest object is young,
 * "not found" is retried for two minutes unless it is an answer of the call. When `stop` is set, those in
 * flight are abandoned at once, except that a creation gets a few seconds for its reply. 0 when all
 * succeeded; else -1, with the first failure in `e`. */
int aws_client_send_all(struct aws_client *c, struct aws_call *calls, size_t n, struct err *e);
int aws_client_send(struct aws_client *c, struct aws_call *call, struct err *e);

/* Takes one page of a list; returns 0, or -1 to stop with `e`. */
typedef int aws_client_page_fn(void *payload, const struct xml_node *reply, struct err *e);
/* Sends a list call until no page is left: the token at `token_path` of each reply is sent back as
 * `token_name`. The caller initialises `call` and finishes it in every case. */
int aws_client_pages(struct aws_client *c, struct aws_call *call, const char *token_name,
                     const char *token_path, aws_client_page_fn *take, void *payload, struct err *e);

/* Sleeps for a scaled time or until `stop` is set: -1 then. */
int aws_client_pause(const struct aws_client *c, uint64_t wait_ns, struct err *e);

#endif

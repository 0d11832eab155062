/* Carries calls out: one or many side by side over kept connections, each repeated by the rules of retry.h.
 */
#ifndef PROVISION_AWS_CLIENT_H
#define PROVISION_AWS_CLIENT_H

#include "aws_call.h"
#include "random.h"
#include "retry.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct aws_config;
struct form;
struct xml_node;

struct aws_client {
    const struct aws_config *config; /* borrowed until aws_client_fini */
    void *multi;                     /* CURLM *, owned */
    struct retry_bucket bucket;
    struct random random;
    double time_scale;          /* 1; tests make every wait shorter */
    struct aws_failure failure; /* of the last send that failed: what callers branch on */
    const atomic_int *stop;     /* borrowed; when it becomes non-zero nothing more is sent. NULL: never */
    uint64_t stopped_ns;        /* when that was seen; 0: not yet */
};

/* `time_scale` multiplies every wait between attempts. */
int aws_client_init(struct aws_client *c, const struct aws_config *config, double time_scale,
                    const atomic_int *stop, struct err *e);
void aws_client_fini(struct aws_client *c);

/* Carries out n calls at once and returns when each has its reply or failure; what is under way when `stop`
 * is set has a few seconds more, so that a reply is not lost which is on its way. Returns 0 when all
 * succeeded; else -1 and `e` holds the sentence of the first that failed. */
int aws_client_send_all(struct aws_client *c, struct aws_call *calls, size_t n, struct err *e);
int aws_client_send(struct aws_client *c, struct aws_call *call, struct err *e);

/* Takes one page of a list; returns 0, or -1 to stop with `e`. */
typedef int aws_client_page_fn(void *payload, const struct xml_node *reply, struct err *e);
/* Repeats a list call until no page is left. `call` is initialised by the caller, who finishes it in every
 * case; the token that the element at `token_path` holds is sent back as `token_name`. */
int aws_client_pages(struct aws_client *c, struct aws_call *call, const char *token_name,
                     const char *token_path, aws_client_page_fn *take, void *payload, struct err *e);

/* Sleeps for a scaled time or until `stop` is set: -1 then. */
int aws_client_pause(const struct aws_client *c, uint64_t wait_ns, struct err *e);

#endif

/* What a pass takes on average, as far as that is known before it runs: requests and thinks, but no time for
 * responses. */
#ifndef PLAN_SESSION_MEAN_H
#define PLAN_SESSION_MEAN_H

#include "session.h"

struct session_mean {
    double n_requests;      /* of `steps`, without redirects and further tries of `until` */
    double think_ns;        /* within the pass: all but what follows its last step */
    double from_to_pass_ns; /* from the begin of a pass to that of the user's next one */
    double life_ns;         /* of a user with one pass, with all its thinks and a second for each request */
};

struct session_mean session_mean(const struct plan_session *session);
/* Of one think. */
double session_think_mean_ns(const struct session_think *think);

#endif

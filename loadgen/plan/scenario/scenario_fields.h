/* The tables of keys that a scenario may have, one per kind of map. They are the only list of them; documents
 * and schema are compared with it (test_scenario_schema.c). */
#ifndef PLAN_SCENARIO_FIELDS_H
#define PLAN_SCENARIO_FIELDS_H

#include "fields.h"

extern const struct field scenario_file_fields[];
extern const struct field scenario_feed_fields[];
extern const struct field scenario_threshold_fields[];
extern const struct field scenario_target_fields[];
extern const struct field scenario_tls_fields[];
extern const struct field scenario_stream_fields[];
extern const struct field scenario_phase_fields[];
extern const struct field scenario_request_fields[];
extern const struct field scenario_expect_fields[];
extern const struct field scenario_session_fields[];
extern const struct field scenario_step_fields[];
extern const struct field scenario_step_expect_fields[];
extern const struct field scenario_capture_fields[];
extern const struct field scenario_think_fields[];
extern const struct field scenario_until_fields[];
extern const struct field scenario_renew_fields[];

#endif

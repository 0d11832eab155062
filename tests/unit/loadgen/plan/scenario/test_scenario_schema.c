#include "scenario_fields.h"

#include "schema_check.h"

static void the_schema_has_the_keys_and_limits_of_the_tables(void **state)
{
    static const struct schema_map maps[] = {
        { NULL, scenario_file_fields },         { "threshold", scenario_threshold_fields },
        { "target", scenario_target_fields },   { "tls", scenario_tls_fields },
        { "stream", scenario_stream_fields },   { "phase", scenario_phase_fields },
        { "request", scenario_request_fields }, { "expect", scenario_expect_fields },
        { "feed", scenario_feed_fields },       { "session", scenario_session_fields },
        { "step", scenario_step_fields },       { "step_expect", scenario_step_expect_fields },
        { "capture", scenario_capture_fields }, { "think", scenario_think_fields },
        { "until", scenario_until_fields },     { "renew", scenario_renew_fields },
    };
    (void)state;
    schema_check("scenario", maps, sizeof maps / sizeof *maps);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_schema_has_the_keys_and_limits_of_the_tables) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

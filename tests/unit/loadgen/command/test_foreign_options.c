/* Every option that the other load generators document is accepted with its own meaning or answered with what
 * to use; read from their usage texts. */
#include "err.h"
#include "foreign_options.h"
#include "loadgen_commands.h"
#include "run_options.h"

#include "cm.h"

#include <stdio.h>
#include <string.h>

/* Parses one option and a value, as the command does. */
static int parse(const struct command *command, const char *option, struct err *e)
{
    char words[2][64];
    union {
        struct run_options run;
        char room[16384]; /* those of other commands begin with the same */
    } o = { .run = { .command = command } };
    struct options_result result;
    snprintf(words[0], sizeof words[0], "%s", option);
    snprintf(words[1], sizeof words[1], "7");
    *e = (struct err){ ERR_NONE, "" };
    const int status = options_parse(command, &o, 2, (char *[]){ words[0], words[1] }, &result, e);
    options_fini(command, &o, &result);
    return status;
}

struct tool {
    const char *name;
    const char *same;  /* options that mean the same here, by blanks */
    const char *other; /* those that are answered */
};

static const struct tool tools[] = {
    { "wrk", "-c --connections -d --duration -t --threads -H --header --timeout",
      "-s --script --latency -v --version" },
    { "wrk2", "-R --rate", "-L --latency -U --u_latency" },
    { "oha",
      "-n -c -m --method -H --host --ipv4 --ipv6 --insecure --cacert --cert --key --unix-socket --connect-to "
      "--http2 -o --json",
      "-p -z -w --wait-ongoing-requests-after-deadline --burst-delay --burst-rate --rand-regex-url "
      "--urls-from-file "
      "--dump-urls --latency-correction --no-tui --fps -j --connect-timeout -A -D -Z -F --form -T -a "
      "-x --proxy-header "
      "--http-version --disable-compression -r --redirect --disable-keepalive --no-pre-lookup "
      "--no-color "
      "--disable-color --db-url --debug --output --output-format --time-unit -V --version" },
    { "hey", "-n -c -m -H -o",
      "-z -A -D -T -a -x -h2 -disable-compression -disable-keepalive -disable-redirects -cpus -enable-tmpl "
      "-host" },
    { "ab", "-n -c -H -k -q", "-s -b -B -p -T -v -w -i -x -z -C -A -P -X -V -S -l -g -e -r -f -Z" },
    { "k6", "-d --duration -q --quiet -o",
      "--vus --iterations -i --stage -s --rps --user-agent --http-debug --insecure-skip-tls-verify "
      "--no-connection-reuse "
      "--no-vu-connection-reuse --summary-trend-stats --summary-export --max-redirects --local-ips --dns "
      "--discard-response-bodies --no-thresholds --no-summary --no-color --tag --env -e -v --verbose" },
    { "vegeta", "--rate --timeout --connections --insecure --cert --key --header --http2",
      "-rate -duration -body -cert -connections -format -h2c -header -insecure -keepalive -key -laddr "
      "-lazy -max-body "
      "-max-workers -name -output -redirects -root-certs -targets -timeout -workers -version -cpus "
      "-session-tickets -chunked" },
    { "h2load", "-n --requests -c -t --threads -H --header --duration --connect-to --sni",
      "--clients -i --input-file --max-concurrent-streams -w -W --window-bits --connection-window-bits "
      "--ciphers --tls13-ciphers -p --no-tls-proto "
      "--data -r "
      "--rate-period -D --warm-up-time -T --connection-active-timeout -N --connection-inactivity-timeout "
      "--timing-script-file -B --base-uri --alpn-list --npn-list --h1 --log-file --rps -v --verbose "
      "--version" },
    { "fortio", "-c -n -H -k",
      "-qps -L -P -a -abort-on -cert -cacert -compression -gomaxprocs -grpc -http1.0 -https-insecure -json "
      "-keepalive -key "
      "-labels -p -payload -payload-file -quiet -r -s -timeout -user -uniform -jitter -nocatchup "
      "-connection-reuse -X "
      "-resolve -content-type -h2 -unix-socket" },
    { "bombardier",
      "-c --connections -m --method --cert --key -k --insecure -H --header -n --requests -d --duration "
      "--rate "
      "-q --body --body-file --timeout --http2",
      "-l --latencies -b -f -s --stream -a --disableKeepAlives -r --fasthttp --http1 -p --print "
      "--no-print --format" },
    { "nighthawk", "--connections --duration --timeout",
      "--rps --concurrency --h2 --protocol --h3 --max-concurrent-streams "
      "--experimental-h2-use-multiple-connections --request-method --request-header --request-body-size "
      "--max-requests-per-connection "
      "--open-loop --jitter --uniform-distributed-jitter-range --failure-predicate --termination-predicate "
      "--sequencer-idle-strategy --burst-size --prefetch-connections --output-format --address-family "
      "--tls-context "
      "--max-active-requests --max-pending-requests --label" },
    { "curl",
      "-H --header -k --insecure -m -o -u --user --cacert --cert --key --resolve --connect-to -4 -6 "
      "--unix-socket --http1.1 --http2 --http2-prior-knowledge",
      "-X --request --data -F --form -L --location -x --proxy -I --head -b --cookie --data-binary --data-raw "
      "--data-urlencode -A -e --compressed --no-alpn --http3 --http3-only --max-time --connect-timeout "
      "--interface -s "
      "--silent -v -V" },
};

static void check(const struct tool *tool, const char *options, bool is_same)
{
    char option[64];
    struct err e;
    for (size_t length; *options; options += length + (options[length] == ' ')) {
        length = strcspn(options, " ");
        snprintf(option, sizeof option, "%.*s", (int)length, options);
        const bool is_known = parse(&run_command, option, &e) == 0 || !strstr(e.text, "has no option");
        if (is_known != is_same)
            fail_msg("%s %s: %s", tool->name, option, e.text[0] ? e.text : "accepted");
        if (!is_same && strstr(e.text, "lists them"))
            fail_msg("%s %s is not answered", tool->name, option);
        if (!is_same && strstr(e.text, "did you mean") && option[1] == '-')
            fail_msg("%s %s: %s", tool->name, option, e.text);
    }
}

static void every_option_of_other_tools_is_accepted_or_answered(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(tools); i++) {
        check(&tools[i], tools[i].same, true);
        check(&tools[i], tools[i].other, false);
    }
}

static void the_answers_name_what_to_use(void **state)
{
    static const struct {
        const char *option, *sentence;
    } cases[] = {
        { "-X", "loadgen run has no option -X; use -m METHOD (--method)" },
        { "-z", "loadgen run has no option -z; use -d TIME (--duration)" },
        { "-D", "loadgen run has no option -D; use --body-file FILE; how long to send is -d" },
        { "-L",
          "loadgen run has no option -L: percentiles are always printed, and redirects are not followed" },
        { "--latency", "loadgen run has no option --latency: percentiles are always printed" },
        { "--data", "loadgen run has no option --data; use --body TEXT; a file is --body-file" },
        { "--vus", "loadgen run has no option --vus; use -c N (--connections); each is a user" },
        { "--users", "loadgen run has no option --users; use -c N (--connections); each is a user" },
        { "--http3", "loadgen run has no option --http3: loadgen speaks HTTP/1.1 and HTTP/2" },
        { "--h2", "loadgen run has no option --h2; use --http2; or, without TLS, --http2-prior-knowledge" },
        { "--max-concurrent-streams", "loadgen run has no option --max-concurrent-streams; use --streams N" },
        { "--location",
          "loadgen run has no option --location: redirects are not followed; `--expect-status 3xx` accepts "
          "them" },
        { "-qps", "loadgen run has no option -qps; use -R RATE (--rate)" },
        { "-duration=5s", "loadgen run has no option -duration; did you mean --duration?" },
        { "-t30s", "--threads must be a whole number such as 500, 5k or 2M, not '30s'; how long to send is "
                   "-d, the limit "
                   "of a request's time --timeout" },
        { "-d{}", "--duration must be a duration such as 10, which means 10s, or 500ms or 1h30m, not '{}'; "
                  "the body of a "
                  "request is --body" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct err e;
        assert_int_equal(parse(&run_command, cases[i].option, &e), -1);
        assert_string_equal(e.text, cases[i].sentence);
    }
}

static void other_commands_answer_with_what_they_have(void **state)
{
    struct err e;
    (void)state;
    assert_int_equal(parse(&sweep_command, "--http3", &e), -1);
    assert_string_equal(e.text, "loadgen sweep has no option --http3: loadgen speaks HTTP/1.1 and HTTP/2");
    assert_int_equal(parse(&campaign_command, "--cpus", &e), -1);
    assert_string_equal(e.text, "loadgen campaign has no option --cpus; use -t N (--threads)");
    assert_int_equal(parse(&plan_command, "--vus", &e), -1);
    assert_string_equal(e.text, "loadgen plan has no option --vus; use -c N (--connections); each is a user");
}

static void every_row_stands_once_and_names_an_option_that_exists(void **state)
{
    (void)state;
    for (const struct option_elsewhere *o = foreign_options; o->name; o++) {
        if (!o->note && !o->option)
            fail_msg("%s says nothing", o->name);
        if (o->option && !options_find(&run_command, o->option))
            fail_msg("%s: there is no --%s", o->name, o->option);
        if (o->option && options_find(&run_command, o->name))
            fail_msg("--%s exists", o->name);
        for (const struct option_elsewhere *p = foreign_options; p != o; p++)
            if (strcmp(p->name, o->name) == 0)
                fail_msg("%s stands twice", o->name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_of_other_tools_is_accepted_or_answered),
        cmocka_unit_test(the_answers_name_what_to_use),
        cmocka_unit_test(other_commands_answer_with_what_they_have),
        cmocka_unit_test(every_row_stands_once_and_names_an_option_that_exists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A small run folder with something of everything, made for tests of what reads one: two clusters under open
 * load and a few users beside them, warm-up, a pause that is cut out of the time axis, errors, instances,
 * health, provider's metrics, rules and thresholds. Its numbers are few and round, so that what must come out
 * can be worked out by hand. Tests that need another run change its text (made_edit). Include after cm.h.
 *
 *   second              0         1 2 3    4         5 to 12   13 to 19 (0.4 s of it)
 *   load1 (cluster1)    warm-up   BODY     all MS2   pause     BODY           at 1000/s
 *   load2 (cluster2)    TAIL      TAIL     TAIL      pause     TAIL           at 500/s
 *   users1 (cluster1)   8 requests a second          pause                    2 users, closed
 *
 * cluster1: 11 000 times: 9000 MS1, 1900 MS2, 100 MS4. p50 MS1, p90 MS2, p99 MS2, p99.9 MS4.
 * cluster2:  6 000 times: 3000 MS2, 2400 MS4, 540 MS8, 60 MS16. p50 MS2, p90 MS4, p99 MS8, p99.9 MS16. */
#ifndef UNIT_ANALYSIS_MADE_RUN_H
#define UNIT_ANALYSIS_MADE_RUN_H

#include "scratch.h"

#include "dataset.h"
#include "hist.h"
#include "hlog.h"
#include "units.h"

#include <inttypes.h>
#include <sys/stat.h>

/* About 0.5, 1, 2, ... ms: each is the highest value of its bin, so that it survives unchanged. */
#define MADE_MS0  UINT64_C(524287)
#define MADE_MS1  UINT64_C(1048575)
#define MADE_MS2  UINT64_C(2097151)
#define MADE_MS4  UINT64_C(4194303)
#define MADE_MS8  UINT64_C(8388607)
#define MADE_MS16 UINT64_C(16777215)

enum { MADE_SECONDS = 20 };
#define MADE_DURATION_S 19.4
#define MADE_T0_NS      UINT64_C(1795299004000000000) /* 2026-11-21T22:10:04Z */

struct made_times {
    unsigned from_s, to_s; /* the seconds, both included, */
    const char *tag;
    uint64_t ns, n; /* each of which has n of these */
};

#define MADE_BODY(from, to, phase)                                                                           \
    { from, to, "response.load1.cluster1." phase ".ok.all", MADE_MS1, 900 },                                 \
        { from, to, "response.load1.cluster1." phase ".ok.all", MADE_MS2, 90 },                              \
        { from, to, "response.load1.cluster1." phase ".ok.all", MADE_MS4, 10 },                              \
        { from, to, "response.load1.cluster1." phase ".ok.i-a", MADE_MS1, 600 },                             \
        { from, to, "response.load1.cluster1." phase ".ok.i-b", MADE_MS1, 300 },                             \
        { from, to, "response.load1.cluster1." phase ".ok.i-b", MADE_MS2, 90 },                              \
        { from, to, "response.load1.cluster1." phase ".ok.i-b", MADE_MS4, 10 },                              \
        { from, to, "response_less_g.load1.cluster1." phase ".ok.all", MADE_MS0, 900 },                      \
    {                                                                                                        \
        from, to, "response_less_g.load1.cluster1." phase ".ok.all", MADE_MS1, 100                           \
    }
#define MADE_TAIL(from, to, phase)                                                                           \
    { from, to, "response.load2.cluster2." phase ".ok.all", MADE_MS2, 250 },                                 \
        { from, to, "response.load2.cluster2." phase ".ok.all", MADE_MS4, 200 },                             \
        { from, to, "response.load2.cluster2." phase ".ok.all", MADE_MS8, 45 },                              \
        { from, to, "response.load2.cluster2." phase ".ok.all", MADE_MS16, 5 },                              \
        { from, to, "response.load2.cluster2." phase ".ok.i-c", MADE_MS2, 500 },                             \
        { from, to, "response_less_g.load2.cluster2." phase ".ok.all", MADE_MS2, 450 },                      \
    {                                                                                                        \
        from, to, "response_less_g.load2.cluster2." phase ".ok.all", MADE_MS4, 50                            \
    }

static const struct made_times made_times[] = {
    { 0, 0, "response.load1.cluster1.warm.ok.all", MADE_MS16, 100 },
    { 0, 0, "response.load1.cluster1.warm.ok.i-a", MADE_MS16, 100 },
    { 0, 0, "response.load1.cluster1.warm.timeout.all", MADE_MS16, 7 },
    { 0, 0, "response_less_g.load1.cluster1.warm.ok.all", MADE_MS16, 100 },
    MADE_BODY(1, 3, "main"),
    { 4, 4, "response.load1.cluster1.main.ok.all", MADE_MS2, 1000 },
    { 4, 4, "response_less_g.load1.cluster1.main.ok.all", MADE_MS1, 1000 },
    { 2, 2, "response.load1.cluster1.main.timeout.all", MADE_MS16, 5 },
    { 3, 3, "response.load1.cluster1.main.status_5xx.all", MADE_MS1, 20 },
    { 1, 3, "service.load1.cluster1.main.ok.all", MADE_MS0, 1000 },
    MADE_BODY(13, 19, "last"),
    MADE_TAIL(0, 4, "main"),
    MADE_TAIL(13, 19, "last"),
    { 0, 4, "service.users1.cluster1.walk.ok.all", MADE_MS8, 8 },
};

/* A row of intervals.csv of each second from `from_s` to `to_s`. */
struct made_counts {
    unsigned from_s, to_s;
    const char *where; /* stream,cluster,phase,warmup */
    const char *intended;
    unsigned ok, timeout, status_5xx, reset_idle;
};

static const struct made_counts made_counts[] = {
    { 0, 0, "load1,cluster1,warm,1", "120", 100, 7, 0, 0 },
    { 1, 1, "load1,cluster1,main,0", "1000", 1000, 0, 0, 0 },
    { 2, 2, "load1,cluster1,main,0", "1000", 1000, 5, 0, 0 },
    { 3, 3, "load1,cluster1,main,0", "1000", 1000, 3, 20, 2 },
    { 4, 4, "load1,cluster1,main,0", "1000", 1000, 0, 0, 0 },
    { 5, 12, "load1,cluster1,rest,0", "0", 0, 0, 0, 0 },
    { 13, 18, "load1,cluster1,last,0", "1000", 1000, 0, 0, 0 },
    { 19, 19, "load1,cluster1,last,0", "1000", 1000, 0, 0, 0 },
    { 0, 4, "load2,cluster2,main,0", "500", 500, 0, 0, 0 },
    { 5, 12, "load2,cluster2,rest,0", "0", 0, 0, 0, 0 },
    { 13, 18, "load2,cluster2,last,0", "500", 500, 0, 0, 0 },
    { 19, 19, "load2,cluster2,last,0", "500", 500, 0, 4, 0 },
    { 0, 4, "users1,cluster1,walk,0", "", 8, 0, 0, 0 },
    { 5, 19, "users1,cluster1,rest,0", "", 0, 0, 0, 0 },
};

static const char made_run_json[] =
    "{\"schema_version\": 1, \"run_id\": \"2026-11-21T22-10-04Z-duo\", \"name\": \"duo\","
    " \"tool\": {\"name\": \"loadgen\", \"version\": \"0.1.0\"}, \"argv\": [\"loadgen\", \"run\", "
    "\"duo.yaml\"],"
    " \"scenario\": {\"file\": \"duo.yaml\", \"text\": \"name: duo\\n\"}, \"settings\": {\"threads\": \"1\"},"
    " \"seed\": 42, \"threads\": 1, \"started_utc\": \"2026-11-21T22:10:04Z\","
    " \"t0_realtime_ns\": 1795299004000000000, \"t0_monotonic_ns\": 5, \"duration_s\": 19.4, \"end\": "
    "\"done\","
    " \"versions\": {\"libuv\": \"1.44.2\"}, \"host\": {\"name\": \"vm\", \"kernel\": \"6.1.0\", \"cpu\": "
    "\"Xeon\","
    " \"cpus\": 2}, \"target\": {\"url\": \"http://127.0.0.1:8080\", \"tls\": false},"
    " \"deployment\": {\"provider\": \"local\", \"emulated\": true, \"topology\": \"m4x2-t2x1\"},\n"
    "\"clusters\": [{\"name\": \"cluster1\", \"label\": \"m4\", \"path\": \"/cluster1\","
    " \"instance_type\": \"m4.large\", \"zone\": \"us-east-1b\", \"instances\": [\"i-a\", \"i-b\"]},\n"
    "{\"name\": \"cluster2\", \"label\": \"t2\", \"path\": \"/cluster2\", \"instance_type\": \"t2.large\","
    " \"zone\": \"us-east-1a\", \"instances\": [\"i-c\"]}],\n"
    "\"streams\": [{\"name\": \"load1\", \"cluster\": \"cluster1\", \"model\": \"open\", \"headline\": "
    "\"response\","
    " \"method\": \"GET\", \"path\": \"/cluster1\", \"arrivals\": \"poisson\", \"captures_instance\": true,"
    " \"users\": null, \"connections\": 64, \"timeout_s\": 10.0},\n"
    "{\"name\": \"load2\", \"cluster\": \"cluster2\", \"model\": \"open\", \"headline\": \"response\","
    " \"method\": \"GET\", \"path\": \"/cluster2\", \"arrivals\": \"constant\", \"captures_instance\": true,"
    " \"users\": null, \"connections\": 64, \"timeout_s\": 10.0},\n"
    "{\"name\": \"users1\", \"cluster\": \"cluster1\", \"model\": \"closed\", \"headline\": \"service\","
    " \"method\": \"GET\", \"path\": \"/cluster1\", \"arrivals\": null, \"captures_instance\": false,"
    " \"users\": 2, \"connections\": 2, \"timeout_s\": 10.0}],\n";

#define MADE_PHASE(stream, cluster, phase, kind, warmup, start, end, rest)                                   \
    "{\"stream\": \"" stream "\", \"cluster\": \"" cluster "\", \"phase\": \"" phase "\", \"kind\": \"" kind \
    "\", \"warmup\": " warmup ", \"start_s\": " start ", \"end_s\": " end ", " rest "}"
#define MADE_ENDS(done, ok, errors)                                                                          \
    "\"done_n\": " done ", \"ok_n\": " ok ", \"ok_late_n\": 0, \"errors\": {" errors "}"
#define MADE_RATE(from, to, ...)                                                                             \
    "\"requests_n\": null, \"rate_per_s\": " from ", \"rate_end_per_s\": " to ", " MADE_ENDS(__VA_ARGS__)
#define MADE_CHECK(rule, scope, level, value, warn, invalid, unit, what, advice)                             \
    "{\"rule\": \"" rule "\", \"scope\": \"" scope "\", \"level\": \"" level "\", \"value\": " value         \
    ", \"warn\": " warn ", \"invalid\": " invalid ", \"unit\": \"" unit "\", \"what\": \"" what              \
    "\", \"advice\": \"" advice "\"}"

static const char made_run_json_rest[] =
    "\"phases\": [" MADE_PHASE("load1", "cluster1", "warm", "rate", "true", "0", "1",
                               MADE_RATE("100", "null", "107", "100", "\"timeout\": 7")) ",\n" //
    MADE_PHASE("load1", "cluster1", "main", "rate", "false", "1", "5",
               MADE_RATE("1000", "null", "4028", "4000",
                         "\"timeout\": 8, \"status_5xx\": 20, \"reset_idle\": 2")) ",\n" //
    MADE_PHASE("load1", "cluster1", "rest", "pause", "false", "5", "13",
               MADE_RATE("null", "null", "0", "0", "")) ",\n" //
    MADE_PHASE("load1", "cluster1", "last", "rate", "false", "13", "19.4",
               MADE_RATE("1000", "null", "7000", "7000", "")) ",\n" //
    MADE_PHASE("load2", "cluster2", "main", "rate", "false", "0", "5",
               MADE_RATE("500", "null", "2500", "2500", "")) ",\n" //
    MADE_PHASE("load2", "cluster2", "rest", "pause", "false", "5", "13",
               MADE_RATE("null", "null", "0", "0", "")) ",\n" //
    MADE_PHASE("load2", "cluster2", "last", "rate", "false", "13", "19.4",
               MADE_RATE("500", "null", "3504", "3500", "\"status_5xx\": 4")) ",\n" //
    MADE_PHASE("users1", "cluster1", "walk", "requests", "false", "0", "5",
               "\"requests_n\": 40, \"rate_per_s\": null, \"rate_end_per_s\": null, " MADE_ENDS("40", "40",
                                                                                                "")) ",\n" //
    MADE_PHASE(
        "users1", "cluster1", "rest", "pause", "false", "5.2", "13.2",
        MADE_RATE(
            "null", "null", "0", "0",
            "")) "],\n" //
                 "\"totals\": {\"intended_n\": 17120, \"sent_n\": 17179, \"done_n\": 17179, \"ok_n\": "
                 "17140, \"err_n\": 39, \"censored_n\": 0,"
                 " \"bytes_rx\": 1, \"bytes_tx\": 2, \"errors\": {\"timeout\": 15, \"status_5xx\": 24}},"
                 " \"stream_totals\": [],\n\"checks\": [" MADE_CHECK(
                     "R2", "load1", "WARN", "3.1", "2", "10", "%", "the generator's share of p99",
                     "use more threads") ",\n" MADE_CHECK("R2", "load2", "WARN", "2.5", "2", "10", "%",
                                                          "the generator's share of p99",
                                                          "use more threads") ",\n" //
    MADE_CHECK("R4", "all", "OK", "7", "70", "90", "%", "busiest second of an event loop",
               "") "],\n\"thresholds\": ["
                   "{\"text\": \"p99 < 250ms\", \"scope\": null, \"value\": 0.004, \"unit\": \"s\", "
                   "\"held\": true},\n"
                   "{\"text\": \"cluster1.errors < 0.1%\", \"scope\": \"cluster1\", \"value\": 0.0025, "
                   "\"unit\": \"share\","
                   " \"held\": false}],\n\"exact\": [";

/* Two instances of cluster1 with uneven counts, one of cluster2, and one of a cluster without requests. */
static const char made_instances[] =
    "cluster,instance,requests_n,ok_n,err_n,expected_n,residual,band_lo_n,band_hi_n,p50_us,p99_us,chi2,df,p_"
    "uneven,p_even\n"
    "cluster1,i-a,6107,6100,7,5067.5,14.6,4950.5,5184.5,1048.575,16777.215,426.5,1,1e-9,1\n"
    "cluster3,i-x,0,0,0,,,,,,,,,,\n"
    "cluster1,i-b,4028,4000,28,5067.5,-14.6,4950.5,5184.5,1048.575,4194.303,426.5,1,1e-9,1\n"
    "cluster2,i-c,6000,6000,0,3002,54.7,2900,3104,2097.151,2097.151,0.01,1,0.92,0.0001\n"
    "cluster2,,4,0,4,3002,-54.7,2900,3104,,,0.01,1,0.92,0.0001\n";

static const char made_health[] =
    "t_s,thread,cpu_user_s,cpu_sys_s,utilisation,iteration_max_us,wakeups_n,sends_n,sends_per_wakeup_p99,"
    "sends_per_wakeup_max,lag_p50_us,lag_p99_us,lag_max_us,rx_age_p50_us,rx_age_p99_us,rx_age_max_us,"
    "switches_involuntary_n,steal_pct,retransmits_n,rss_bytes\n"
    "0.000000,0,0.1,0.2,0.3,120,9,10,2,4,11,12,13,21,22,23,0,0.5,0,7\n"
    "0.000000,1,0.01,0.02,0.25,150,9,10,3,3,10,20,30,20,20,20,0,0.1,0,7\n"
    "1.000000,0,0.2,0.1,0.4,110,9,10,,,,,,21,22,24,0,,0,7\n"
    "6.000000,0,0.5,0.5,0.9,110,9,10,1,1,9,9,9,9,9,9,0,0,0,7\n"
    "19.000000,0,0.05,0.05,0.1,110,9,10,1,1,5,6,7,8,9,10,0,0,0,7\n";

/* Requests and times of clusters, CPU and credits of instances; the last period is 10 s. */
static const char made_cloudwatch[] =
    "ts_utc,source,namespace,metric,statistic,cluster,instance,value,unit,period_s\n"
    "2026-11-21T22:10:04Z,local,AWS/ApplicationELB,RequestCount,Sum,cluster1,,4028,Count,4\n"
    "2026-11-21T22:10:04Z,local,AWS/ApplicationELB,TargetResponseTime,Average,cluster1,,0.0012,Seconds,4\n"
    "2026-11-21T22:10:04Z,local,AWS/EC2,CPUUtilization,Average,cluster1,i-a,30,Percent,4\n"
    "2026-11-21T22:10:04Z,local,AWS/EC2,CPUUtilization,Average,cluster1,i-b,40,Percent,4\n"
    "2026-11-21T22:10:04Z,local,AWS/EC2,CPUUtilization,Maximum,cluster1,i-b,99,Percent,4\n"
    "2026-11-21T22:10:04Z,local,AWS/EC2,CPUUtilization,Average,cluster1,,98,Percent,4\n"
    "2026-11-21T22:10:04Z,local,AWS/EC2,CPUCreditBalance,Average,cluster2,i-c,60,Count,1\n"
    "2026-11-21T22:10:13Z,local,AWS/EC2,CPUCreditBalance,Average,cluster2,i-c,50,Count,10\n"
    "2026-11-21T22:10:04Z,local,AWS/EC2,CPUCreditBalance,Average,cluster9,i-z,1,Count,10\n"
    "2026-11-21T22:10:04Z,local,AWS/EC2,CPUCreditBalance,Average,cluster2,i-c,,Count,10\n";

/* --- writing it --- */

static inline FILE *made_open(const char *folder, const char *name, const char *mode)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, mode);
    if (!f) {
        perror(path);
        abort();
    }
    return f;
}

static inline void made_file(const char *folder, const char *name, const char *text)
{
    FILE *f = made_open(folder, name, "w");
    fputs(text, f);
    fclose(f);
}

/* Writes hist.hlog with the rows, and their exact values as the end of run.json. */
static inline void made_hists(const char *folder, FILE *json, const struct made_times *rows, size_t n)
{
    struct err e;
    char path[512];
    struct hlog_writer log = { 0 };
    struct hist *h = hist_new();
    snprintf(path, sizeof path, "%s/hist.hlog", folder);
    if (!h || hlog_create(&log, path, MADE_T0_NS, &e))
        abort();
    unsigned last_s = 0;
    for (size_t i = 0; i < n; i++)
        last_s = rows[i].to_s > last_s ? rows[i].to_s : last_s;
    for (unsigned s = 0; s <= last_s; s++)
        for (size_t i = 0; i < n; i++) {
            if (s < rows[i].from_s || s > rows[i].to_s)
                continue;
            hist_clear(h);
            hist_add_bin(h, hist_index(rows[i].ns), rows[i].n);
            hlog_write(&log, rows[i].tag, s * NS_PER_S, s == 19 ? 400 * NS_PER_MS : NS_PER_S, h);
        }
    const char *comma = "";
    for (size_t i = 0; i < n; i++) {
        size_t first = 0;
        uint64_t count = 0, sum_ns = 0, least_ns = UINT64_MAX, most_ns = 0;
        while (strcmp(rows[first].tag, rows[i].tag) != 0)
            first++;
        for (size_t k = i; k < n; k++) {
            if (strcmp(rows[k].tag, rows[i].tag) != 0)
                continue;
            const uint64_t more = rows[k].n * (rows[k].to_s - rows[k].from_s + 1);
            count += more;
            sum_ns += more * rows[k].ns;
            least_ns = rows[k].ns < least_ns ? rows[k].ns : least_ns;
            most_ns = rows[k].ns > most_ns ? rows[k].ns : most_ns;
        }
        if (first < i)
            continue;
        fprintf(json,
                "%s\n{\"tag\": \"%s\", \"n\": %" PRIu64 ", \"min_ns\": %" PRIu64 ", \"max_ns\": %" PRIu64
                ", \"sum_ns\": %" PRIu64 ", \"overflow_n\": 0}",
                comma, rows[i].tag, count, least_ns, most_ns, sum_ns);
        comma = ",";
    }
    fputs("]}\n", json);
    if (hlog_close(&log, &e))
        abort();
    hist_free(h);
}

static inline void made_intervals(const char *folder, const struct made_counts *rows, size_t n)
{
    FILE *f = made_open(folder, "intervals.csv", "w");
    fputs(
        "t_s,dur_s,stream,cluster,phase,warmup,partial,intended_n,sent_n,done_n,ok_n,err_n,timeout_n,dropped_"
        "n,"
        "censored_n,status_n,status_4xx_n,status_5xx_n,balancer_5xx_n,expect_n,connect_n,dns_n,tls_n,reset_n,"
        "reset_idle_n,protocol_n,ports_n,inflight_n,conn_new_n,bytes_rx,bytes_tx,p50_us,p90_us,p99_us,p999_"
        "us,"
        "max_us,service_p50_us,service_p99_us,lag_p50_us,lag_p99_us,lag_max_us,conn_wait_p99_us\n",
        f);
    for (unsigned s = 0; s < MADE_SECONDS; s++)
        for (size_t i = 0; i < n; i++) {
            const struct made_counts *r = &rows[i];
            const unsigned err = r->timeout + r->status_5xx;
            if (s < r->from_s || s > r->to_s)
                continue;
            fprintf(f, "%u,%s,%s,%d,%s,%u,%u,%u,%u,%u,0,0,0,0,%u,0,0,0,0,0,0,%u,0,0,0,0,0,0,,,,,,,,,,,\n", s,
                    s == 19 ? "0.400000" : "1.000000", r->where, s == 19, r->intended, r->ok + err,
                    r->ok + err, r->ok, err, r->timeout, r->status_5xx, r->reset_idle);
        }
    fclose(f);
}

/* Writes a run folder with these times; returns its path, valid as long as that of scratch_path. */
static inline const char *made_run_of(const char *name, const struct made_times *times, size_t n)
{
    struct err e;
    const char *folder = scratch_path(name);
    files_remove_tree(folder, &e);
    if (mkdir(folder, 0777))
        abort();
    FILE *json = made_open(folder, "run.json", "w");
    fputs(made_run_json, json);
    fputs(made_run_json_rest, json);
    made_hists(folder, json, times, n);
    fclose(json);
    made_intervals(folder, made_counts, N_OF(made_counts));
    made_file(folder, "instances.csv", made_instances);
    made_file(folder, "health.csv", made_health);
    made_file(folder, "cloudwatch.csv", made_cloudwatch);
    return folder;
}

static inline const char *made_run(const char *name)
{
    return made_run_of(name, made_times, N_OF(made_times));
}

/* Replaces every `from` in a file of the folder; there must be at least one. */
static inline void made_edit(const char *folder, const char *name, const char *from, const char *to)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    char *text = scratch_read(path, NULL), *at = text;
    if (!strstr(text, from)) {
        print_error("%s has no '%s'\n", path, from);
        abort();
    }
    FILE *f = made_open(folder, name, "w");
    for (char *hit; (hit = strstr(at, from)); at = hit + strlen(from))
        fprintf(f, "%.*s%s", (int)(hit - at), at, to);
    fputs(at, f);
    fclose(f);
    free(text);
}

static inline void made_remove(const char *folder, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (remove(path))
        abort();
}

static inline void made_open_dataset(struct dataset *data, const char *folder)
{
    struct err e = { 0 };
    if (dataset_open(data, folder, &e))
        fail_msg("%s", e.text);
}

/* Opens the run with every `from` in one of its files replaced. */
static inline void made_open_edited(struct dataset *data, const char *file, const char *from, const char *to)
{
    const char *folder = made_run("edited");
    made_edit(folder, file, from, to);
    made_open_dataset(data, folder);
}

#endif

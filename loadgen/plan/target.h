/* Where requests go: the parts of a URL, and how it is reached (other addresses, source addresses, a Unix
 * socket, TLS). The scenario file and the command line both fill a plan_target through these functions. A
 * sentence says what is wrong with a text; the caller adds where. */
#ifndef PLAN_TARGET_H
#define PLAN_TARGET_H

#include "options.h"
#include "plan.h"

struct err;

/* What the command line may change about a target; zero changes nothing. */
struct target_options {
    struct option_list connect_to, resolve, bind; /* each replaces the list that is there */
    const char *unix_socket, *host, *name_server;
    const char *server_name, *ca_file, *cert_file, *key_file, *tls_version;
    bool http1, http2, http2_prior; /* one of them at most */
    bool insecure;                  /* certificates are not verified */
    bool no_resume;                 /* TLS sessions are not resumed */
    bool ipv4, ipv6;
};

/* Certificates verified, sessions resumed, any address family, names resolved again every 60 s. */
void target_init(struct plan_target *t);
/* Begins with http:// or https://. */
bool target_is_url(const char *text);
/* http://HOST[:PORT][/BASE] or https://...; HOST may be [IPv6] or [IPv6%25ZONE]. Replaces url, tls, host,
 * port, host_header and base_path, and leaves the rest as it is. Refuses user information, queries and
 * fragments. */
int target_parse_url(struct plan_target *t, const char *url, struct err *e);

/* Copies what a URL or a deployment says of a target: where it is, and how its certificate is verified. */
int target_copy_place(struct plan_target *t, const struct plan_target *from, struct err *e);

/* "NAME:PORT:ADDRESS" and "NAME:PORT:OTHER:PORT". Appended; the first that matches wins. */
int target_add_resolve(struct plan_target *t, const char *text, struct err *e);
int target_add_connect_to(struct plan_target *t, const char *text, struct err *e);
/* A source address, IPv4 or IPv6. */
int target_add_bind(struct plan_target *t, const char *text, struct err *e);
/* "ADDRESS" or "ADDRESS:PORT" (port 53) of a DNS server. */
int target_set_name_server(struct plan_target *t, const char *text, struct err *e);
/* The value of the Host header, which is otherwise the URL's. */
int target_set_host(struct plan_target *t, const char *text, struct err *e);
int target_set_unix_socket(struct plan_target *t, const char *path, struct err *e);
/* "1.2" or "1.3". */
int target_set_tls_version(struct plan_target *t, const char *text, struct err *e);
/* Sets the version of HTTP if one is given, and only that. */
int target_apply_http(struct plan_target *t, const struct target_options *o, struct err *e);
/* Applies all else that is given. */
int target_apply(struct plan_target *t, const struct target_options *o, struct err *e);
/* Refuses a certificate file without its key and other combinations that cannot work. */
int target_check(const struct plan_target *t, struct err *e);
/* Refuses a version of HTTP that the URL cannot have. */
int target_check_http(const struct plan_target *t, struct err *e);
/* Refuses TLS settings where no target is https. */
int target_check_tls(const struct plan *plan, struct err *e);

/* Replaces an owned text by a copy. */
int target_set_text(char **field, const char *text, struct err *e);

#endif

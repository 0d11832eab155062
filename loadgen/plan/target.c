#include "target.h"

#include "err.h"
#include "units.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/un.h>

enum { HOST_BYTES_MOST = 255, URL_BYTES_MOST = 2048 };

int target_set_text(char **field, const char *text, struct err *e)
{
    char *copy = strdup(text);
    if (!copy)
        return plan_out_of_memory(e);
    free(*field);
    *field = copy;
    return 0;
}

void target_init(struct plan_target *t)
{
    *t = (struct plan_target){ .h2_window_bytes = PLAN_H2_WINDOW_BYTES,
                               .resolve_every_ns = 60 * NS_PER_S,
                               .tls_options = { .verify = true, .resume = true } };
}

static bool is_address(int family, const char *text)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    return inet_pton(family, text, bytes) == 1;
}

static bool is_any_address(const char *text)
{
    return is_address(AF_INET, text) || is_address(AF_INET6, text);
}

/* Checks a host name's characters only; resolving it shows whether it exists. */
static bool is_name(const char *text)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";
    const size_t length = strlen(text);
    return length > 0 && length <= HOST_BYTES_MOST && strspn(text, allowed) == length && text[0] != '-' &&
           text[0] != '.';
}

static int parse_port(const char *text, size_t length, uint16_t *port)
{
    unsigned value = 0;
    for (; length > 1 && *text == '0'; length--) /* leading zeros are allowed (RFC 3986 section 3.2.3) */
        text++;
    if (length == 0 || length > 5)
        return -1;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (unsigned)(text[i] - '0');
    }
    if (value == 0 || value > 65535)
        return -1;
    *port = (uint16_t)value;
    return 0;
}

/* "fe80::1%25eth0" (RFC 6874) or "fe80::1%eth0" becomes "fe80::1%eth0"; -1 when it is no address. */
static int take_zone(char *host)
{
    char *percent = strchr(host, '%');
    char address[HOST_BYTES_MOST + 1];
    const size_t length = percent ? (size_t)(percent - host) : strlen(host);
    snprintf(address, sizeof address, "%.*s", (int)length, host);
    if (!is_address(AF_INET6, address))
        return -1;
    if (!percent)
        return 0;
    char *zone = percent + (strncmp(percent, "%25", 3) == 0 ? 3 : 1);
    memmove(percent + 1, zone, strlen(zone) + 1);
    return -!is_name(percent + 1);
}

/* Reads NAME, IPv4 or [IPv6] up to a ':' or the end; moves `text` past it. */
static int take_host(const char **text, char *host)
{
    const bool bracketed = **text == '[';
    const char *begin = *text + bracketed;
    const size_t length = strcspn(begin, bracketed ? "]" : ":");
    if (length == 0 || length > HOST_BYTES_MOST || (bracketed && begin[length] != ']'))
        return -1;
    memcpy(host, begin, length);
    host[length] = '\0';
    *text = begin + length + bracketed;
    return bracketed ? take_zone(host) : -!is_name(host);
}

static int split_authority(const char *authority, const char *url, char *host, uint16_t *port, struct err *e)
{
    const char *rest = authority;
    if (strchr(authority, '@'))
        return err_set(e, ERR_INPUT,
                       "the URL must not hold a user name or password; give them as basic_auth or --user");
    if (take_host(&rest, host) || (*rest && *rest != ':'))
        return err_set(e, ERR_INPUT,
                       "the host in '%.200s' must be a name, an IPv4 address or an [IPv6] address", url);
    if (*rest == ':' && rest[1] && parse_port(rest + 1, strlen(rest + 1), port)) /* empty: RFC 3986 3.2.3 */
        return err_set(e, ERR_INPUT, "the port in '%.200s' must be a number from 1 to 65535", url);
    return 0;
}

static int check_url_text(const char *url, struct err *e)
{
    if (strlen(url) > URL_BYTES_MOST)
        return err_set(e, ERR_INPUT, "the URL is longer than %d bytes", URL_BYTES_MOST);
    for (const char *p = url; *p; p++)
        if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 127)
            return err_set(e, ERR_INPUT,
                           "the URL must be plain ASCII without blanks; write %%%02X for byte %zu",
                           (unsigned)(unsigned char)*p, (size_t)(p - url) + 1);
    if (strchr(url, '#') || strchr(url, '?'))
        return err_set(e, ERR_INPUT,
                       "the target's URL must not hold a query or fragment ('%c'); the request's path may "
                       "hold a query",
                       strchr(url, '#') ? '#' : '?');
    return 0;
}

/* Bytes of "http://" or "https://", case-insensitive (RFC 3986 section 3.1); 0: it begins otherwise. */
static size_t scheme_bytes(const char *url)
{
    return strncasecmp(url, "http://", 7) == 0 ? 7 : strncasecmp(url, "https://", 8) == 0 ? 8 : 0;
}

bool target_is_url(const char *text)
{
    return scheme_bytes(text) > 0;
}

/* As the Host header has them: a port that is not the scheme's own, and no zone, which means something on
 * this machine only (RFC 6874 section 4). */
static void write_host_header(const char *host, uint16_t port, bool tls, char *out, size_t out_bytes)
{
    const bool is_v6 = strchr(host, ':') != NULL;
    const int length = (int)strcspn(host, "%");
    const int used = snprintf(out, out_bytes, "%s%.*s%s", is_v6 ? "[" : "", length, host, is_v6 ? "]" : "");
    if (port != (tls ? 443 : 80))
        snprintf(out + used, out_bytes - (size_t)used, ":%u", port);
}

int target_parse_url(struct plan_target *t, const char *url, struct err *e)
{
    const bool tls = scheme_bytes(url) == 8;
    char authority[HOST_BYTES_MOST + 16];
    char host[HOST_BYTES_MOST + 1];
    char header[sizeof authority];
    uint16_t port = tls ? 443 : 80;

    if (!target_is_url(url))
        return err_set(e, ERR_INPUT, "the URL must begin with http:// or https://, not '%.64s'", url);
    if (check_url_text(url, e))
        return -1;
    const char *begin = url + scheme_bytes(url);
    const size_t length = strcspn(begin, "/");
    if (length >= sizeof authority)
        return err_set(e, ERR_INPUT, "the host in the URL is longer than %d bytes", HOST_BYTES_MOST);
    snprintf(authority, sizeof authority, "%.*s", (int)length, begin);
    if (split_authority(authority, url, host, &port, e))
        return -1;
    write_host_header(host, port, tls, header, sizeof header);
    if (target_set_text(&t->url, url, e) || target_set_text(&t->host, host, e) ||
        target_set_text(&t->host_header, header, e) || target_set_text(&t->base_path, begin + length, e))
        return -1;
    for (size_t n = strlen(t->base_path); n > 0 && t->base_path[n - 1] == '/'; n--)
        t->base_path[n - 1] = '\0';
    t->tls = tls;
    t->port = port;
    return 0;
}

int target_copy_place(struct plan_target *t, const struct plan_target *from, struct err *e)
{
    const struct plan_tls *tls = &from->tls_options;
    t->tls = from->tls;
    t->port = from->port;
    return target_set_text(&t->url, from->url, e) || target_set_text(&t->host, from->host, e) ||
                   target_set_text(&t->host_header, from->host_header, e) ||
                   target_set_text(&t->base_path, from->base_path, e) ||
                   (tls->ca_file && target_set_text(&t->tls_options.ca_file, tls->ca_file, e)) ||
                   (tls->server_name && target_set_text(&t->tls_options.server_name, tls->server_name, e))
               ? -1
               : 0;
}

/* Reads "NAME:PORT:" and moves `text` past it. */
static int take_from(const char **text, char *host, uint16_t *port)
{
    if (take_host(text, host) || **text != ':')
        return -1;
    const size_t length = strcspn(*text + 1, ":");
    if (parse_port(*text + 1, length, port) || (*text)[1 + length] != ':')
        return -1;
    *text += length + 2;
    return 0;
}

static int add_override(struct plan_override **list, size_t *n, const struct plan_override *from,
                        struct err *e)
{
    struct plan_override *larger = realloc(*list, (*n + 1) * sizeof *larger);
    if (!larger)
        return plan_out_of_memory(e);
    *list = larger;
    struct plan_override *o = &larger[*n];
    *o = (struct plan_override){ .host = strdup(from->host),
                                 .port = from->port,
                                 .to_host = strdup(from->to_host),
                                 .to_port = from->to_port };
    ++*n;
    return o->host && o->to_host ? 0 : plan_out_of_memory(e);
}

int target_add_resolve(struct plan_target *t, const char *text, struct err *e)
{
    char host[HOST_BYTES_MOST + 1];
    char address[HOST_BYTES_MOST + 1];
    struct plan_override o = { .host = host, .to_host = address };
    const char *rest = text;
    if (take_from(&rest, host, &o.port))
        goto wrong;
    const size_t length = strlen(rest);
    const bool bracketed = rest[0] == '[' && length > 2 && length < sizeof address && rest[length - 1] == ']';
    snprintf(address, sizeof address, "%.*s", (int)(bracketed ? length - 2 : length), rest + bracketed);
    if (!is_any_address(address))
        goto wrong;
    o.to_port = o.port;
    return add_override(&t->resolve, &t->n_resolve, &o, e);
wrong:
    return err_set(e, ERR_INPUT,
                   "resolve must be NAME:PORT:ADDRESS, such as example.org:80:127.0.0.1, not '%.100s'", text);
}

int target_add_connect_to(struct plan_target *t, const char *text, struct err *e)
{
    char host[HOST_BYTES_MOST + 1];
    char other[HOST_BYTES_MOST + 1];
    struct plan_override o = { .host = host, .to_host = other };
    const char *rest = text;
    if (take_from(&rest, host, &o.port) || take_host(&rest, other) || *rest != ':' ||
        parse_port(rest + 1, strlen(rest + 1), &o.to_port))
        return err_set(
            e, ERR_INPUT,
            "connect-to must be NAME:PORT:OTHER:PORT, such as example.org:80:127.0.0.1:8080, not '%.100s'",
            text);
    return add_override(&t->connect_to, &t->n_connect_to, &o, e);
}

int target_add_bind(struct plan_target *t, const char *text, struct err *e)
{
    if (!is_any_address(text))
        return err_set(e, ERR_INPUT,
                       "bind must be an address of this machine, such as 10.0.0.7, not '%.100s'", text);
    char **larger = realloc(t->bind_addresses, (t->n_bind_addresses + 1) * sizeof *larger);
    if (!larger)
        return plan_out_of_memory(e);
    t->bind_addresses = larger;
    larger[t->n_bind_addresses] = NULL;
    return target_set_text(&larger[t->n_bind_addresses++], text, e);
}

int target_set_name_server(struct plan_target *t, const char *text, struct err *e)
{
    char host[HOST_BYTES_MOST + 1];
    char whole[HOST_BYTES_MOST + 16];
    uint16_t port = 53;
    const char *rest = text;
    const bool bare_v6 = is_address(AF_INET6, text);
    if (bare_v6)
        snprintf(host, sizeof host, "%s", text);
    else if (take_host(&rest, host) || !is_any_address(host) || (*rest && *rest != ':') ||
             (*rest && parse_port(rest + 1, strlen(rest + 1), &port)))
        return err_set(e, ERR_INPUT, "the name server must be ADDRESS or ADDRESS:PORT, not '%.100s'", text);
    const bool is_v6 = strchr(host, ':') != NULL;
    snprintf(whole, sizeof whole, "%s%.255s%s:%u", is_v6 ? "[" : "", host, is_v6 ? "]" : "", port);
    return target_set_text(&t->name_server, whole, e);
}

int target_set_host(struct plan_target *t, const char *text, struct err *e)
{
    char host[HOST_BYTES_MOST + 1];
    uint16_t port;
    const char *rest = text;
    if (take_host(&rest, host) || strchr(host, '%') ||
        (*rest && (*rest != ':' || parse_port(rest + 1, strlen(rest + 1), &port))))
        return err_set(e, ERR_INPUT, "host must be NAME or NAME:PORT, not '%.100s'", text);
    return target_set_text(&t->host_header, text, e);
}

int target_set_unix_socket(struct plan_target *t, const char *path, struct err *e)
{
    if (!*path || strlen(path) >= sizeof((struct sockaddr_un *)0)->sun_path)
        return err_set(e, ERR_INPUT, "the path of a Unix socket must be 1 to %zu bytes long",
                       sizeof((struct sockaddr_un *)0)->sun_path - 1);
    return target_set_text(&t->unix_socket, path, e);
}

int target_set_tls_version(struct plan_target *t, const char *text, struct err *e)
{
    const bool is_2 = strcmp(text, "1.2") == 0;
    if (!is_2 && strcmp(text, "1.3") != 0)
        return err_set(e, ERR_INPUT, "the lowest TLS version must be 1.2 or 1.3, not '%.40s'", text);
    t->tls_options.min_version = is_2 ? 12 : 13;
    return 0;
}

static int check_family(const struct plan_target *t, struct err *e)
{
    const bool is_v6 = strchr(t->host, ':') != NULL;
    const bool is_used = !t->unix_socket && !t->n_connect_to && !t->n_resolve;
    if (!t->family || !is_used || (!is_v6 && !is_address(AF_INET, t->host)) || (t->family == 6) == is_v6)
        return 0;
    return err_set(e, ERR_INPUT, "%s is an IPv%d address, but only IPv%d addresses are to be used", t->host,
                   is_v6 ? 6 : 4, t->family);
}

int target_check_tls(const struct plan *plan, struct err *e)
{
    const struct plan_target *main = plan_main_target(plan);
    const struct plan_tls *tls = &main->tls_options; /* the same in all */
    bool has_tls = false;
    for (size_t i = 0; i < plan->n_streams; i++)
        has_tls = has_tls || plan_target_of(plan, &plan->streams[i])->tls;
    if (has_tls || !(tls->ca_file || tls->cert_file || tls->server_name || tls->alpn || tls->min_version))
        return 0;
    return err_set(e, ERR_INPUT, "TLS settings need a target that begins with https://, not %.200s",
                   main->url);
}

int target_check_http(const struct plan_target *t, struct err *e)
{
    if (t->http != PLAN_HTTP_1 && t->tls_options.alpn)
        return err_set(e, ERR_INPUT,
                       "'alpn' is for HTTP/1.1: over HTTP/2 loadgen offers h2 and nothing else");
    if (t->http == PLAN_HTTP_2 && !t->tls)
        return err_set(e, ERR_INPUT,
                       "HTTP/2 to an http:// URL is by prior knowledge: ask for it by "
                       "--http2-prior-knowledge or `http: 2-prior-knowledge`, or send to an https:// URL");
    if (t->http == PLAN_HTTP_2_PRIOR && t->tls)
        return err_set(e, ERR_INPUT,
                       "over TLS, HTTP/2 is chosen by ALPN: ask for it by --http2 or `http: 2`; prior "
                       "knowledge is for http:// URLs");
    return 0;
}

int target_check(const struct plan_target *t, struct err *e)
{
    const struct plan_tls *tls = &t->tls_options;
    if (!tls->cert_file != !tls->key_file)
        return err_set(e, ERR_INPUT, "a client certificate needs both the certificate and the key file");
    if (t->unix_socket && (t->n_connect_to || t->n_resolve || t->n_bind_addresses))
        return err_set(e, ERR_INPUT,
                       "a Unix socket has no addresses: leave out connect-to, resolve and bind");
    return check_family(t, e);
}

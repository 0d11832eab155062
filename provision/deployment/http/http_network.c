#include "http_network.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define THIS_MACHINE "127.0.0.1,localhost,::1"

/* As libcurl reads it: an empty variable is none. */
static const char *direct_hosts(void)
{
    const char *given = getenv("no_proxy");
    given = given && *given ? given : getenv("NO_PROXY");
    return given ? given : "";
}

/* CURLOPT_NOPROXY replaces the variable, so its value is repeated. A lone asterisk has a meaning of its own.
 */
static CURLcode set_direct_hosts(CURL *easy)
{
    const char *given = direct_hosts();
    if (!*given)
        return curl_easy_setopt(easy, CURLOPT_NOPROXY, THIS_MACHINE);
    if (strcmp(given, "*") == 0)
        return curl_easy_setopt(easy, CURLOPT_NOPROXY, given);
    const size_t length = sizeof THIS_MACHINE + 1 + strlen(given);
    char *hosts = malloc(length);
    if (!hosts)
        return CURLE_OUT_OF_MEMORY;
    snprintf(hosts, length, "%s,%s", THIS_MACHINE, given);
    const CURLcode code = curl_easy_setopt(easy, CURLOPT_NOPROXY, hosts);
    free(hosts);
    return code;
}

static CURLcode set_trust(CURL *easy, const char *ca_bundle)
{
    struct stat about;
    if (!ca_bundle || !*ca_bundle)
        return CURLE_OK;
    const bool is_folder = stat(ca_bundle, &about) == 0 && S_ISDIR(about.st_mode);
    const char *file = is_folder ? NULL : ca_bundle;
    const char *folder = is_folder ? ca_bundle : NULL;
    CURLcode code = curl_easy_setopt(easy, CURLOPT_CAINFO, file);
    code = code ? code : curl_easy_setopt(easy, CURLOPT_CAPATH, folder);
    code = code ? code : curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, file);
    return code ? code : curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, folder);
}

int http_network_set(void *easy, const char *ca_bundle)
{
    CURLcode code = curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    code = code ? code : set_direct_hosts(easy);
    return (int)(code ? code : set_trust(easy, ca_bundle));
}

/* libcurl then quotes the URL, which may hold a password. */
static bool is_about_proxy_url(const char *error)
{
    return strncmp(error, "Unsupported proxy", 17) == 0;
}

enum http_cause http_network_cause(void *easy, int code, const char *error)
{
    double sent_at_s = 0;
    long proxy_status = 0;
    curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME, &sent_at_s);
    curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
    switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
        return HTTP_UNTRUSTED;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
        return HTTP_PROXY;
    default:
        break;
    }
    if (proxy_status >= 300 || is_about_proxy_url(error))
        return HTTP_PROXY;
    if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT ||
        code == CURLE_SSL_CONNECT_ERROR || (code == CURLE_OPERATION_TIMEDOUT && sent_at_s <= 0))
        return HTTP_UNREACHABLE;
    return HTTP_BROKEN;
}

void http_network_text(int code, const char *error, char *out, size_t out_bytes)
{
    const char *text = *error ? error : curl_easy_strerror((CURLcode)code);
    if (is_about_proxy_url(text))
        text = "the proxy's URL in the environment is not of the form http://host:port";
    snprintf(out, out_bytes, "%s", text);
}

const char *http_network_advice(enum http_cause cause)
{
    switch (cause) {
    case HTTP_UNTRUSTED:
        return " This machine does not trust the certificate: if a proxy inspects TLS here, name the file of "
               "its authority in AWS_CA_BUNDLE, or as ca_bundle in the profile; check this machine's clock, "
               "too.";
    case HTTP_PROXY:
        return " Check the proxy's address, name and password (https_proxy), or list the hosts to reach "
               "without it in no_proxy.";
    default:
        return "";
    }
}

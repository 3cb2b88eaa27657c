#define _DEFAULT_SOURCE
#include "CCurlBridge.h"
#include "library.h"
#include "transfers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// What a request hears from its server.
struct listener {
    /// The first line of the answer from its status on.
    char *reason;
    size_t reason_size;
    /// How much of the body came.
    size_t body;
};

/// More of a body than this is left unread: all that matters is the status.
enum { most_body = 1 << 16 };

static size_t hear_body(char *bytes, size_t one, size_t count, void *context) {
    (void)bytes;
    (void)one;
    struct listener *listener = context;
    listener->body += count;
    return listener->body > most_body ? 0 : count;
}

/// Answers may come one after the other, as with `100 Continue`: the last one's first line is kept.
static size_t hear_header(char *bytes, size_t one, size_t count, void *context) {
    (void)one;
    struct listener *listener = context;
    const char *space = memchr(bytes, ' ', count);
    if (count < 5 || memcmp(bytes, "HTTP/", 5) != 0 || space == NULL) return count;
    int length = (int)(bytes + count - (space + 1));
    snprintf(listener->reason, listener->reason_size, "%.*s", length, space + 1);
    return count;
}

static int hear_progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
    (void)context, (void)a, (void)b, (void)c, (void)d;
    return perilune_transfers_give_up();
}

/// The lines of `headers` as libcurl wants them; NULL where there is no memory.
static struct curl_slist *header_list(const char *headers) {
    // Without this, libcurl asks before a long message whether it is welcome, and waits a second for who does not say.
    struct curl_slist *list = perilune_curl.slist_append(NULL, "Expect:");
    while (list != NULL && *headers != '\0') {
        size_t length = strcspn(headers, "\n");
        char *line = strndup(headers, length);
        struct curl_slist *longer = line == NULL ? NULL : perilune_curl.slist_append(list, line);
        free(line);
        if (longer == NULL) perilune_curl.slist_free_all(list);
        list = longer;
        headers += length + (headers[length] == '\n');
    }
    return list;
}

static perilune_http_outcome outcome_of(CURLcode code) {
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST: return PERILUNE_HTTP_NO_ADDRESS;
    case CURLE_COULDNT_CONNECT: return PERILUNE_HTTP_UNREACHABLE;
    case CURLE_OPERATION_TIMEDOUT: return PERILUNE_HTTP_TIMED_OUT;
    case CURLE_GOT_NOTHING: return PERILUNE_HTTP_NO_ANSWER;
    case CURLE_UNSUPPORTED_PROTOCOL:  // an answer without a first line, as HTTP/0.9 had it
    case CURLE_WEIRD_SERVER_REPLY: return PERILUNE_HTTP_NOT_HTTP;
    case CURLE_SSL_CONNECT_ERROR: return PERILUNE_HTTP_NO_TLS;
    case CURLE_PEER_FAILED_VERIFICATION: return PERILUNE_HTTP_UNTRUSTED;
    case CURLE_SSL_CACERT_BADFILE: return PERILUNE_HTTP_NO_AUTHORITIES;
    default: return PERILUNE_HTTP_FAILED;
    }
}

/// Sets an option, unless one before it could not be set: nothing is sent then.
#define SET(option, value) \
    if (code == CURLE_OK) code = perilune_curl.easy_setopt(handle, option, value)

static CURLcode set_message(
    CURL *handle, const char *url, const struct curl_slist *headers, const void *body, size_t length
) {
    CURLcode code = CURLE_OK;
    // Other protocols would read local files or send mail. Redirects are not followed, which is libcurl's default.
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_URL, url);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_USERAGENT, "perilune");
    SET(CURLOPT_HTTPHEADER, headers);
    SET(CURLOPT_POST, 1L);
    SET(CURLOPT_POSTFIELDS, body);
    SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
    return code;
}

static CURLcode set_way(CURL *handle, long milliseconds, bool direct, bool verify, const char *authorities) {
    CURLcode code = CURLE_OK;
    // By default libcurl may end what takes too long by a signal, which is no good where there are threads.
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_TIMEOUT_MS, milliseconds);
    SET(CURLOPT_CONNECTTIMEOUT_MS, milliseconds);
    if (direct) SET(CURLOPT_PROXY, "");
    SET(CURLOPT_SSL_VERIFYPEER, verify ? 1L : 0L);
    SET(CURLOPT_SSL_VERIFYHOST, verify ? 2L : 0L);
    if (authorities != NULL) SET(CURLOPT_CAINFO, authorities);
    return code;
}

static CURLcode set_listener(CURL *handle, struct listener *listener, char *error) {
    CURLcode code = CURLE_OK;
    SET(CURLOPT_WRITEFUNCTION, hear_body);
    SET(CURLOPT_WRITEDATA, listener);
    SET(CURLOPT_HEADERFUNCTION, hear_header);
    SET(CURLOPT_HEADERDATA, listener);
    SET(CURLOPT_XFERINFOFUNCTION, hear_progress);
    SET(CURLOPT_NOPROGRESS, 0L);
    SET(CURLOPT_ERRORBUFFER, error);
    return code;
}

perilune_http_answer perilune_http_post(
    const char *url, const char *headers, const void *body, size_t length, long milliseconds, bool direct, bool verify,
    const char *authorities, char *text, size_t text_size, char *location, size_t location_size
) {
    perilune_http_answer answer = {.outcome = PERILUNE_HTTP_FAILED};
    text[0] = location[0] = '\0';
    if (!perilune_transfer_begin()) {
        snprintf(text, text_size, "the program ends");
        return answer;
    }
    struct listener listener = {.reason = text, .reason_size = text_size};
    char error[CURL_ERROR_SIZE] = "";
    CURL *handle = perilune_curl.easy_init();
    struct curl_slist *list = header_list(headers);
    CURLcode code = handle == NULL || list == NULL ? CURLE_OUT_OF_MEMORY : CURLE_OK;
    if (code == CURLE_OK) code = set_message(handle, url, list, body, length);
    if (code == CURLE_OK) code = set_way(handle, milliseconds, direct, verify, authorities);
    if (code == CURLE_OK) code = set_listener(handle, &listener, error);
    if (code == CURLE_OK) code = perilune_curl.easy_perform(handle);

    long status = 0, system_error = 0;
    char *redirect = NULL;
    if (handle != NULL) {
        perilune_curl.easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
        perilune_curl.easy_getinfo(handle, CURLINFO_OS_ERRNO, &system_error);
        perilune_curl.easy_getinfo(handle, CURLINFO_REDIRECT_URL, &redirect);
    }
    // A status below 200 announces another. With any other the answer is there, whatever became of its body.
    if (status >= 200) {
        answer.outcome = PERILUNE_HTTP_ANSWERED;
        answer.status = (int)status;
        if (redirect != NULL) snprintf(location, location_size, "%s", redirect);
    } else {
        answer.outcome = outcome_of(code);
        answer.system_error = (int)system_error;
        snprintf(text, text_size, "%s", error[0] != '\0' ? error : perilune_curl.easy_strerror(code));
    }
    perilune_curl.slist_free_all(list);
    perilune_curl.easy_cleanup(handle);
    perilune_transfer_end();
    return answer;
}

// HTTP and HTTPS through libcurl, as far as sending messages takes it. libcurl is set up by a variadic function, which
// Swift has no way to call: all of it stays behind this header.
#ifndef PERILUNE_CCURLBRIDGE_H
#define PERILUNE_CCURLBRIDGE_H

#include <stdbool.h>
#include <stddef.h>

/// How a request ended.
typedef enum perilune_http_outcome {
    /// The server answered: `status` is there.
    PERILUNE_HTTP_ANSWERED,
    /// The name of the host has no address.
    PERILUNE_HTTP_NO_ADDRESS,
    /// No connection: `system_error` says why, or is 0.
    PERILUNE_HTTP_UNREACHABLE,
    PERILUNE_HTTP_TIMED_OUT,
    /// The server hung up before it answered.
    PERILUNE_HTTP_NO_ANSWER,
    /// The server answered in something else.
    PERILUNE_HTTP_NOT_HTTP,
    /// Server and client found no way to speak TLS.
    PERILUNE_HTTP_NO_TLS,
    /// The server's certificate is not one to trust.
    PERILUNE_HTTP_UNTRUSTED,
    /// There are no certificates of authorities to check the server's with.
    PERILUNE_HTTP_NO_AUTHORITIES,
    /// Something else, which the text tells.
    PERILUNE_HTTP_FAILED,
} perilune_http_outcome;

typedef struct perilune_http_answer {
    perilune_http_outcome outcome;
    /// 200, 404 and so on.
    int status;
    /// An `errno`, or 0.
    int system_error;
} perilune_http_answer;

/// Loads and sets up libcurl, once a process. All functions below want that done. NULL where it worked, or else why
/// not.
const char *perilune_http_load(void);

/// Takes an address apart: writes the host, `[::1]` with its brackets, and the port, also one that goes without saying.
/// NULL where it is an address, or else what is wrong with it.
const char *perilune_http_parse(const char *url, char *host, size_t host_size, int *port);

/// Sends `body` with POST over a connection of its own and waits for the answer, `milliseconds` at most. Follows no
/// redirects.
/// - `headers`: a `Name: value` a line, each ended by a newline; `Name;` has no value.
/// - `direct`: go by no proxy, whatever the environment says.
/// - `verify`: whether a server must have a certificate of an authority in the file `authorities`; NULL: in the
///   system's.
/// - `text`: takes what there is to tell: of an answer its status and reason, as in `404 Not Found`.
/// - `location`: takes where a redirect leads, or nothing.
perilune_http_answer perilune_http_post(
    const char *url, const char *headers, const void *body, size_t length, long milliseconds, bool direct, bool verify,
    const char *authorities, char *text, size_t text_size, char *location, size_t location_size);

#endif

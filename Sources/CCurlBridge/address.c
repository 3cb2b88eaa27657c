#include "CCurlBridge.h"
#include "library.h"

#include <stdio.h>
#include <stdlib.h>

static CURLUcode get(CURLU *address, char *host, size_t host_size, int *port) {
    char *part = NULL;
    CURLUcode code = perilune_curl.url_get(address, CURLUPART_HOST, &part, 0);
    if (code != CURLUE_OK) return code;
    bool fits = (size_t)snprintf(host, host_size, "%s", part) < host_size;
    perilune_curl.free(part);
    if (!fits) return CURLUE_BAD_HOSTNAME;
    code = perilune_curl.url_get(address, CURLUPART_PORT, &part, CURLU_DEFAULT_PORT);
    if (code != CURLUE_OK) return code;
    *port = atoi(part);
    perilune_curl.free(part);
    // Some versions of libcurl take 0 for a port.
    return *port > 0 ? CURLUE_OK : CURLUE_BAD_PORT_NUMBER;
}

static const char *fault(CURLUcode code) {
    switch (code) {
    case CURLUE_OK: return NULL;
    case CURLUE_BAD_PORT_NUMBER: return "its port is no number from 1 to 65535";
    default: return perilune_curl.url_strerror(code);
    }
}

const char *perilune_http_parse(const char *url, char *host, size_t host_size, int *port) {
    CURLU *address = perilune_curl.url();
    if (address == NULL) return fault(CURLUE_OUT_OF_MEMORY);
    CURLUcode code = perilune_curl.url_set(address, CURLUPART_URL, url, 0);
    if (code == CURLUE_OK) code = get(address, host, host_size, port);
    perilune_curl.url_cleanup(address);
    return fault(code);
}

// libcurl's functions, found when they are first needed.
#ifndef PERILUNE_CCURLBRIDGE_LIBRARY_H
#define PERILUNE_CCURLBRIDGE_LIBRARY_H

#include <curl/curl.h>

#define PERILUNE_CURL_FUNCTIONS(each) \
    each(global_init) \
    each(easy_init) \
    each(easy_setopt) \
    each(easy_perform) \
    each(easy_getinfo) \
    each(easy_strerror) \
    each(easy_cleanup) \
    each(slist_append) \
    each(slist_free_all) \
    each(url) \
    each(url_set) \
    each(url_get) \
    each(url_strerror) \
    each(url_cleanup) \
    each(free)

/// `curl.easy_init` is `curl_easy_init`, and so on; all of them once `perilune_http_load` has worked.
struct perilune_curl {
#define PERILUNE_MEMBER(name) __typeof__(curl_##name) *name;
    PERILUNE_CURL_FUNCTIONS(PERILUNE_MEMBER)
#undef PERILUNE_MEMBER
};

extern struct perilune_curl perilune_curl;

#endif

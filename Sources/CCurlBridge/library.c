#include "library.h"
#include "CCurlBridge.h"
#include "transfers.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct perilune_curl perilune_curl;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char fault[256];

/// Sets up libcurl, and TLS with it, for the whole process.
static void set_up(void) {
    CURLcode code = perilune_curl.global_init(CURL_GLOBAL_DEFAULT);
    if (code != CURLE_OK) {
        snprintf(fault, sizeof fault, "libcurl cannot be set up: %s", perilune_curl.easy_strerror(code));
        return;
    }
    // At exit the TLS library takes itself apart, and a thread that is just using it would crash. What is registered
    // after it runs before it.
    atexit(perilune_transfers_stop);
}

/// The library is not linked: it brings some thirty others, TLS, HTTP/2 and LDAP among them, and finding those takes
/// longer than all the rest of a start of the program. A program that sends no messages starts without it. The number
/// in the name stands for the interface, and has been the same since 2006.
static void load(void) {
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        snprintf(fault, sizeof fault, "libcurl cannot be loaded (Debian has it as libcurl4): %s", dlerror());
        return;
    }
#define PERILUNE_FIND(name) \
    *(void **)&perilune_curl.name = dlsym(library, "curl_" #name); \
    if (perilune_curl.name == NULL) { \
        snprintf(fault, sizeof fault, "libcurl is too old: it has no curl_" #name); \
        return; \
    }
    PERILUNE_CURL_FUNCTIONS(PERILUNE_FIND)
#undef PERILUNE_FIND
    set_up();
}

const char *perilune_http_load(void) {
    pthread_once(&once, load);
    return fault[0] == '\0' ? NULL : fault;
}

#ifndef PERILUNE_CCURL_SHIM_H
#define PERILUNE_CCURL_SHIM_H
#include <curl/curl.h>
#endif

#ifndef PERILUNE_CZLIB_SHIM_H
#define PERILUNE_CZLIB_SHIM_H
#include <zlib.h>
#endif

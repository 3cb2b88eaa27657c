#ifndef PERILUNE_CONEDNN_SHIM_H
#define PERILUNE_CONEDNN_SHIM_H
#include <oneapi/dnnl/dnnl.h>
_Static_assert(DNNL_VERSION_MAJOR == 2, "Perilune speaks the C API of oneDNN 2.x (Debian: libdnnl-dev)");
#endif

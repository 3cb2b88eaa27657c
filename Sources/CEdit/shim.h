#ifndef PERILUNE_CEDIT_SHIM_H
#define PERILUNE_CEDIT_SHIM_H
#include <histedit.h>
#endif

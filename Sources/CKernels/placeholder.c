#include "CKernels.h"
int perilune_placeholder(void) { return 0; }

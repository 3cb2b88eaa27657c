#include "CLuaBridge.h"
int perilune_lua_placeholder(void);
int perilune_lua_placeholder(void) { return 0; }

// What the files of the bridge share.
#ifndef PERILUNE_CLUABRIDGE_INTERNAL_H
#define PERILUNE_CLUABRIDGE_INTERNAL_H

#include "CLuaBridge.h"

/// The context, with no call: one pointer below the state (a coroutine's copy is made from the main thread's).
static inline perilune_lua_context *context_of(lua_State *L) {
    return *(perilune_lua_context **)lua_getextraspace(L);
}

/// Inserts the C function below the top `nargs` values and calls it protected.
int perilune_lua_protect(lua_State *L, lua_CFunction function, int nargs, int nresults);
/// The message handler: notes script, line and trace in the context and leaves the error value alone.
int perilune_lua_handle_error(lua_State *L);
/// Prepares a new state for host functions and objects (runs protected).
void perilune_lua_prepare_host(lua_State *L);

#endif

// Stopping a script from outside, from a signal handler at worst.
#include "internal.h"

/// Runs between two instructions of the script. It stays and raises again and again until the interrupt is taken back:
/// a script that catches every error must not live on.
static void stop(lua_State *L, lua_Debug *frame) {
    (void)frame;
    luaL_error(L, "interrupted");
}

void perilune_lua_interrupt(perilune_lua_context *context) {
    // lua_sethook is made to be called from signal handlers; the lua program does the same.
    lua_sethook(context->main, stop, LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1);
}

void perilune_lua_end_interrupt(perilune_lua_context *context) { lua_sethook(context->main, NULL, 0, 0); }

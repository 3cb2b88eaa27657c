// Stopping a script from outside, from a signal handler at worst.
#include "internal.h"

/// Runs between two instructions of the script. It stays and raises again and again until the interrupt is taken back:
/// a script that catches every error must not live on.
static void stop(lua_State *L, lua_Debug *frame) {
    (void)frame;
    context_of(L)->interrupted = true;
    lua_Debug place;
    int level = 0;
    // The innermost function of the script: the running one may be C's, which has no line.
    while (lua_getstack(L, level, &place) && lua_getinfo(L, "l", &place) && place.currentline < 0) level++;
    luaL_where(L, level);
    lua_pushliteral(L, "interrupted");
    lua_concat(L, 2);
    lua_error(L);
}

/// The instructions that the script was left are used up.
static void run_out(lua_State *L, lua_Debug *frame) {
    perilune_lua_interrupt(context_of(L));
    stop(L, frame);
}

void perilune_lua_interrupt(perilune_lua_context *context) {
    // lua_sethook is made to be called from signal handlers; the lua program does the same.
    lua_sethook(context->main, stop, LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1);
}

void perilune_lua_interrupt_after(perilune_lua_context *context, int instructions) {
    lua_sethook(context->main, run_out, LUA_MASKCOUNT, instructions);
}

void perilune_lua_end_interrupt(perilune_lua_context *context) {
    lua_sethook(context->main, NULL, 0, 0);
    context->interrupted = false;
}

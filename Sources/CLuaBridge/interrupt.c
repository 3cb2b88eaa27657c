// Stopping a script from outside, from a signal handler at worst.
#include "internal.h"

enum { INSTRUCTIONS_BETWEEN_LOOKS = 1000 };

/// Runs between two instructions of a script. It raises again and again until the script is off the stack: one that
/// catches every error must not live on.
static void look(lua_State *L, lua_Debug *frame) {
    (void)frame;
    perilune_lua_context *context = context_of(L);
    if (context->interrupt_answer == NULL) return;
    switch (context->interrupt_answer(context->host)) {
    case PERILUNE_LUA_RESUME:
        lua_sethook(L, NULL, 0, 0);
        lua_sethook(context->main, NULL, 0, 0);
        break;
    case PERILUNE_LUA_WAIT: break;
    case PERILUNE_LUA_RAISE: luaL_error(L, "interrupted"); break;
    }
}

void perilune_lua_interrupt(perilune_lua_context *context) {
    // lua_sethook is made to be called from signal handlers (and the lua program does).
    lua_sethook(context->main, look, LUA_MASKCALL | LUA_MASKCOUNT, INSTRUCTIONS_BETWEEN_LOOKS);
}

void perilune_lua_end_interrupt(perilune_lua_context *context) { lua_sethook(context->main, NULL, 0, 0); }

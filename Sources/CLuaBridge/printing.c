// print of the standard libraries, which begins on a line of its own.
#include "internal.h"

/// Lua's print, the upvalue, takes its arguments from the stack as they are.
static int print(lua_State *L) {
    context_of(L)->callbacks.begin_line();
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

void perilune_lua_add_print(lua_State *L) {
    lua_getfield(L, -1, "print");
    lua_pushcclosure(L, print, 1);
    lua_setfield(L, -2, "print");
}

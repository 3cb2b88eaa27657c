// pcall and xpcall, in place of the library's: they do not catch the end of a script, and they make a lack of memory
// its end. They can be yielded across, as the library's can.
#include "internal.h"

/// Below the results: how many values to leave out is in `extra`.
static int finish(lua_State *L, int status, lua_KContext extra) {
    if (status != LUA_OK && status != LUA_YIELD) {
        perilune_lua_check_caught(L, status);
        lua_pushboolean(L, false);
        lua_pushvalue(L, -2);
        return 2;
    }
    check_stop(L, context_of(L));
    return lua_gettop(L) - (int)extra;
}

static int protected_call(lua_State *L) {
    luaL_checkany(L, 1);
    lua_pushboolean(L, true);  // the first result if all goes well
    lua_insert(L, 1);
    return finish(L, lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, finish), 0);
}

/// Calls the script's own handler, unless the script has to end: the hook cannot interrupt a handler that runs because
/// of it.
static int handle(lua_State *L) {
    if (stop_of(context_of(L)) != PERILUNE_LUA_GOES_ON) return 1;
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 1);
    return 1;
}

static int protected_call_with_handler(lua_State *L) {
    int count = lua_gettop(L);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    if (!lua_iscfunction(L, 2)) {  // one of C ends by itself, and debug.traceback counts frames
        lua_pushvalue(L, 2);
        lua_pushcclosure(L, handle, 1);
        lua_replace(L, 2);
    }
    lua_pushboolean(L, true);
    lua_pushvalue(L, 1);
    lua_rotate(L, 3, 2);  // function, handler, true, function, arguments
    return finish(L, lua_pcallk(L, count - 2, LUA_MULTRET, 2, 2, finish), 2);
}

void perilune_lua_add_catching(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"pcall", protected_call}, {"xpcall", protected_call_with_handler}, {NULL, NULL}};
    luaL_setfuncs(L, functions, 0);
}

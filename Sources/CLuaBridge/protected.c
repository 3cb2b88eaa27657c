// Calls that can raise, made safe for Swift: each runs under lua_pcall with the message handler.
#include "internal.h"

int perilune_lua_call(lua_State *L, int nargs, int nresults) {
    perilune_lua_context *context = context_of(L);
    int base = lua_gettop(L) - nargs;
    if (!lua_checkstack(L, LUA_MINSTACK)) {  // the script has filled the Lua stack; there is no room for a message
        lua_settop(L, base - 1);
        lua_pushnil(L);
        return LUA_ERRMEM;
    }
    lua_pushcfunction(L, perilune_lua_handle_error);
    lua_insert(L, base);
    bool armed = context->armed;
    context->armed = true;
    int status = lua_pcall(L, nargs, nresults, base);
    context->armed = armed;
    lua_remove(L, base);
    if (status == LUA_ERRMEM) {  // then the handler was not called
        context->trace_length = 0;
        context->line = 0;
        context->script[0] = '\0';
    }
    return status;
}

int perilune_lua_protect(lua_State *L, lua_CFunction function, int nargs, int nresults) {
    lua_checkstack(L, LUA_MINSTACK);
    lua_pushcfunction(L, function);
    lua_insert(L, -(nargs + 1));
    return perilune_lua_call(L, nargs, nresults);
}

static int get(lua_State *L) {
    lua_gettable(L, 1);
    return 1;
}

static int set(lua_State *L) {
    lua_settable(L, 1);
    return 0;
}

static int next(lua_State *L) { return lua_next(L, 1) ? 2 : 0; }

static int to_string(lua_State *L) {
    luaL_tolstring(L, 1, NULL);
    return 1;
}

static int length(lua_State *L) {
    lua_len(L, 1);
    return 1;
}

static int equal(lua_State *L) {
    lua_pushboolean(L, lua_compare(L, 1, 2, LUA_OPEQ));
    return 1;
}

int perilune_lua_get(lua_State *L) { return perilune_lua_protect(L, get, 2, 1); }
int perilune_lua_set(lua_State *L) { return perilune_lua_protect(L, set, 3, 0); }
int perilune_lua_next(lua_State *L) { return perilune_lua_protect(L, next, 2, LUA_MULTRET); }
int perilune_lua_tostring(lua_State *L) { return perilune_lua_protect(L, to_string, 1, 1); }
int perilune_lua_length(lua_State *L) { return perilune_lua_protect(L, length, 1, 1); }
int perilune_lua_equal(lua_State *L) { return perilune_lua_protect(L, equal, 2, 1); }

static int count(lua_State *L) {
    lua_Integer entries = 0;
    lua_pushnil(L);
    while (lua_next(L, 1)) {
        lua_pop(L, 1);
        entries++;
    }
    lua_pushinteger(L, entries);
    return 1;
}

ptrdiff_t perilune_lua_count(lua_State *L) {
    lua_checkstack(L, LUA_MINSTACK);
    lua_pushvalue(L, -1);
    int status = perilune_lua_protect(L, count, 1, 1);
    ptrdiff_t entries = status == LUA_OK ? (ptrdiff_t)lua_tointeger(L, -1) : -1;
    lua_pop(L, 1);
    return entries;
}

// Calls that can raise, made safe for Swift: each runs under lua_pcall with the message handler.
#include "sandbox.h"

#include <string.h>

/// A call that ended well though the script had to end has failed too.
static int fail(lua_State *L, perilune_lua_context *context, int top) {
    lua_settop(L, top);
    lua_pushnil(L);
    if (!context->stop_noted) {
        context->line = 0;
        context->trace_length = 0;
        context->script[0] = context->place[0] = '\0';
    }
    return LUA_ERRRUN;
}

static int call(lua_State *L, perilune_lua_context *context, int nargs, int nresults) {
    int base = lua_gettop(L) - nargs;
    lua_pushcfunction(L, perilune_lua_handle_error);
    lua_insert(L, base);
    lua_State *outer = context->running;
    context->running = L;
    if (stop_of(context) != PERILUNE_LUA_GOES_ON) perilune_lua_set_hook(L, true);
    bool armed = context->armed;
    context->armed = true;
    int status = lua_pcall(L, nargs, nresults, base);
    context->armed = armed;
    context->running = outer;
    lua_remove(L, base);
    return status;
}

int perilune_lua_call_as(lua_State *L, int nargs, int nresults, perilune_lua_entry entry) {
    perilune_lua_context *context = context_of(L);
    int top = lua_gettop(L) - nargs - 1;
    if (!lua_checkstack(L, LUA_MINSTACK)) {  // the script has filled the Lua stack; there is no room for a message
        lua_settop(L, top);
        lua_pushnil(L);
        context->ended = PERILUNE_LUA_MEMORY;
        return LUA_ERRMEM;
    }
    if (context->unit != NULL && !context->unit->paused) {  // a part of the unit that runs
        int status = call(L, context, nargs, nresults);
        context->ended = status == LUA_ERRMEM ? PERILUNE_LUA_MEMORY : stop_of(context);
        return status;
    }
    perilune_lua_unit unit;
    int failure = perilune_lua_begin_unit(&unit, context, entry);
    int status;
    if (failure == 0) {
        status = call(L, context, nargs, nresults);
    } else {
        lua_settop(L, top);
        lua_pushfstring(L, "the limit of time cannot be kept: %s", strerror(failure));
        status = LUA_ERRRUN;
    }
    if (status == LUA_ERRMEM && stop_of(context) == PERILUNE_LUA_GOES_ON) context->stop = PERILUNE_LUA_MEMORY;
    context->ended = stop_of(context);
    if (context->ended != PERILUNE_LUA_GOES_ON) {
        if (status == LUA_OK) status = fail(L, context, top);
        if (!context->interrupted) perilune_lua_set_hook(L, false);
    }
    perilune_lua_end_unit(&unit);
    if (context->running != NULL && stop_of(context) != PERILUNE_LUA_GOES_ON)
        perilune_lua_set_hook(context->running, true);
    return status;
}

int perilune_lua_call(lua_State *L, int nargs, int nresults) {
    return perilune_lua_call_as(L, nargs, nresults, PERILUNE_LUA_EVENT);
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
    if (context_of(L)->strict) perilune_lua_text(L, 1, NULL);
    else luaL_tolstring(L, 1, NULL);
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

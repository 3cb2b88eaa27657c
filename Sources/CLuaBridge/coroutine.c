// resume, wrap and close of coroutines, in place of the library's: the context has to know which coroutine runs, so
// that a stop reaches into it, and closing must not nest without bound, which ends the process in Lua 5.4.4.
#include "internal.h"

enum { MAX_NESTED_CLOSES = 16 };

static const char *status_of(lua_State *L, lua_State *co) {
    if (L == co) return "running";
    switch (lua_status(co)) {
    case LUA_YIELD: return "suspended";
    case LUA_OK: {
        lua_Debug frame;
        if (lua_getstack(co, 0, &frame)) return "normal";
        return lua_gettop(co) == 0 ? "dead" : "suspended";
    }
    default: return "dead";
    }
}

/// Makes `co` the thread that a stop is sent to, one that came before included. Returns the one that was.
static lua_State *enter(perilune_lua_context *context, lua_State *co) {
    lua_State *outer = context->running;
    context->running = co;
    if (stop_of(context) != PERILUNE_LUA_GOES_ON) perilune_lua_set_hook(co, true);
    return outer;
}

/// Resumes with `count` arguments from the stack of `L`, and moves the results there, or the error value. Returns how
/// many results there are, or -1.
static int resume(lua_State *L, lua_State *co, int count) {
    if (!lua_checkstack(co, count)) {
        lua_pushliteral(L, "too many arguments to resume");
        return -1;
    }
    perilune_lua_context *context = context_of(L);
    lua_xmove(L, co, count);
    lua_State *outer = enter(context, co);
    int results = 0;
    int status = lua_resume(co, L, count, &results);
    context->running = outer;
    perilune_lua_check_caught(L, status);
    if (status != LUA_OK && status != LUA_YIELD) {
        lua_xmove(co, L, 1);
        return -1;
    }
    if (!lua_checkstack(L, results + 1)) {
        lua_pop(co, results);
        lua_pushliteral(L, "too many results to resume");
        return -1;
    }
    lua_xmove(co, L, results);
    return results;
}

/// Closes `co`, whose error is left on its stack. A Lua status.
static int close(lua_State *L, lua_State *co) {
    perilune_lua_context *context = context_of(L);
    if (context->closing >= MAX_NESTED_CLOSES) luaL_error(L, "coroutines are closed within one another too deep");
    context->closing++;
    lua_State *outer = enter(context, co);
    int status = lua_resetthread(co);
    context->running = outer;
    context->closing--;
    perilune_lua_check_caught(L, status);
    return status;
}

static lua_State *coroutine_argument(lua_State *L) {
    lua_State *co = lua_tothread(L, 1);
    luaL_argexpected(L, co, 1, "coroutine");
    return co;
}

static int coroutine_resume(lua_State *L) {
    lua_State *co = coroutine_argument(L);
    int results = resume(L, co, lua_gettop(L) - 1);
    lua_pushboolean(L, results >= 0);
    lua_insert(L, -(results < 0 ? 1 : results) - 1);
    return (results < 0 ? 1 : results) + 1;
}

static int coroutine_close(lua_State *L) {
    lua_State *co = coroutine_argument(L);
    const char *status = status_of(L, co);
    if (*status != 'd' && *status != 's') return luaL_error(L, "cannot close a %s coroutine", status);
    if (close(L, co) == LUA_OK) {
        lua_pushboolean(L, true);
        return 1;
    }
    lua_pushboolean(L, false);
    lua_xmove(co, L, 1);
    return 2;
}

/// What `coroutine.wrap` returns: errors go on to the caller, with its place in front.
static int wrapped(lua_State *L) {
    lua_State *co = lua_tothread(L, lua_upvalueindex(1));
    int results = resume(L, co, lua_gettop(L));
    if (results >= 0) return results;
    int status = lua_status(co);
    if (status != LUA_OK && status != LUA_YIELD) {
        lua_pop(L, 1);  // closing leaves it, or the error of a `__close`, on the other stack
        status = close(L, co);
        lua_xmove(co, L, 1);
    }
    if (status != LUA_ERRMEM && lua_type(L, -1) == LUA_TSTRING) {
        luaL_where(L, 1);
        lua_insert(L, -2);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

static int coroutine_wrap(lua_State *L) {
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_State *co = lua_newthread(L);
    lua_pushvalue(L, 1);
    lua_xmove(L, co, 1);
    lua_pushcclosure(L, wrapped, 1);
    return 1;
}

void perilune_lua_add_coroutines(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"resume", coroutine_resume}, {"close", coroutine_close}, {"wrap", coroutine_wrap}, {NULL, NULL}};
    luaL_setfuncs(L, functions, 0);
}

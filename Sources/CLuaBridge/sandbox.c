// The strict environment: an allow-list. The standard libraries are opened where no script sees them, and what is
// listed here is copied into tables of the sandbox, with our own functions in place of those that could do harm. The
// libraries io, debug and package are never opened.
#include "sandbox.h"

static const char *const base_names[] = {
    "assert", "error", "ipairs", "next", "pairs", "rawequal", "rawget", "rawlen", "rawset", "select", "tonumber",
    "type", "_VERSION", NULL};
static const char *const coroutine_names[] = {"create", "isyieldable", "running", "status", "yield", NULL};
static const char *const table_names[] = {"concat", "pack", "unpack", NULL};
static const char *const string_names[] = {
    "byte", "char", "len", "lower", "pack", "packsize", "reverse", "sub", "unpack", "upper", NULL};
static const char *const math_names[] = {
    "abs", "acos", "asin", "atan", "ceil", "cos", "deg", "exp", "floor", "fmod", "huge", "log", "max", "maxinteger",
    "min", "mininteger", "modf", "pi", "rad", "random", "sin", "sqrt", "tan", "tointeger", "type", "ult", NULL};
static const char *const utf8_names[] = {"char", "charpattern", "codepoint", "len", "offset", NULL};
static const char *const os_names[] = {"clock", "date", "difftime", "time", NULL};

/// Opens a library and pushes a table with those of its functions that are listed; the library itself is below it.
static void open_library(lua_State *L, const char *name, lua_CFunction open, const char *const *names) {
    lua_pushcfunction(L, open);
    lua_pushstring(L, name);
    lua_call(L, 1, 1);
    lua_createtable(L, 0, 16);
    for (; *names != NULL; names++) {
        lua_getfield(L, -2, *names);
        lua_setfield(L, -2, *names);
    }
}

/// The same, and makes it the field `name` of the globals at index 1; `add` puts in our own functions.
static void add_library(
    lua_State *L, const char *name, lua_CFunction open, const char *const *names, void (*add)(lua_State *L)) {
    open_library(L, name, open, names);
    if (add != NULL) add(L);
    lua_setfield(L, 1, name);
    lua_settop(L, 1);
}

/// Methods of strings come from the sandbox's table, and the table of all strings' metamethods, which has their
/// arithmetic, is out of reach.
static void protect_strings(lua_State *L) {
    lua_pushliteral(L, "");
    lua_getmetatable(L, -1);
    lua_getfield(L, 1, LUA_STRLIBNAME);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_settop(L, 1);
}

/// Pushes a copy of the functions in the table on top.
static void push_copy(lua_State *L) {
    int original = lua_gettop(L);
    lua_createtable(L, 0, 32);
    for (lua_pushnil(L); lua_next(L, original);) {
        if (lua_isfunction(L, -1)) {
            lua_pushvalue(L, -2);
            lua_pushvalue(L, -2);
            lua_rawset(L, original + 1);
        }
        lua_pop(L, 1);
    }
}

/// Lua looks here for the name of a function in "bad argument #1 to 'sub'" where the call does not tell it. A copy,
/// since a script can make its own tables so large that looking takes long.
static void add_names(lua_State *L) {
    static const char *const libraries[] = {LUA_COLIBNAME, LUA_TABLIBNAME,  LUA_STRLIBNAME,
                                            LUA_MATHLIBNAME, LUA_UTF8LIBNAME, LUA_OSLIBNAME};
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_pushvalue(L, 1);
    push_copy(L);
    lua_setfield(L, 2, LUA_GNAME);
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        lua_getfield(L, 1, libraries[i]);
        push_copy(L);
        lua_setfield(L, 2, libraries[i]);
    }
    lua_settop(L, 1);
}

static int open_sandbox(lua_State *L) {
    context_of(L)->strict = true;
    open_library(L, LUA_GNAME, luaopen_base, base_names);
    lua_replace(L, 1);
    lua_settop(L, 1);
    // The table that the base library filled is dropped with this.
    lua_pushvalue(L, 1);
    lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    lua_pushvalue(L, 1);
    lua_setfield(L, 1, LUA_GNAME);
    perilune_lua_add_catching(L);
    perilune_lua_add_base(L);
    perilune_lua_add_metatables(L);
    perilune_lua_add_text(L);
    add_library(L, LUA_COLIBNAME, luaopen_coroutine, coroutine_names, perilune_lua_add_coroutines);
    add_library(L, LUA_TABLIBNAME, luaopen_table, table_names, perilune_lua_add_tables);
    add_library(L, LUA_STRLIBNAME, luaopen_string, string_names, perilune_lua_add_strings);
    add_library(L, LUA_MATHLIBNAME, luaopen_math, math_names, perilune_lua_add_random);
    add_library(L, LUA_UTF8LIBNAME, luaopen_utf8, utf8_names, perilune_lua_add_codes);
    add_library(L, LUA_OSLIBNAME, luaopen_os, os_names, perilune_lua_add_date);
    protect_strings(L);
    add_names(L);
    perilune_lua_limit_stack(L);
    // No finalizer is a script's. Those of the host that find no room at times are made up for.
    lua_setwarnf(L, NULL, NULL);
    return 0;
}

int perilune_lua_open_sandbox(lua_State *L) { return perilune_lua_protect(L, open_sandbox, 0, 0); }

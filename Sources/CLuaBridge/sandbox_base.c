// Small functions of the strict environment: load, require, collectgarbage, math.randomseed, utf8.codes.
#include "sandbox.h"

#include <string.h>

enum { MAX_SOURCE = 1 << 20 };

/// Text only: precompiled code has no verifier. From a string only: a function would be called where errors are caught.
static int load(lua_State *L) {
    size_t length;
    luaL_argexpected(L, lua_type(L, 1) == LUA_TSTRING, 1, "string");
    const char *text = lua_tolstring(L, 1, &length);
    const char *name = luaL_optstring(L, 2, text);
    bool has_environment = !lua_isnone(L, 4);
    if (strchr(luaL_optstring(L, 3, "t"), 't') == NULL)
        luaL_argerror(L, 3, "the strict profile loads text only");
    luaL_argcheck(L, length <= MAX_SOURCE, 1, "longer than 1 MiB");
    lua_settop(L, 4);
    int status = LUA_ERRSYNTAX;
    if (perilune_lua_check_source(L, text, length, name)) status = perilune_lua_parse(L, text, length, name);
    if (status != LUA_OK) {
        perilune_lua_check_caught(L, status);
        lua_pushnil(L);
        lua_insert(L, -2);
        return 2;
    }
    if (has_environment) {
        lua_pushvalue(L, 4);
        if (lua_setupvalue(L, -2, 1) == NULL) lua_pop(L, 1);
    }
    return 1;
}

/// Finds what the host has put at hand, and nothing else.
static int require(lua_State *L) {
    const char *name = luaL_checkstring(L, 1);
    lua_settop(L, 1);
    lua_pushvalue(L, 1);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
    lua_pop(L, 1);
    lua_getfield(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    lua_pushvalue(L, 1);
    if (lua_rawget(L, 2) == LUA_TNIL) {
        bool is_missing = strcmp(name, "perilune") == 0;
        return luaL_error(
            L, "module '%s' not found%s", name, is_missing ? "" : ": the strict profile has 'perilune' alone");
    }
    lua_pushvalue(L, 1);
    lua_pushliteral(L, ":preload:");
    lua_call(L, 2, 1);
    if (lua_isnil(L, -1)) lua_pushboolean(L, true);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, -2);
    lua_rawset(L, lua_upvalueindex(1));
    return 1;
}

static int collect_garbage(lua_State *L) {
    const char *option = luaL_optstring(L, 1, "collect");
    if (strcmp(option, "count") != 0)
        return luaL_error(L, "the strict profile has collectgarbage(\"count\") alone, got \"%s\"", option);
    lua_pushnumber(L, (lua_Number)lua_gc(L, LUA_GCCOUNT) + (lua_Number)lua_gc(L, LUA_GCCOUNTB) / 1024);
    return 1;
}

void perilune_lua_add_base(lua_State *L) {
    static const luaL_Reg functions[] = {{"load", load}, {"collectgarbage", collect_garbage}, {NULL, NULL}};
    luaL_setfuncs(L, functions, 0);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    lua_pop(L, 1);
    lua_createtable(L, 0, 1);  // what was required
    lua_pushcclosure(L, require, 1);
    lua_setfield(L, -2, "require");
}

/// With no number the library would seed with an address, and return it.
static int random_seed(lua_State *L) {
    luaL_checkany(L, 1);
    lua_settop(L, 2);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    if (lua_isnil(L, 3)) lua_settop(L, 2);
    lua_call(L, lua_gettop(L) - 1, 0);
    return 0;
}

void perilune_lua_add_random(lua_State *L) {
    lua_getfield(L, -2, "random");
    perilune_lua_note_random(L);
    lua_pop(L, 1);
    lua_getfield(L, -2, "randomseed");
    lua_pushvalue(L, -1);
    lua_pushinteger(L, 0);  // until a run seeds it; the library began with an address
    lua_call(L, 1, 0);
    lua_pushcclosure(L, random_seed, 1);
    lua_setfield(L, -2, "randomseed");
}

/// The library's goes through a format with no regard to limits.
static int date(lua_State *L) {
    enum { LONGEST_FORMAT = 1024 };
    size_t length;
    luaL_optlstring(L, 1, "%c", &length);
    luaL_argcheck(L, length <= LONGEST_FORMAT, 1, "format longer than 1,024 bytes");
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 1);
    return 1;
}

void perilune_lua_add_date(lua_State *L) {
    lua_getfield(L, -2, "date");
    lua_pushcclosure(L, date, 1);
    lua_setfield(L, -2, "date");
}

/// Lua 5.4.4 takes stray continuation bytes for a part of the character before.
static int codes(lua_State *L) {
    luaL_checkstring(L, 1);
    lua_settop(L, 2);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 1);
    lua_pushinteger(L, -1);
    lua_pushvalue(L, 2);
    lua_call(L, 4, 2);
    if (!lua_isinteger(L, -2)) return luaL_error(L, "invalid UTF-8 code at byte %I", lua_tointeger(L, -1));
    lua_settop(L, 2);
    lua_pushvalue(L, lua_upvalueindex(2));
    lua_insert(L, 1);
    lua_call(L, 2, 3);
    return 3;
}

void perilune_lua_add_codes(lua_State *L) {
    lua_getfield(L, -1, "len");
    lua_getfield(L, -3, "codes");
    lua_pushcclosure(L, codes, 2);
    lua_setfield(L, -2, "codes");
}

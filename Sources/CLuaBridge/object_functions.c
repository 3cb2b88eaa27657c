// What functions of the standard library do with objects of the host that stand for a number or a list: `string.format`
// takes the number, `ipairs` goes through the list and ends, and functions of numbers say how to get at one. Numbers
// have the one method that such objects share: `item`.
#include "internal.h"

#include <string.h>

/// Replaces an argument that stands for a number, and checks it: what the library raised from below this function would
/// name neither the place nor the function.
static void check_argument(lua_State *L, int argument, char conversion) {
    if (conversion == '\0') return;
    if (strchr("aAcdeEfFgGiopqsuxX", conversion) == NULL)
        luaL_error(L, "invalid conversion '%%%c' to 'format'", conversion);
    if (argument > lua_gettop(L)) luaL_argerror(L, argument, "no value");
    if (strchr("sqp", conversion) != NULL) return;
    if (lua_type(L, argument) == LUA_TUSERDATA && luaL_callmeta(L, argument, "__number")) lua_replace(L, argument);
    if (strchr("aAeEfFgG", conversion) != NULL)
        luaL_checknumber(L, argument);
    else
        luaL_checkinteger(L, argument);
}

/// The library's, with an object that has `__number` taken for its number where the text wants one.
static int format(lua_State *L) { return perilune_lua_format(L, check_argument); }

/// The library's; a userdata with `__ipairs` says itself how to go through it.
static int list_pairs(lua_State *L) {
    luaL_checkany(L, 1);
    if (lua_type(L, 1) == LUA_TUSERDATA && luaL_getmetafield(L, 1, "__ipairs") != LUA_TNIL) {
        lua_pushvalue(L, 1);
    } else {
        lua_pushvalue(L, lua_upvalueindex(1));
        lua_pushvalue(L, 1);
    }
    lua_call(L, 1, 3);
    return 3;
}

/// A function of the library's that takes numbers. It is called here without a call of Lua: that costs next to nothing.
static int number_function(lua_State *L) {
    for (int argument = 1, count = lua_gettop(L); argument <= count; argument++) {
        if (lua_type(L, argument) != LUA_TUSERDATA) continue;
        if (luaL_getmetafield(L, argument, "__number") == LUA_TNIL) continue;
        const char *name = "userdata";
        if (luaL_getmetafield(L, argument, "__name") == LUA_TSTRING) name = lua_tostring(L, -1);
        luaL_argerror(
            L, argument,
            lua_pushfstring(L, "number expected, got %s; :item() gives the number of one that has one", name));
    }
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

static int number_item(lua_State *L) {
    luaL_checknumber(L, 1);
    lua_settop(L, 1);
    return 1;
}

static int number_index(lua_State *L) {
    if (lua_type(L, 2) == LUA_TSTRING && strcmp(lua_tostring(L, 2), "item") == 0) {
        lua_pushcfunction(L, number_item);
        return 1;
    }
    const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : luaL_typename(L, 2);
    return luaL_error(L, "attempt to index a number value (with key '%s')", key);
}

/// Replaces a function of the table on top of the stack by `function`, which has it as an upvalue.
static void wrap(lua_State *L, const char *name, lua_CFunction function) {
    if (lua_getfield(L, -1, name) == LUA_TFUNCTION) {
        lua_pushcclosure(L, function, 1);
        lua_setfield(L, -2, name);
    } else {
        lua_pop(L, 1);
    }
}

static int add(lua_State *L) {
    lua_pushglobaltable(L);
    wrap(L, "ipairs", list_pairs);
    if (lua_getfield(L, -1, LUA_STRLIBNAME) == LUA_TTABLE) wrap(L, "format", format);
    lua_pop(L, 1);
    if (lua_getfield(L, -1, LUA_MATHLIBNAME) == LUA_TTABLE) {
        // Those without upvalues, which a direct call leaves out.
        static const char *const names[] = {"abs", "ceil", "cos", "deg", "exp", "floor", "fmod", "log",
                                            "max", "min", "modf", "rad", "sin", "sqrt", "tan"};
        for (size_t index = 0; index < sizeof names / sizeof *names; index++) wrap(L, names[index], number_function);
    }
    lua_pop(L, 1);
    lua_pushinteger(L, 0);
    lua_createtable(L, 0, 2);
    lua_pushcfunction(L, number_index);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    return 0;
}

int perilune_lua_add_object_functions(lua_State *L) { return perilune_lua_protect(L, add, 0, 0); }

// insert, move, remove and sort of the strict environment: the library's run for ages on a table whose `__len` or
// `__index` makes it look huge, and no hook reaches into them. These look for the end of the script themselves.
#include "sandbox.h"

/// Checks that `index` is a table, or has the metamethods to be used as one.
static void check_table(lua_State *L, int index) {
    if (lua_type(L, index) == LUA_TTABLE) return;
    bool is_like_one = luaL_getmetafield(L, index, "__index") != LUA_TNIL;
    lua_settop(L, lua_gettop(L) - (is_like_one ? 1 : 0));
    if (!is_like_one) luaL_checktype(L, index, LUA_TTABLE);
}

/// Moves elements `first` to `last` of table 1 by one place, up or down, starting at the end that is free.
static void shift(lua_State *L, lua_Integer first, lua_Integer last, int by) {
    const perilune_lua_context *context = context_of(L);
    for (lua_Unsigned step = 0; first <= last; step++) {
        check_stop_at(L, context, step);
        lua_Integer i = by > 0 ? last-- : first++;
        lua_geti(L, 1, i);
        lua_seti(L, 1, i + by);
    }
}

static int insert(lua_State *L) {
    check_table(L, 1);
    lua_Integer end = (lua_Integer)((lua_Unsigned)luaL_len(L, 1) + 1);
    switch (lua_gettop(L)) {
    case 2: break;
    case 3: {
        lua_Integer position = luaL_checkinteger(L, 2);
        luaL_argcheck(L, (lua_Unsigned)position - 1u < (lua_Unsigned)end, 2, "position out of bounds");
        shift(L, position, end - 1, 1);
        end = position;
        break;
    }
    default: return luaL_error(L, "wrong number of arguments to 'insert'");
    }
    lua_seti(L, 1, end);
    return 0;
}

static int remove_element(lua_State *L) {
    check_table(L, 1);
    lua_Integer size = luaL_len(L, 1);
    lua_Integer position = luaL_optinteger(L, 2, size);
    if (lua_gettop(L) >= 2)
        luaL_argcheck(L, (lua_Unsigned)position - 1u <= (lua_Unsigned)size, 2, "position out of bounds");
    lua_settop(L, 1);
    lua_geti(L, 1, position);
    if (position < size) {
        shift(L, position + 1, size, -1);
        position = size;
    }
    lua_pushnil(L);
    lua_seti(L, 1, position);
    return 1;
}

static int move(lua_State *L) {
    lua_Integer first = luaL_checkinteger(L, 2), last = luaL_checkinteger(L, 3), to = luaL_checkinteger(L, 4);
    int target = lua_isnoneornil(L, 5) ? 1 : 5;
    check_table(L, 1);
    check_table(L, target);
    if (last >= first) {
        luaL_argcheck(L, first > 0 || last < LUA_MAXINTEGER + first, 3, "too many elements to move");
        luaL_argcheck(L, to <= LUA_MAXINTEGER - (last - first), 4, "destination wrap around");
        bool is_forward = to > last || to <= first || (target != 1 && !lua_compare(L, 1, target, LUA_OPEQ));
        const perilune_lua_context *context = context_of(L);
        for (lua_Integer step = 0; step <= last - first; step++) {
            check_stop_at(L, context, (lua_Unsigned)step);
            lua_Integer offset = is_forward ? step : last - first - step;
            lua_geti(L, 1, first + offset);
            lua_seti(L, target, to + offset);
        }
    }
    lua_pushvalue(L, target);
    return 1;
}

static int less_than(lua_State *L) {
    lua_pushboolean(L, lua_compare(L, 1, 2, LUA_OPLT));
    return 1;
}

/// The library's, always with a function that compares: the hook reaches into its calls.
static int sort(lua_State *L) {
    lua_settop(L, 2);
    if (lua_isnil(L, 2)) {
        lua_pushcfunction(L, less_than);
        lua_replace(L, 2);
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, 2, 0);
    return 0;
}

void perilune_lua_add_tables(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"insert", insert}, {"remove", remove_element}, {"move", move}, {NULL, NULL}};
    luaL_setfuncs(L, functions, 0);
    lua_getfield(L, -2, "sort");
    lua_pushcclosure(L, sort, 1);
    lua_setfield(L, -2, "sort");
}

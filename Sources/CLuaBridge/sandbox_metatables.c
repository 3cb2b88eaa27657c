// setmetatable and getmetatable of the strict environment.
//
// Refused are `__gc`, because a finalizer runs where no limit reaches it, and `__mode`: Lua 5.4.4 uses memory after it
// has freed it where a *metatable* is weak and memory runs short. A script could add `__mode` later, so a metatable
// that is to have a metatable itself gets a copy of that, which the script cannot reach.
#include "sandbox.h"

// Addresses that serve as keys of the registry: tables that are metatables, and copies with what they are copies of.
static const char used_key = 0, copies_key = 0;

/// Pushes a registry table whose entries live as long as their keys.
static void push_weak(lua_State *L, const void *key) {
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, key) == LUA_TTABLE) return;
    lua_pop(L, 1);
    lua_createtable(L, 0, 0);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "k");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, key);
}

/// Whether the table at `index` is a key of the registry table `key`; pushes its value there.
static bool push_entry(lua_State *L, int index, const void *key) {
    push_weak(L, key);
    lua_pushvalue(L, index);
    lua_rawget(L, -2);
    lua_remove(L, -2);
    return !lua_isnil(L, -1);
}

static bool is_entry(lua_State *L, int index, const void *key) {
    bool found = push_entry(L, lua_absindex(L, index), key);
    lua_pop(L, 1);
    return found;
}

static void set_entry(lua_State *L, int index, const void *key) {  // pops the value
    push_weak(L, key);
    lua_pushvalue(L, index);
    lua_rotate(L, -3, 2);  // table, key, value
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

/// Replaces the metatable on top of the stack by a copy that is not weak.
static void make_copy(lua_State *L) {
    int original = lua_gettop(L);
    lua_createtable(L, 0, 8);
    int copy = original + 1;
    for (lua_pushnil(L); lua_next(L, original);) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, copy);
    }
    lua_pushliteral(L, "__mode");
    lua_pushnil(L);
    lua_rawset(L, copy);
    lua_pushvalue(L, original);
    set_entry(L, copy, &copies_key);
    lua_remove(L, original);
}

static void refuse_field(lua_State *L, int index, const char *name, const char *why) {
    lua_pushstring(L, name);
    if (lua_rawget(L, index) != LUA_TNIL) luaL_error(L, "the strict profile has no '%s' in metatables: %s", name, why);
    lua_pop(L, 1);
}

/// Notes that the table at `index` is a metatable. One that it was given before is exchanged for a copy.
static void use(lua_State *L, int index) {
    if (is_entry(L, index, &used_key)) return;
    lua_pushboolean(L, true);
    set_entry(L, index, &used_key);
    if (!lua_getmetatable(L, index)) return;
    if (is_entry(L, -1, &copies_key)) {
        lua_pop(L, 1);
        return;
    }
    make_copy(L);
    lua_setmetatable(L, index);
}

void perilune_lua_note_metatable(lua_State *L, int index) {
    if (context_of(L)->strict && lua_type(L, index) == LUA_TTABLE) use(L, lua_absindex(L, index));
}

static int set_metatable(lua_State *L) {
    int type = lua_type(L, 2);
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_argexpected(L, type == LUA_TNIL || type == LUA_TTABLE, 2, "nil or table");
    if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL) return luaL_error(L, "cannot change a protected metatable");
    lua_settop(L, 2);
    if (type == LUA_TTABLE) {
        refuse_field(L, 2, "__gc", "finalizers run beyond all limits");
        refuse_field(L, 2, "__mode", "there are no weak tables");
        use(L, 2);
        if (is_entry(L, 1, &used_key)) make_copy(L);
    }
    lua_setmetatable(L, 1);
    return 1;
}

static int get_metatable(lua_State *L) {
    luaL_checkany(L, 1);
    if (!lua_getmetatable(L, 1)) {
        lua_pushnil(L);
        return 1;
    }
    if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL) return 1;
    int metatable = lua_gettop(L);
    if (push_entry(L, metatable, &copies_key)) return 1;
    lua_settop(L, metatable);
    return 1;
}

void perilune_lua_add_metatables(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"setmetatable", set_metatable}, {"getmetatable", get_metatable}, {NULL, NULL}};
    luaL_setfuncs(L, functions, 0);
}

// Loading chunks. Text only: precompiled code has no verifier and could corrupt memory.
#include "internal.h"

int perilune_lua_load_text(lua_State *L, const char *text, size_t length, const char *chunk_name) {
    perilune_lua_context *context = context_of(L);
    lua_checkstack(L, LUA_MINSTACK);
    bool armed = context->armed;
    context->armed = true;  // lua_load is protected by itself
    int status = luaL_loadbufferx(L, text, length, chunk_name, "t");
    context->armed = armed;
    context->ended = status == LUA_ERRMEM ? PERILUNE_LUA_MEMORY : PERILUNE_LUA_GOES_ON;
    return status;
}

static int load_file(lua_State *L) {
    int *status = lua_touserdata(L, 1);
    const char *path = lua_touserdata(L, 2);
    *status = luaL_loadfilex(L, path, "t");
    return 1;
}

int perilune_lua_load_file(lua_State *L, const char *path) {
    int status = LUA_OK;
    lua_checkstack(L, LUA_MINSTACK);
    lua_pushlightuserdata(L, &status);
    lua_pushlightuserdata(L, (void *)path);
    int protected_status = perilune_lua_protect(L, load_file, 2, 1);
    if (status == LUA_ERRMEM) context_of(L)->ended = PERILUNE_LUA_MEMORY;
    return protected_status == LUA_OK ? status : protected_status;
}

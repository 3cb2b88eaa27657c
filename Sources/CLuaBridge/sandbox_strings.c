// rep and format of the strict environment.
#include "sandbox.h"

#include <string.h>

/// The library's takes years to repeat an empty string often enough.
static int repeat(lua_State *L) {
    size_t length, gap;
    const char *text = luaL_checklstring(L, 1, &length);
    lua_Integer count = luaL_checkinteger(L, 2);
    const char *separator = luaL_optlstring(L, 3, "", &gap);
    if (count <= 0 || length + gap == 0) {
        lua_pushliteral(L, "");
        return 1;
    }
    if (length + gap < length || length + gap > (size_t)LUA_MAXINTEGER / (size_t)count)
        return luaL_error(L, "resulting string too large");
    size_t total = (size_t)count * (length + gap) - gap;
    luaL_Buffer buffer;
    char *end = luaL_buffinitsize(L, &buffer, total);
    const perilune_lua_context *context = context_of(L);
    for (lua_Integer i = 0; i < count; i++) {
        check_stop_at(L, context, (lua_Unsigned)i);
        memcpy(end, text, length);
        end += length;
        if (i + 1 == count) break;
        memcpy(end, separator, gap);
        end += gap;
    }
    luaL_pushresultsize(&buffer, total);
    return 1;
}

/// Replaces a value that has no text of its own by what `tostring` gives.
static void show_argument(lua_State *L, int argument, char conversion) {
    if (conversion == 'p') luaL_error(L, "the strict profile has no '%%p' in 'format': it shows addresses");
    if (conversion != 's' || argument > lua_gettop(L)) return;
    perilune_lua_text(L, argument, NULL);
    lua_replace(L, argument);
}

static int format(lua_State *L) { return perilune_lua_format(L, show_argument); }

void perilune_lua_add_strings(lua_State *L) {
    lua_getfield(L, -2, "format");
    lua_pushcclosure(L, format, 1);
    lua_setfield(L, -2, "format");
    lua_pushcfunction(L, repeat);
    lua_setfield(L, -2, "rep");
    perilune_lua_add_patterns(L);
}

// `string.format` of the library, with arguments prepared for it.
#include "internal.h"

#include <ctype.h>

int perilune_lua_format(lua_State *L, perilune_lua_prepare *prepare) {
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length);
    int argument = 1, count = lua_gettop(L);
    for (const char *p = text; p < text + length; p++) {
        if (*p != '%') continue;
        if (*++p == '%') continue;
        // Flags, width and precision. Where the text ends within them, what stands there is its last byte, 0.
        while (p < text + length && !isalpha((unsigned char)*p)) p++;
        prepare(L, ++argument, *p);
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, count, 1);
    return 1;
}

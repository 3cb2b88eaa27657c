// tostring and print of the strict environment: they show no addresses, by which a script could learn where the
// process keeps its code and data.
#include "sandbox.h"

#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

/// A number that stands for an address in this process, and tells nothing about it.
static unsigned disguise(const void *address) {
    static uint64_t secret;  // a race would do no harm: each thread writes what is secret
    if (secret == 0 && getrandom(&secret, sizeof secret, GRND_NONBLOCK) != sizeof secret) secret = (uintptr_t)&secret;
    uint64_t x = (uintptr_t)address ^ secret;
    for (int round = 0; round < 3; round++) {
        x ^= x >> 31;
        x *= 0x9e3779b97f4a7c15 ^ (secret << 1 | 1);
    }
    return (unsigned)(x >> 32);
}

const char *perilune_lua_text(lua_State *L, int index, size_t *length) {
    index = lua_absindex(L, index);
    switch (lua_type(L, index)) {
    case LUA_TTABLE:
    case LUA_TFUNCTION:
    case LUA_TUSERDATA:
    case LUA_TLIGHTUSERDATA:
    case LUA_TTHREAD: break;
    default: return luaL_tolstring(L, index, length);
    }
    if (luaL_getmetafield(L, index, "__tostring") != LUA_TNIL) {
        lua_pop(L, 1);
        return luaL_tolstring(L, index, length);
    }
    int type = luaL_getmetafield(L, index, "__name");
    const char *name = type == LUA_TSTRING ? lua_tostring(L, -1) : luaL_typename(L, index);
    char number[16];
    snprintf(number, sizeof number, "%08x", disguise(lua_topointer(L, index)));
    lua_pushfstring(L, "%s: %s", name, number);
    if (type != LUA_TNIL) lua_remove(L, -2);
    return lua_tolstring(L, -1, length);
}

static int to_string(lua_State *L) {
    luaL_checkany(L, 1);
    perilune_lua_text(L, 1, NULL);
    return 1;
}

/// Replaces the string on top by one in which control characters, but for tabs, are as Lua writes them: a terminal
/// would obey them.
static void escape_controls(lua_State *L) {
    size_t length;
    const unsigned char *text = (const unsigned char *)lua_tolstring(L, -1, &length);
    luaL_Buffer escaped;
    luaL_buffinit(L, &escaped);
    for (size_t i = 0; i < length; i++) {
        check_stop_at(L, context_of(L), i);
        bool is_control = (text[i] < ' ' && text[i] != '\t' && text[i] != '\n') || text[i] == 0x7f;
        // The control characters above 127, as UTF-8 has them.
        bool is_high = text[i] == 0xc2 && i + 1 < length && text[i + 1] >= 0x80 && text[i + 1] < 0xa0;
        if (!is_control && !is_high) {
            luaL_addchar(&escaped, (char)text[i]);
            continue;
        }
        char shown[8];
        snprintf(shown, sizeof shown, "\\%u", is_high ? text[++i] : text[i]);
        luaL_addstring(&escaped, shown);
    }
    luaL_pushresult(&escaped);
    lua_remove(L, -2);
}

static int print(lua_State *L) {
    int count = lua_gettop(L);
    luaL_Buffer line;
    luaL_buffinit(L, &line);
    for (int i = 1; i <= count; i++) {
        if (i > 1) luaL_addchar(&line, '\t');
        perilune_lua_text(L, i, NULL);
        luaL_addvalue(&line);
    }
    luaL_addchar(&line, '\n');
    luaL_pushresult(&line);
    if (isatty(STDOUT_FILENO)) escape_controls(L);
    size_t length;
    const char *text = lua_tolstring(L, -1, &length);
    perilune_lua_context *context = context_of(L);
    bool armed = context->armed;
    context->armed = false;
    bool is_taken = context->callbacks.print(context->host, text, length);
    context->armed = armed;
    if (is_taken) return 0;
    perilune_lua_await_output(L);
    context->callbacks.begin_line(context->host);
    perilune_lua_write(L, text, length);
    return 0;
}

void perilune_lua_add_text(lua_State *L) {
    static const luaL_Reg functions[] = {{"tostring", to_string}, {"print", print}, {NULL, NULL}};
    luaL_setfuncs(L, functions, 0);
}

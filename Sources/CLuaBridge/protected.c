// Calls that can raise, made safe for Swift: each runs under lua_pcall with the message handler.
#include "internal.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_FRAMES = 10, LAST_FRAMES = 11 };

/// Whether the message starts with the frame's own `script:line: `, and if so which line.
static int line_named_by(const char *message, const lua_Debug *frame) {
    size_t length = strlen(frame->short_src);
    if (strncmp(message, frame->short_src, length) != 0 || message[length] != ':') return 0;
    int line = 0;
    const char *digit = message + length + 1;
    for (; isdigit((unsigned char)*digit); digit++) line = line * 10 + (*digit - '0');
    return *digit == ':' ? line : 0;
}

static void note_script(perilune_lua_context *context, const lua_Debug *frame, int line) {
    const char *name = frame->source[0] == '@' || frame->source[0] == '=' ? frame->source + 1 : frame->short_src;
    snprintf(context->script, sizeof context->script, "%s", name);
    context->line = line;
}

static void append(perilune_lua_context *context, const lua_Debug *frame) {
    char *end = context->trace + context->trace_length;
    size_t room = sizeof context->trace - context->trace_length;
    int written;
    if (strcmp(frame->what, "main") == 0)
        written = snprintf(end, room, "\t%s:%d: in main chunk\n", frame->short_src, frame->currentline);
    else if (*frame->namewhat == '\0')
        written = snprintf(end, room, "\t%s:%d: in function <%s:%d>\n", frame->short_src, frame->currentline,
                           frame->short_src, frame->linedefined);
    else
        written = snprintf(end, room, "\t%s:%d: in %s '%s'\n", frame->short_src, frame->currentline,
                           strcmp(frame->namewhat, "global") == 0 ? "function" : frame->namewhat, frame->name);
    if (written > 0 && (size_t)written < room) context->trace_length += (size_t)written;
    else *end = '\0';
}

static bool is_script(const lua_Debug *frame) { return frame->currentline > 0; }

/// Writes into the context only, so that it cannot fail for want of memory.
int perilune_lua_handle_error(lua_State *L) {
    perilune_lua_context *context = context_of(L);
    const char *message = lua_type(L, 1) == LUA_TSTRING ? lua_tostring(L, 1) : "";
    context->trace_length = 0;
    context->trace[0] = '\0';
    context->line = 0;
    context->script[0] = '\0';

    lua_Debug frame;
    int scripts = 0;
    bool named = false;
    for (int level = 1; lua_getstack(L, level, &frame); level++) {
        lua_getinfo(L, "Sl", &frame);
        if (!is_script(&frame)) continue;
        int line = named ? 0 : line_named_by(message, &frame);
        if (line > 0) {
            note_script(context, &frame, line);
            named = true;
        } else if (scripts == 0) {
            note_script(context, &frame, frame.currentline);
        }
        scripts++;
    }
    int seen = 0;
    for (int level = 1; seen < scripts && lua_getstack(L, level, &frame); level++) {
        lua_getinfo(L, "Snl", &frame);
        if (!is_script(&frame)) continue;
        seen++;
        if (seen <= FIRST_FRAMES || seen > scripts - LAST_FRAMES) append(context, &frame);
        else if (seen == FIRST_FRAMES + 1) {
            int skipped = scripts - FIRST_FRAMES - LAST_FRAMES;
            size_t room = sizeof context->trace - context->trace_length;
            int written = snprintf(context->trace + context->trace_length, room, "\t...\t(%d levels)\n", skipped);
            if (written > 0 && (size_t)written < room) context->trace_length += (size_t)written;
        }
    }
    lua_settop(L, 1);
    return 1;
}

int perilune_lua_call(lua_State *L, int nargs, int nresults) {
    perilune_lua_context *context = context_of(L);
    int base = lua_gettop(L) - nargs;
    if (!lua_checkstack(L, LUA_MINSTACK)) {  // the script has filled the Lua stack; there is no room for a message
        lua_settop(L, base - 1);
        lua_pushnil(L);
        return LUA_ERRMEM;
    }
    lua_pushcfunction(L, perilune_lua_handle_error);
    lua_insert(L, base);
    bool armed = context->armed;
    context->armed = true;
    int status = lua_pcall(L, nargs, nresults, base);
    context->armed = armed;
    lua_remove(L, base);
    if (status == LUA_ERRMEM) {  // then the handler was not called
        context->trace_length = 0;
        context->line = 0;
        context->script[0] = '\0';
    }
    return status;
}

int perilune_lua_protect(lua_State *L, lua_CFunction function, int nargs, int nresults) {
    lua_checkstack(L, LUA_MINSTACK);
    lua_pushcfunction(L, function);
    lua_insert(L, -(nargs + 1));
    return perilune_lua_call(L, nargs, nresults);
}

static int get(lua_State *L) {
    lua_gettable(L, 1);
    return 1;
}

static int set(lua_State *L) {
    lua_settable(L, 1);
    return 0;
}

static int next(lua_State *L) { return lua_next(L, 1) ? 2 : 0; }

static int to_string(lua_State *L) {
    luaL_tolstring(L, 1, NULL);
    return 1;
}

static int length(lua_State *L) {
    lua_len(L, 1);
    return 1;
}

static int equal(lua_State *L) {
    lua_pushboolean(L, lua_compare(L, 1, 2, LUA_OPEQ));
    return 1;
}

int perilune_lua_get(lua_State *L) { return perilune_lua_protect(L, get, 2, 1); }
int perilune_lua_set(lua_State *L) { return perilune_lua_protect(L, set, 3, 0); }
int perilune_lua_next(lua_State *L) { return perilune_lua_protect(L, next, 2, LUA_MULTRET); }
int perilune_lua_tostring(lua_State *L) { return perilune_lua_protect(L, to_string, 1, 1); }
int perilune_lua_length(lua_State *L) { return perilune_lua_protect(L, length, 1, 1); }
int perilune_lua_equal(lua_State *L) { return perilune_lua_protect(L, equal, 2, 1); }

void perilune_lua_where(lua_State *L, char *buffer, size_t size) {
    lua_Debug frame;
    buffer[0] = '\0';
    for (int level = 1; lua_getstack(L, level, &frame); level++) {
        lua_getinfo(L, "Sl", &frame);
        if (!is_script(&frame)) continue;
        snprintf(buffer, size, "%s:%d: ", frame.short_src, frame.currentline);
        return;
    }
}

// Where an error came from: the message handler, which writes script, line and trace into the context. It allocates
// nothing, so that it cannot fail for want of memory.
#include "internal.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_FRAMES = 10, LAST_FRAMES = 11, NEAR_LEVELS = 64 };

static bool is_script(const lua_Debug *frame) { return frame->currentline > 0; }

/// Fills in the script frame at `level`; false where there is none.
static bool script_frame(lua_State *L, int level, const char *what, lua_Debug *frame) {
    return lua_getstack(L, level, frame) && lua_getinfo(L, what, frame) && is_script(frame);
}

/// The outermost level. Finding a level costs its depth, so this must not try one after the other.
static int last_level(lua_State *L) {
    lua_Debug frame;
    int low = 0, high = 1;
    while (lua_getstack(L, high, &frame)) {
        low = high;
        high *= 2;
    }
    while (low + 1 < high) {
        int middle = low + (high - low) / 2;
        if (lua_getstack(L, middle, &frame)) low = middle;
        else high = middle;
    }
    return low;
}

/// The line where the message starts with the frame's own `script:line: `, else 0.
static int line_named_by(const char *message, const lua_Debug *frame) {
    size_t length = strlen(frame->short_src);
    if (strncmp(message, frame->short_src, length) != 0 || message[length] != ':') return 0;
    long line = 0;
    const char *digit = message + length + 1;
    for (; isdigit((unsigned char)*digit) && line < 100000000; digit++) line = line * 10 + (*digit - '0');
    return *digit == ':' ? (int)line : 0;
}

/// Notes the script and line that the message names, or else those of the innermost script frame.
static void note_place(lua_State *L, perilune_lua_context *context, const char *message, int last) {
    lua_Debug frame;
    context->line = 0;
    context->script[0] = context->place[0] = '\0';
    for (int level = 0; level <= last && level <= NEAR_LEVELS; level++) {
        if (!script_frame(L, level, "Sl", &frame)) continue;
        int named = line_named_by(message, &frame);
        if (named == 0 && context->line != 0) continue;
        bool has_name = frame.source[0] == '@' || frame.source[0] == '=';
        snprintf(context->script, sizeof context->script, "%s", has_name ? frame.source + 1 : frame.short_src);
        context->line = named != 0 ? named : frame.currentline;
        snprintf(context->place, sizeof context->place, "%s:%d: ", frame.short_src, context->line);
        if (named != 0) return;
    }
}

/// Adds a line to the trace, or leaves it out where it does not fit.
__attribute__((format(printf, 2, 3))) static void append(perilune_lua_context *context, const char *format, ...) {
    char *end = context->trace + context->trace_length;
    size_t room = sizeof context->trace - context->trace_length;
    va_list arguments;
    va_start(arguments, format);
    int written = vsnprintf(end, room, format, arguments);
    va_end(arguments);
    if (written > 0 && (size_t)written < room) context->trace_length += (size_t)written;
    else *end = '\0';
}

static void append_frame(perilune_lua_context *context, const lua_Debug *frame) {
    const char *script = frame->short_src;
    if (strcmp(frame->what, "main") == 0) {
        append(context, "\t%s:%d: in main chunk\n", script, frame->currentline);
    } else if (*frame->namewhat == '\0') {
        append(context, "\t%s:%d: in function <%s:%d>\n", script, frame->currentline, script, frame->linedefined);
    } else {
        const char *kind = strcmp(frame->namewhat, "global") == 0 ? "function" : frame->namewhat;
        append(context, "\t%s:%d: in %s '%s'\n", script, frame->currentline, kind, frame->name);
    }
}

/// The script frames, innermost first; of a long run only both ends. Frames of the host mean nothing to the script's
/// author and are left out.
static void note_trace(lua_State *L, perilune_lua_context *context, int last) {
    lua_Debug frame;
    context->trace_length = 0;
    context->trace[0] = '\0';
    int tail = last - LAST_FRAMES + 1;
    int shown = 0, level = 0;
    for (; level <= last && (shown < FIRST_FRAMES || tail <= level); level++) {
        if (!script_frame(L, level, "Snl", &frame)) continue;
        append_frame(context, &frame);
        shown++;
    }
    if (level > last) return;
    if (tail > level) append(context, "\t...\t(%d levels)\n", tail - level);
    for (level = tail; level <= last; level++) {
        if (script_frame(L, level, "Snl", &frame)) append_frame(context, &frame);
    }
}

int perilune_lua_handle_error(lua_State *L) {
    perilune_lua_context *context = context_of(L);
    if (context->stop_noted) return 1;
    const char *message = lua_type(L, 1) == LUA_TSTRING ? lua_tostring(L, 1) : "";
    int last = last_level(L);
    note_place(L, context, message, last);
    note_trace(L, context, last);
    lua_settop(L, 1);
    return 1;
}

void perilune_lua_note_position(lua_State *L, perilune_lua_context *context) {
    int last = last_level(L);
    note_place(L, context, "", last);
    note_trace(L, context, last);
}

void perilune_lua_where(lua_State *L, char *buffer, size_t size) {
    lua_Debug frame;
    buffer[0] = '\0';
    for (int level = 1; level <= NEAR_LEVELS && lua_getstack(L, level, &frame); level++) {
        lua_getinfo(L, "Sl", &frame);
        if (!is_script(&frame)) continue;
        snprintf(buffer, size, "%s:%d: ", frame.short_src, frame.currentline);
        return;
    }
}

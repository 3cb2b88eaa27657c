// find, match, gmatch and gsub of the strict environment.
#define _GNU_SOURCE  // memmem
#include "patterns.h"

#include <ctype.h>
#include <string.h>

/// Pushes capture `i`, or the whole match where the pattern has none.
static void push_capture(matcher *m, int i, const char *start, const char *end) {
    if (i >= m->level) {
        if (i != 0) luaL_error(m->L, "invalid capture index %%%d", i + 1);
        lua_pushlstring(m->L, start, (size_t)(end - start));
        return;
    }
    ptrdiff_t length = m->captures[i].length;
    if (length == UNFINISHED) luaL_error(m->L, "unfinished capture");
    if (length == POSITION) lua_pushinteger(m->L, m->captures[i].start - m->subject + 1);
    else lua_pushlstring(m->L, m->captures[i].start, (size_t)length);
}

/// Pushes all captures; the whole match where there are none and `start` is given.
static int push_captures(matcher *m, const char *start, const char *end) {
    int count = m->level == 0 && start != NULL ? 1 : m->level;
    luaL_checkstack(m->L, count, "too many captures");
    for (int i = 0; i < count; i++) push_capture(m, i, start, end);
    return count;
}

/// The offset that the argument at `index` means; above `length` where it is beyond the end.
static size_t start_offset(lua_State *L, int index, size_t length) {
    lua_Integer position = luaL_optinteger(L, index, 1);
    if (position > 0) return (size_t)position - 1;
    if (position == 0 || position < -(lua_Integer)length) return 0;
    return length - (size_t)-position;
}

static bool has_specials(const char *pattern, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (pattern[i] != '\0' && strchr("^$*+?.([%-", pattern[i]) != NULL) return true;
    }
    return false;
}

static int find_or_match(lua_State *L, bool finds) {
    size_t length, pattern_length;
    const char *subject = luaL_checklstring(L, 1, &length);
    const char *pattern = luaL_checklstring(L, 2, &pattern_length);
    size_t offset = start_offset(L, 3, length);
    if (offset > length) {
        luaL_pushfail(L);
        return 1;
    }
    if (finds && (lua_toboolean(L, 4) || !has_specials(pattern, pattern_length))) {
        const char *found = memmem(subject + offset, length - offset, pattern, pattern_length);
        if (found == NULL) {
            luaL_pushfail(L);
            return 1;
        }
        lua_pushinteger(L, found - subject + 1);
        lua_pushinteger(L, found - subject + (lua_Integer)pattern_length);
        return 2;
    }
    bool is_anchored = pattern_length > 0 && *pattern == '^';
    matcher m;
    perilune_lua_matcher_init(&m, L, subject, length, pattern, pattern_length);
    for (const char *s = subject + offset; s <= m.subject_end; s++) {
        m.level = 0;
        const char *end = perilune_lua_match(&m, s, pattern + is_anchored);
        if (end != NULL) {
            if (!finds) return push_captures(&m, s, end);
            lua_pushinteger(L, s - subject + 1);
            lua_pushinteger(L, end - subject);
            return push_captures(&m, NULL, NULL) + 2;
        }
        if (is_anchored) break;
    }
    luaL_pushfail(L);
    return 1;
}

static int find(lua_State *L) { return find_or_match(L, true); }
static int match(lua_State *L) { return find_or_match(L, false); }

/// Upvalues: subject, pattern, offset to go on at, and the end of the last match, plus 1; 0 for none.
static int next_match(lua_State *L) {
    size_t length, pattern_length;
    const char *subject = lua_tolstring(L, lua_upvalueindex(1), &length);
    const char *pattern = lua_tolstring(L, lua_upvalueindex(2), &pattern_length);
    size_t last = (size_t)lua_tointeger(L, lua_upvalueindex(4));
    matcher m;
    perilune_lua_matcher_init(&m, L, subject, length, pattern, pattern_length);
    for (size_t offset = (size_t)lua_tointeger(L, lua_upvalueindex(3)); offset <= length; offset++) {
        m.level = 0;
        const char *end = perilune_lua_match(&m, subject + offset, pattern);
        if (end == NULL || (size_t)(end - subject) + 1 == last) continue;
        lua_pushinteger(L, end - subject);
        lua_replace(L, lua_upvalueindex(3));
        lua_pushinteger(L, end - subject + 1);
        lua_replace(L, lua_upvalueindex(4));
        return push_captures(&m, subject + offset, end);
    }
    return 0;
}

static int each_match(lua_State *L) {
    size_t length;
    luaL_checklstring(L, 1, &length);
    luaL_checkstring(L, 2);
    size_t offset = start_offset(L, 3, length);
    lua_settop(L, 2);
    lua_pushinteger(L, (lua_Integer)(offset > length ? length + 1 : offset));
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_match, 4);
    return 1;
}

/// Adds the replacement string, with its `%1`, to the buffer.
static void add_text(matcher *m, luaL_Buffer *buffer, const char *start, const char *end) {
    size_t length;
    const char *text = lua_tolstring(m->L, 3, &length);
    for (const char *p = text; p < text + length; p++) {
        if (*p != '%') {
            luaL_addchar(buffer, *p);
            continue;
        }
        p++;  // a string ends with a zero
        if (*p == '%') {
            luaL_addchar(buffer, '%');
        } else if (*p == '0') {
            luaL_addlstring(buffer, start, (size_t)(end - start));
        } else if (isdigit((unsigned char)*p)) {
            push_capture(m, *p - '1', start, end);
            luaL_tolstring(m->L, -1, NULL);
            lua_remove(m->L, -2);
            luaL_addvalue(buffer);
        } else {
            luaL_error(m->L, "invalid use of '%%' in replacement string");
        }
    }
}

/// Adds what the match from `start` to `end` is replaced by.
static void add_replacement(matcher *m, luaL_Buffer *buffer, const char *start, const char *end, int type) {
    lua_State *L = m->L;
    switch (type) {
    case LUA_TFUNCTION: {
        lua_pushvalue(L, 3);
        lua_call(L, push_captures(m, start, end), 1);
        break;
    }
    case LUA_TTABLE:
        push_capture(m, 0, start, end);
        lua_gettable(L, 3);
        break;
    default: add_text(m, buffer, start, end); return;
    }
    if (!lua_toboolean(L, -1)) {
        lua_pop(L, 1);
        luaL_addlstring(buffer, start, (size_t)(end - start));
    } else if (!lua_isstring(L, -1)) {
        luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
    } else {
        luaL_addvalue(buffer);
    }
}

static int substitute(lua_State *L) {
    size_t length, pattern_length;
    const char *subject = luaL_checklstring(L, 1, &length);
    const char *pattern = luaL_checklstring(L, 2, &pattern_length);
    int type = lua_type(L, 3);
    luaL_argexpected(
        L, type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TFUNCTION || type == LUA_TTABLE, 3,
        "string/function/table");
    lua_Integer most = luaL_optinteger(L, 4, (lua_Integer)length + 1);
    bool is_anchored = pattern_length > 0 && *pattern == '^';
    lua_settop(L, 4);
    matcher m;
    perilune_lua_matcher_init(&m, L, subject, length, pattern, pattern_length);
    luaL_Buffer buffer;
    luaL_buffinit(L, &buffer);
    lua_Integer count = 0;
    const char *s = subject, *last = NULL;
    while (count < most) {
        m.level = 0;
        const char *end = perilune_lua_match(&m, s, pattern + is_anchored);
        if (end != NULL && end != last) {
            count++;
            add_replacement(&m, &buffer, s, end, type);
            s = last = end;
        } else if (s < m.subject_end) {
            luaL_addchar(&buffer, *s);
            s++;
        } else {
            break;
        }
        if (is_anchored) break;
    }
    luaL_addlstring(&buffer, s, (size_t)(m.subject_end - s));
    luaL_pushresult(&buffer);
    lua_pushinteger(L, count);
    return 2;
}

void perilune_lua_add_patterns(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"find", find}, {"match", match}, {"gmatch", each_match}, {"gsub", substitute}, {NULL, NULL}};
    luaL_setfuncs(L, functions, 0);
}

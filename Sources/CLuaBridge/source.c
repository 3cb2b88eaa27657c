// What is looked for in the text of a chunk before it is loaded in the strict environment.
#include "sandbox.h"

#include <ctype.h>
#include <string.h>

// Lua refuses deeper nesting itself. A link takes some 100 bytes of C stack when an error is named.
enum { MAX_NESTED = 256, MAX_CHAIN = 500 };

typedef struct scanner {
    const char *p, *end;
    int line;
} scanner;

static int peek(const scanner *s, ptrdiff_t ahead) { return s->end - s->p > ahead ? (unsigned char)s->p[ahead] : -1; }

static void step(scanner *s) {
    if (*s->p++ == '\n') s->line++;
}

/// The number of `=` in a long bracket that begins here, or -1.
static int long_bracket(const scanner *s) {
    if (peek(s, 0) != '[') return -1;
    int level = 0;
    while (peek(s, level + 1) == '=') level++;
    return peek(s, level + 1) == '[' ? level : -1;
}

static void skip_long(scanner *s, int level) {
    s->p += level + 2;
    for (; s->p < s->end; step(s)) {
        if (*s->p != ']') continue;
        int equals = 0;
        while (peek(s, equals + 1) == '=') equals++;
        if (equals != level || peek(s, level + 1) != ']') continue;
        s->p += level + 2;
        return;
    }
}

static void skip_comment(scanner *s) {
    s->p += 2;
    int level = long_bracket(s);
    if (level >= 0) return skip_long(s, level);
    while (s->p < s->end && *s->p != '\n') s->p++;
}

static void skip_quoted(scanner *s) {
    char quote = *s->p++;
    while (s->p < s->end && *s->p != quote && *s->p != '\n') {
        if (*s->p == '\\' && peek(s, 1) != -1) step(s);
        step(s);
    }
    if (s->p < s->end && *s->p == quote) s->p++;
}

static bool is_name(int c) { return c == '_' || (c > 0 && isalnum(c)); }

/// The line of a chain of more than MAX_CHAIN fields and indices, or 0.
static int long_chain(const char *text, size_t length) {
    scanner s = {text, text + length, 1};
    int chains[MAX_NESTED] = {0};
    int depth = 0;
    bool after_dot = false;
    while (s.p < s.end) {
        int c = (unsigned char)*s.p;
        int level = long_bracket(&s);
        bool is_field = after_dot;
        if (isspace(c)) {
            step(&s);
            continue;
        }
        if (c == '-' && peek(&s, 1) == '-') {
            skip_comment(&s);
            continue;
        }
        after_dot = false;
        if (level >= 0) {
            skip_long(&s, level);
        } else if (c == '"' || c == '\'') {
            skip_quoted(&s);
        } else if (is_name(c)) {
            while (is_name(peek(&s, 0))) s.p++;
            if (is_field) {
                if (++chains[depth] > MAX_CHAIN) return s.line;
                continue;
            }
        } else {
            s.p++;
            if (c == '.' && peek(&s, 0) != '.') {
                after_dot = true;
                continue;
            }
            if (c == '[' || c == '(' || c == '{') {
                if (depth + 1 < MAX_NESTED) chains[++depth] = 0;
                if (c == '[') continue;  // what it is an index of goes on after it
                if (depth > 0) chains[depth - 1] = 0;
                continue;
            }
            if ((c == ']' || c == ')' || c == '}') && depth > 0) {
                depth--;
                if (c == ']' && ++chains[depth] > MAX_CHAIN) return s.line;
                continue;
            }
        }
        chains[depth] = 0;
    }
    return 0;
}

bool perilune_lua_check_source(lua_State *L, const char *text, size_t length, const char *chunk_name) {
    int line = long_chain(text, length);
    if (line == 0) return true;
    const char *name = *chunk_name == '@' || *chunk_name == '=' ? chunk_name + 1 : "chunk";
    lua_pushfstring(L, "%s:%d: more than %d fields and indices in a row", name, line, (int)MAX_CHAIN);
    return false;
}

// Lua patterns, matched by code that looks for the end of the script at every step: the library's matcher can take
// longer than the universe is old, and no hook reaches into it.
#ifndef PERILUNE_CLUABRIDGE_PATTERNS_H
#define PERILUNE_CLUABRIDGE_PATTERNS_H

#include "sandbox.h"

enum { MAX_CAPTURES = 32, MAX_DEPTH = 200, UNFINISHED = -1, POSITION = -2 };

typedef struct matcher {
    lua_State *L;
    const perilune_lua_context *context;
    const char *subject, *subject_end, *pattern_end;
    int level;
    int depth;
    unsigned steps;
    struct {
        const char *start;
        ptrdiff_t length;
    } captures[MAX_CAPTURES];
} matcher;

void perilune_lua_matcher_init(
    matcher *m, lua_State *L, const char *subject, size_t length, const char *pattern, size_t pattern_length);
/// The end of the match of `p` at `s`, or NULL. Captures are in the matcher.
const char *perilune_lua_match(matcher *m, const char *s, const char *p);

#endif

#include "patterns.h"

#include <ctype.h>
#include <string.h>

void perilune_lua_matcher_init(
    matcher *m, lua_State *L, const char *subject, size_t length, const char *pattern, size_t pattern_length) {
    m->L = L;
    m->context = context_of(L);
    m->subject = subject;
    m->subject_end = subject + length;
    m->pattern_end = pattern + pattern_length;
    m->level = 0;
    m->depth = MAX_DEPTH;
    m->steps = 0;
}

static inline void count_step(matcher *m) { check_stop_at(m->L, m->context, ++m->steps); }

static inline int byte_at(const char *p) { return (unsigned char)*p; }

/// The end of the single-character item that begins at `p`.
static const char *item_end(const matcher *m, const char *p) {
    int c = *p++;
    if (c == '%') {
        if (p == m->pattern_end) luaL_error(m->L, "malformed pattern (ends with '%%')");
        return p + 1;
    }
    if (c != '[') return p;
    if (p < m->pattern_end && *p == '^') p++;
    // A bracket in the first place is a member of the set.
    do {
        if (p == m->pattern_end) luaL_error(m->L, "malformed pattern (missing ']')");
        if (*p++ == '%' && p < m->pattern_end) p++;
    } while (p == m->pattern_end || *p != ']');
    return p + 1;
}

static bool is_in_class(int c, int class) {
    bool found;
    switch (tolower(class)) {
    case 'a': found = isalpha(c); break;
    case 'c': found = iscntrl(c); break;
    case 'd': found = isdigit(c); break;
    case 'g': found = isgraph(c); break;
    case 'l': found = islower(c); break;
    case 'p': found = ispunct(c); break;
    case 's': found = isspace(c); break;
    case 'u': found = isupper(c); break;
    case 'w': found = isalnum(c); break;
    case 'x': found = isxdigit(c); break;
    default: return class == c;
    }
    return isupper(class) ? !found : found;
}

/// Whether `c` is in the set whose brackets are at `p` and `last`.
static bool is_in_set(int c, const char *p, const char *last) {
    bool answer = true;
    if (p[1] == '^') {
        answer = false;
        p++;
    }
    while (++p < last) {
        if (*p == '%') {
            p++;
            if (is_in_class(c, byte_at(p))) return answer;
        } else if (p[1] == '-' && p + 2 < last) {
            p += 2;
            if (byte_at(p - 2) <= c && c <= byte_at(p)) return answer;
        } else if (byte_at(p) == c) {
            return answer;
        }
    }
    return !answer;
}

/// Whether the item from `p` to `end` matches the character at `s`.
static bool matches_one(const matcher *m, const char *s, const char *p, const char *end) {
    if (s >= m->subject_end) return false;
    switch (*p) {
    case '.': return true;
    case '%': return is_in_class(byte_at(s), byte_at(p + 1));
    case '[': return is_in_set(byte_at(s), p, end - 1);
    default: return byte_at(p) == byte_at(s);
    }
}

static const char *match_balance(matcher *m, const char *s, const char *p) {
    if (p >= m->pattern_end - 1) luaL_error(m->L, "malformed pattern (missing arguments to '%%b')");
    if (s >= m->subject_end || *s != *p) return NULL;
    int open = *p, close = p[1], nested = 1;
    while (++s < m->subject_end) {
        count_step(m);
        if (*s == close) {
            if (--nested == 0) return s + 1;
        } else if (*s == open) {
            nested++;
        }
    }
    return NULL;
}

static const char *match_greedy(matcher *m, const char *s, const char *p, const char *end) {
    ptrdiff_t count = 0;
    for (; matches_one(m, s + count, p, end); count++) count_step(m);
    for (; count >= 0; count--) {
        count_step(m);
        const char *result = perilune_lua_match(m, s + count, end + 1);
        if (result != NULL) return result;
    }
    return NULL;
}

static const char *match_lazy(matcher *m, const char *s, const char *p, const char *end) {
    for (;; s++) {
        count_step(m);
        const char *result = perilune_lua_match(m, s, end + 1);
        if (result != NULL) return result;
        if (!matches_one(m, s, p, end)) return NULL;
    }
}

static const char *begin_capture(matcher *m, const char *s, const char *p, ptrdiff_t length) {
    if (m->level >= MAX_CAPTURES) luaL_error(m->L, "too many captures");
    m->captures[m->level].start = s;
    m->captures[m->level].length = length;
    m->level++;
    const char *result = perilune_lua_match(m, s, p);
    if (result == NULL) m->level--;
    return result;
}

static const char *end_capture(matcher *m, const char *s, const char *p) {
    int level = m->level - 1;
    while (level >= 0 && m->captures[level].length != UNFINISHED) level--;
    if (level < 0) luaL_error(m->L, "invalid pattern capture");
    m->captures[level].length = s - m->captures[level].start;
    const char *result = perilune_lua_match(m, s, p);
    if (result == NULL) m->captures[level].length = UNFINISHED;
    return result;
}

/// The end of another copy, at `s`, of what the capture holds.
static const char *match_capture(matcher *m, const char *s, int digit) {
    int level = digit - '1';
    if (level < 0 || level >= m->level || m->captures[level].length == UNFINISHED)
        luaL_error(m->L, "invalid capture index %%%d", level + 1);
    ptrdiff_t length = m->captures[level].length;
    // One that holds a position is as long as no text.
    if (length < 0 || m->subject_end - s < length) return NULL;
    return memcmp(m->captures[level].start, s, (size_t)length) == 0 ? s + length : NULL;
}

/// Whether `%f[set]`, whose set begins at `p`, is at `s`: the set begins to hold there.
static bool is_frontier(const matcher *m, const char *s, const char *p, const char *end) {
    int before = s == m->subject ? 0 : byte_at(s - 1);
    int after = s == m->subject_end ? 0 : byte_at(s);
    return !is_in_set(before, p, end - 1) && is_in_set(after, p, end - 1);
}

static const char *match_here(matcher *m, const char *s, const char *p) {
    while (p != m->pattern_end) {
        count_step(m);
        switch (*p) {
        case '(':
            if (p + 1 < m->pattern_end && p[1] == ')') return begin_capture(m, s, p + 2, POSITION);
            return begin_capture(m, s, p + 1, UNFINISHED);
        case ')': return end_capture(m, s, p + 1);
        case '$':
            if (p + 1 == m->pattern_end) return s == m->subject_end ? s : NULL;
            break;
        case '%':
            if (p + 1 == m->pattern_end) break;
            if (p[1] == 'b') {
                s = match_balance(m, s, p + 2);
                if (s == NULL) return NULL;
                p += 4;
                continue;
            }
            if (p[1] == 'f') {
                p += 2;
                if (p == m->pattern_end || *p != '[') luaL_error(m->L, "missing '[' after '%%f' in pattern");
                const char *end = item_end(m, p);
                if (!is_frontier(m, s, p, end)) return NULL;
                p = end;
                continue;
            }
            if (isdigit(byte_at(p + 1))) {
                s = match_capture(m, s, byte_at(p + 1));
                if (s == NULL) return NULL;
                p += 2;
                continue;
            }
            break;
        default: break;
        }
        const char *end = item_end(m, p);
        int suffix = end < m->pattern_end ? *end : '\0';
        switch (suffix) {
        case '*': return match_greedy(m, s, p, end);
        case '-': return match_lazy(m, s, p, end);
        case '+': return matches_one(m, s, p, end) ? match_greedy(m, s + 1, p, end) : NULL;
        case '?':
            if (matches_one(m, s, p, end)) {
                const char *result = perilune_lua_match(m, s + 1, end + 1);
                if (result != NULL) return result;
            }
            p = end + 1;
            continue;
        default:
            if (!matches_one(m, s, p, end)) return NULL;
            s++;
            p = end;
        }
    }
    return s;
}

const char *perilune_lua_match(matcher *m, const char *s, const char *p) {
    if (m->depth-- == 0) luaL_error(m->L, "pattern too complex");
    const char *result = match_here(m, s, p);
    m->depth++;
    return result;
}

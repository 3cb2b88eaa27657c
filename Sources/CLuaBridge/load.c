// Loading chunks. Text only: precompiled code has no verifier and could corrupt memory.
#include "sandbox.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The parser runs no hook, and there are texts of a few hundred kilobytes that it takes minutes for: it goes through
// the list of all open jumps for each new one. So it gets the text in pieces that are small enough.
enum { PIECE = 256 };

typedef struct source {
    const char *text, *name;
    size_t left;
    int status;
} source;

static const char *next_piece(lua_State *L, void *data, size_t *length) {
    source *source = data;
    check_stop(L, context_of(L));
    const char *piece = source->text;
    *length = source->left < PIECE ? source->left : PIECE;
    source->text += *length;
    source->left -= *length;
    return piece;
}

int perilune_lua_parse(lua_State *L, const char *text, size_t length, const char *chunk_name) {
    source source = {text, chunk_name, length, LUA_OK};
    return lua_load(L, next_piece, &source, chunk_name, "t");
}

static int load_text(lua_State *L) {
    source *source = lua_touserdata(L, 1);
    source->status = perilune_lua_parse(L, source->text, source->left, source->name);
    perilune_lua_check_caught(L, source->status);
    return 1;
}

int perilune_lua_load_text(lua_State *L, const char *text, size_t length, const char *chunk_name) {
    perilune_lua_context *context = context_of(L);
    lua_checkstack(L, LUA_MINSTACK);
    context->ended = PERILUNE_LUA_GOES_ON;
    if (context->strict && !perilune_lua_check_source(L, text, length, chunk_name)) return LUA_ERRSYNTAX;
    source source = {text, chunk_name, length, LUA_OK};
    lua_pushlightuserdata(L, &source);
    int status = perilune_lua_protect(L, load_text, 1, 1);
    return status == LUA_OK ? source.status : status;
}

/// Reads a file into memory of our own, or standard input where `path` is NULL. NULL with `errno` where that fails.
static char *read_file(const char *path, size_t *length) {
    enum { MAX_FILE = 1 << 24 };
    FILE *file = path == NULL ? stdin : fopen(path, "rb");
    if (file == NULL) return NULL;
    char *text = malloc(MAX_FILE);
    int failure = text == NULL ? ENOMEM : 0;
    if (text != NULL) {
        *length = fread(text, 1, MAX_FILE, file);
        if (ferror(file)) failure = errno != 0 ? errno : EIO;
        else if (*length == MAX_FILE) failure = EFBIG;
    }
    if (path != NULL) fclose(file);
    if (failure == 0) return text;
    free(text);
    errno = failure;
    return NULL;
}

/// The text without byte-order mark, and without what a first line with `#` says; its end stays, for the numbers.
static const char *without_head(const char *text, size_t *length) {
    const char *end = text + *length;
    if (*length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) text += 3;
    if (text < end && *text == '#') {
        while (text < end && *text != '\n') text++;
    }
    *length = (size_t)(end - text);
    return text;
}

/// In the strict environment a file is looked at before it is loaded, as every text is.
static int load_strict(lua_State *L, const char *path) {
    size_t length = 0;
    char *content = read_file(path, &length);
    const char *name = path == NULL ? "stdin" : path;
    if (content == NULL) {
        lua_pushfstring(L, "cannot open %s: %s", name, strerror(errno));
        return LUA_ERRFILE;
    }
    const char *text = without_head(content, &length);
    lua_pushfstring(L, "%s%s", path == NULL ? "=" : "@", name);
    int status = perilune_lua_load_text(L, text, length, lua_tostring(L, -1));
    lua_remove(L, -2);
    free(content);
    return status;
}

static int load_file(lua_State *L) {
    int *status = lua_touserdata(L, 1);
    const char *path = lua_touserdata(L, 2);
    *status = luaL_loadfilex(L, path, "t");
    return 1;
}

int perilune_lua_load_file(lua_State *L, const char *path) {
    if (context_of(L)->strict) return load_strict(L, path);
    int status = LUA_OK;
    lua_checkstack(L, LUA_MINSTACK);
    lua_pushlightuserdata(L, &status);
    lua_pushlightuserdata(L, (void *)path);
    int protected_status = perilune_lua_protect(L, load_file, 2, 1);
    if (status == LUA_ERRMEM) context_of(L)->ended = PERILUNE_LUA_MEMORY;
    return protected_status == LUA_OK ? status : protected_status;
}

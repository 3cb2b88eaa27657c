// What the files of the strict environment share. Each function adds to the table on top of the stack, which is the
// library's that the sandbox shows; the library as Lua has it is below.
#ifndef PERILUNE_CLUABRIDGE_SANDBOX_H
#define PERILUNE_CLUABRIDGE_SANDBOX_H

#include "internal.h"

/// load, require, collectgarbage (sandbox_base.c).
void perilune_lua_add_base(lua_State *L);
/// setmetatable, getmetatable (sandbox_metatables.c).
void perilune_lua_add_metatables(lua_State *L);
/// tostring, print (sandbox_text.c).
void perilune_lua_add_text(lua_State *L);
/// insert, move, remove, sort (sandbox_tables.c).
void perilune_lua_add_tables(lua_State *L);
/// rep, format, find, match, gmatch, gsub (sandbox_strings.c, patterns.c).
void perilune_lua_add_strings(lua_State *L);
void perilune_lua_add_patterns(lua_State *L);
/// randomseed (sandbox_base.c).
void perilune_lua_add_random(lua_State *L);
/// os.date (sandbox_base.c).
void perilune_lua_add_date(lua_State *L);
/// utf8.codes (sandbox_base.c).
void perilune_lua_add_codes(lua_State *L);

/// Pushes what `tostring` gives: as luaL_tolstring, with a number that stands for the address.
const char *perilune_lua_text(lua_State *L, int index, size_t *length);
/// Whether the chunk can be loaded with no harm. False pushes a message: Lua 5.4.4 overflows the C stack when it names
/// what a very long chain `a.b.c…` failed on.
bool perilune_lua_check_source(lua_State *L, const char *text, size_t length, const char *chunk_name);
/// As luaL_loadbufferx for text, and ends where the script has to (load.c).
int perilune_lua_parse(lua_State *L, const char *text, size_t length, const char *chunk_name);

/// For loops of C over what a script gives: looks for an end once in a while.
static inline void check_stop_at(lua_State *L, const perilune_lua_context *context, lua_Unsigned step) {
    if ((step & 255) == 0) check_stop(L, context);
}

#endif

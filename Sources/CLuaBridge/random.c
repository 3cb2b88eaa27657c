// Where math.random is in its sequence, so that a checkpoint can keep it.
//
// The library keeps its generator (xoshiro256**, four integers) in a userdata that is the upvalue of its functions. It
// is noted when the library is opened, before any script can replace the functions.
#include "internal.h"

#include <string.h>

/// Its address is the key of the registry entry that keeps the userdata alive.
static const char random_key = 0;

void perilune_lua_note_random(lua_State *L) {
    perilune_lua_context *context = context_of(L);
    if (lua_getupvalue(L, -1, 1) == NULL) return;
    void *words = lua_touserdata(L, -1);
    // A library that keeps something else there is left alone.
    if (words != NULL && lua_rawlen(L, -1) == sizeof(uint64_t[PERILUNE_LUA_RANDOM_WORDS])) {
        lua_pushvalue(L, -1);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &random_key);
        context->random = words;
    }
    lua_pop(L, 1);
}

bool perilune_lua_get_random(const perilune_lua_context *context, uint64_t *words) {
    if (context->random == NULL) return false;
    memcpy(words, context->random, sizeof(uint64_t[PERILUNE_LUA_RANDOM_WORDS]));
    return true;
}

bool perilune_lua_set_random(perilune_lua_context *context, const uint64_t *words) {
    uint64_t bits = 0;
    for (int i = 0; i < PERILUNE_LUA_RANDOM_WORDS; i++) bits |= words[i];
    if (context->random == NULL || bits == 0) return false;  // from zeros alone nothing but zeros would come
    memcpy(context->random, words, sizeof(uint64_t[PERILUNE_LUA_RANDOM_WORDS]));
    return true;
}

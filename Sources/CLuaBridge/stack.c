// The limit of the Lua stack in the strict environment.
//
// Lua itself allows a million values. So many make loops of C long that no hook reaches: where `__call` is no function
// but a table with a `__call`, each one in the chain moves all values of the call up by one, which takes the square of
// the stack; and after an error each variable that is to be closed takes its time. Where a stack has grown past the
// limit the script gets the error "stack overflow" before its next instruction. What does not come to one, a chain,
// gets no larger stack.
//
// Lua does not report that its stack grows. It does so by moving to a new block, and where a thread keeps the address
// of its stack is found out by making one grow.
#include "internal.h"

#include <string.h>

// What a value takes, and a stack of as many as are allowed.
enum { VALUE_SIZE = 16, MAX_SIZE = PERILUNE_LUA_STACK_VALUES * VALUE_SIZE };

static const void *stack_of(const perilune_lua_context *context, lua_State *L) {
    const void *stack;
    memcpy(&stack, (const char *)L + context->stack_offset, sizeof stack);
    return stack;
}

/// Finds the place in the thread that holds the address of the block that was made last.
static size_t find_newest(const perilune_lua_context *context, lua_State *L) {
    enum { FIRST = 16, END = 160 };  // within the fields of a thread, of which there are more in the main one
    for (size_t offset = FIRST; offset < END; offset += sizeof(void *)) {
        const void *found;
        memcpy(&found, (const char *)L + offset, sizeof found);
        if (found == context->newest_block) return offset;
    }
    return 0;
}

void perilune_lua_limit_stack(lua_State *L) {
    perilune_lua_context *context = context_of(L);
    if (L != context->main) return;
    lua_gc(L, LUA_GCSTOP);  // nothing else is made meanwhile
    size_t offset = 0;
    bool is_sure = true;
    for (int size = 256; size <= 1024; size *= 2) {
        context->newest_block = NULL;
        lua_checkstack(L, size);
        size_t found = context->newest_block == NULL ? 0 : find_newest(context, L);
        is_sure = is_sure && found != 0 && (offset == 0 || offset == found);
        offset = found;
    }
    lua_gc(L, LUA_GCRESTART);
    context->stack_offset = is_sure ? offset : 0;
}

/// Runs before the script's next instruction.
static void overflow(lua_State *L, lua_Debug *frame) {
    (void)frame;
    perilune_lua_context *context = context_of(L);
    bool overflows = context->overflows;
    context->overflows = false;
    lua_sethook(L, NULL, 0, 0);
    if (stop_of(context) != PERILUNE_LUA_GOES_ON) {  // told while this hook was in its way
        perilune_lua_set_hook(L, true);
        perilune_lua_raise_stop(L);
    }
    // Else it is left over in a coroutine of a script that has ended.
    if (overflows) luaL_error(L, "stack overflow (more than %d values)", (int)PERILUNE_LUA_STACK_VALUES);
}

bool perilune_lua_refuses_block(perilune_lua_context *context, size_t size) {
    lua_State *L = context->running;
    if (context->full_stack == NULL || size <= context->full_size || !context->armed || L == NULL) return false;
    // One that is filled to the last value has no room for the hook yet.
    if (context->full_by_one_call || stack_of(context, L) != context->full_stack) return false;
    context->stack_refused = true;
    return true;
}

void perilune_lua_note_freed(perilune_lua_context *context, const void *block, size_t size) {
    if (block == context->full_stack) context->full_stack = NULL;
    bool has_grown = context->newest_size > size && (size >= MAX_SIZE || context->newest_size > 2 * MAX_SIZE);
    lua_State *L = context->running;
    if (!has_grown || !context->armed || L == NULL || stack_of(context, L) != block) return;
    context->full_stack = context->newest_block;
    context->full_size = context->newest_size;
    // Lua takes twice the size, or what a function of C asks for that gives many results.
    context->full_by_one_call = context->newest_size > 2 * size;
    if (stop_of(context) != PERILUNE_LUA_GOES_ON || lua_gethook(L) != NULL) return;
    context->overflows = true;
    lua_sethook(L, overflow, LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1);
}

// What the files of the bridge share.
#ifndef PERILUNE_CLUABRIDGE_INTERNAL_H
#define PERILUNE_CLUABRIDGE_INTERNAL_H

#include "CLuaBridge.h"

/// The context, with no call: one pointer below the state (a coroutine's copy is made from the main thread's).
static inline perilune_lua_context *context_of(lua_State *L) {
    return *(perilune_lua_context **)lua_getextraspace(L);
}

/// Inserts the C function below the top `nargs` values and calls it protected.
int perilune_lua_protect(lua_State *L, lua_CFunction function, int nargs, int nresults);
/// The message handler: notes script, line and trace in the context and leaves the error value alone.
int perilune_lua_handle_error(lua_State *L);
/// Notes script, line, place and trace of where `L` is, for errors that reach no message handler. Allocates nothing.
void perilune_lua_note_position(lua_State *L, perilune_lua_context *context);
/// Gives back the object in a block of `box_block_size` that is being freed, where there is one in it still.
void perilune_lua_release_freed(perilune_lua_context *context, void *block);
/// Prepares a new state for host functions and objects (runs protected).
void perilune_lua_prepare_host(lua_State *L);

/// Notes where the library's math.random, the function on top of the stack, keeps its numbers. May raise (random.c).
void perilune_lua_note_random(lua_State *L);

// MARK: The limit of the stack (stack.c)

/// Limits the stacks of this state, in the strict environment.
void perilune_lua_limit_stack(lua_State *L);
/// Whether a block of that size, which is not for an object, may not be had: a stack that is full already would move
/// there.
bool perilune_lua_refuses_block(perilune_lua_context *context, size_t size);
/// Says that `block` is about to be freed. A stack grows by moving to the block that was made last.
void perilune_lua_note_freed(perilune_lua_context *context, const void *block, size_t size);

// MARK: Stopping (stop.c)

/// Why the script has to end, if it has to.
static inline perilune_lua_stop stop_of(const perilune_lua_context *context) {
    return context->stop ? (perilune_lua_stop)context->stop
           : context->interrupted ? PERILUNE_LUA_INTERRUPTED
                                  : PERILUNE_LUA_GOES_ON;
}

/// Raises the error of a script that has to end.
int perilune_lua_raise_stop(lua_State *L);
/// For loops of C, which no hook reaches: raises where the script has to end.
static inline void check_stop(lua_State *L, const perilune_lua_context *context) {
    if (context->stop || context->interrupted) perilune_lua_raise_stop(L);
}
/// Sets the hook that raises, or takes it off.
void perilune_lua_set_hook(lua_State *L, bool stops);
/// For C that a script had catch an error: an end that has to come is not caught, and neither is a lack of memory.
void perilune_lua_check_caught(lua_State *L, int status);
// MARK: Units (clock.c)

struct perilune_lua_unit {
    perilune_lua_context *context;
    /// The unit around it, of the same state; and of any limited state on the same thread.
    perilune_lua_unit *outer, *outer_on_thread;
    /// Ticks of the thread's clock that it has run for, and how many are too many; 0: no limit.
    unsigned ticks, limit;
    /// Ticks since the host noted that the script is to stop.
    unsigned patience;
    volatile bool paused;
    perilune_lua_entry entry;
    /// What the unit around it was stopped for.
    sig_atomic_t outer_stop;
    bool outer_noted;
};

/// Starts the clock of a unit. Returns 0 or an `errno`.
int perilune_lua_begin_unit(perilune_lua_unit *unit, perilune_lua_context *context, perilune_lua_entry entry);
void perilune_lua_end_unit(perilune_lua_unit *unit);

// MARK: Libraries. Each adds its functions to the table on top of the stack.

/// resume, wrap and close, which know the coroutine that runs (coroutine.c).
void perilune_lua_add_coroutines(lua_State *L);
/// pcall and xpcall, which catch no end that has to come (catching.c).
void perilune_lua_add_catching(lua_State *L);
/// print, which begins on a line of its own (printing.c).
void perilune_lua_add_print(lua_State *L);
/// Waits until standard output takes something; raises where the script has to end before that (printing.c).
void perilune_lua_await_output(lua_State *L);
/// Writes to standard output behind what the host has written there; raises where the script has to end before that is
/// done (printing.c).
void perilune_lua_write(lua_State *L, const char *text, size_t length);

/// Prepares the argument of a conversion, or raises where it does not suit; '\0' where the text ends within one.
typedef void perilune_lua_prepare(lua_State *L, int argument, char conversion);
/// The body of a `string.format` that has the library's as its upvalue: calls that once the arguments are prepared
/// (format.c).
int perilune_lua_format(lua_State *L, perilune_lua_prepare *prepare);

#endif

// Making a script end, wherever it is and whatever it catches.
#include "internal.h"

#include <stdio.h>

/// Runs between two instructions of the script. It stays and raises again and again until the unit has ended: a script
/// that catches every error must not live on.
static void stop_hook(lua_State *L, lua_Debug *frame) {
    (void)frame;
    if (stop_of(context_of(L)) == PERILUNE_LUA_GOES_ON) {
        perilune_lua_set_hook(L, false);  // left over in a coroutine that was not run since
        return;
    }
    perilune_lua_raise_stop(L);
}

void perilune_lua_set_hook(lua_State *L, bool stops) {
    // lua_sethook is made to be called from signal handlers; the lua program does the same.
    if (stops) lua_sethook(L, stop_hook, LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1);
    else if (lua_gethook(L) == stop_hook) lua_sethook(L, NULL, 0, 0);
}

void perilune_lua_describe_stop(
    const perilune_lua_context *context, perilune_lua_stop reason, char *buffer, size_t size) {
    switch (reason) {
    case PERILUNE_LUA_GOES_ON:
    case PERILUNE_LUA_INTERRUPTED: snprintf(buffer, size, "%sinterrupted", context->place); break;
    case PERILUNE_LUA_TIME_LIMIT:
        snprintf(
            buffer, size, "%sthe %stime limit of %.6g s is over", context->place,
            context->total_is_over ? "total " : "",
            (double)(context->total_is_over ? context->total_limit : context->time_limit) * 1e-9);
        break;
    case PERILUNE_LUA_MEMORY:
        if (context->stack_refused)
            snprintf(
                buffer, size, "%sstack overflow (more than %d values)", context->place, (int)PERILUNE_LUA_STACK_VALUES);
        else if (context->limit == 0) snprintf(buffer, size, "%snot enough memory", context->place);
        else
            snprintf(
                buffer, size, "%snot enough memory: the limit is %.6g MiB", context->place,
                (double)context->limit / 0x1p20);
        break;
    }
}

static void note_stop(lua_State *L, perilune_lua_context *context) {
    if (context->stop_noted) return;
    perilune_lua_note_position(L, context);
    context->stop_noted = true;
}

void perilune_lua_note_stop(perilune_lua_context *context) {
    if (context->running != NULL) note_stop(context->running, context);
}

int perilune_lua_raise_stop(lua_State *L) {
    perilune_lua_context *context = context_of(L);
    note_stop(L, context);
    char message[PERILUNE_LUA_MESSAGE_SIZE];
    perilune_lua_describe_stop(context, stop_of(context), message, sizeof message);
    luaL_checkstack(L, 4, NULL);
    lua_pushstring(L, message);
    return lua_error(L);
}

void perilune_lua_check_caught(lua_State *L, int status) {
    perilune_lua_context *context = context_of(L);
    if (status == LUA_ERRMEM && stop_of(context) == PERILUNE_LUA_GOES_ON) {
        perilune_lua_stop_unit(context, PERILUNE_LUA_MEMORY);
        context->stop_noted = true;  // the allocator did
    }
    check_stop(L, context);
}

void perilune_lua_stop_unit(perilune_lua_context *context, perilune_lua_stop reason) {
    if (context->unit == NULL) return;  // the host works on its own account
    if (context->stop == PERILUNE_LUA_GOES_ON) context->stop = reason;
    lua_State *L = context->running;
    if (L != NULL) perilune_lua_set_hook(L, true);
}

void perilune_lua_interrupt(perilune_lua_context *context) {
    context->interrupted = 1;
    lua_State *L = context->running;
    perilune_lua_set_hook(L != NULL ? L : context->main, true);
}

/// The instructions that the script was left are used up.
static void run_out(lua_State *L, lua_Debug *frame) {
    perilune_lua_interrupt(context_of(L));
    stop_hook(L, frame);
}

void perilune_lua_interrupt_after(perilune_lua_context *context, int instructions) {
    lua_State *L = context->running;
    lua_sethook(L != NULL ? L : context->main, run_out, LUA_MASKCOUNT, instructions);
}

void perilune_lua_end_interrupt(perilune_lua_context *context) {
    context->interrupted = 0;
    lua_State *L = context->running != NULL ? context->running : context->main;
    lua_Hook hook = lua_gethook(L);
    if (hook == run_out || (hook == stop_hook && context->stop == PERILUNE_LUA_GOES_ON)) lua_sethook(L, NULL, 0, 0);
}

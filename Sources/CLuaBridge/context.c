// Opening and closing a state, its allocator, and what happens when all else fails.
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>

/// Has the collector begin its cycles early while the limit is near: by default it waits until memory has doubled,
/// which the limit would not let it see.
static void set_pause(perilune_lua_context *context) {
    enum { USUAL_PAUSE = 200, SHORT_PAUSE = 120 };
    bool is_near = context->used + context->outside > context->limit / 5 * 2;
    if (is_near == context->is_near_limit || context->running == NULL) return;
    context->is_near_limit = is_near;
    lua_gc(context->running, LUA_GCSETPAUSE, is_near ? SHORT_PAUSE : USUAL_PAUSE);
}

/// Whether a growth by `bytes` stays within the limit.
static bool fits(perilune_lua_context *context, size_t bytes) {
    if (context->limit == 0) return true;
    size_t used = context->used + context->outside;
    if (used > context->limit || bytes > context->limit - used) {
        context->limit_hit = true;
        return false;
    }
    set_pause(context);
    return true;
}

/// Notes where the script is: no message handler is told of a lack of memory. The collector may save it yet, and then
/// the note is not looked at.
static void *refuse(perilune_lua_context *context) {
    if (context->running != NULL && !context->stop_noted) perilune_lua_note_position(context->running, context);
    return NULL;
}

/// Whether the failure sweep wants this allocation refused.
static bool must_fail(perilune_lua_context *context) {
    if (context->fail_countdown == 0 || --context->fail_countdown > 0) return false;
    context->failures++;
    if (context->fail_times > 1) {
        context->fail_times--;
        context->fail_countdown = 1;  // the next one too
    }
    return true;
}

/// Counts bytes, and refuses to grow past the limit while armed. Never fails when shrinking: Lua relies on it.
static void *allocate(void *data, void *block, size_t old_size, size_t new_size) {
    perilune_lua_context *context = data;
    bool is_userdata = block == NULL && old_size == LUA_TUSERDATA;
    bool is_no_object = block == NULL && old_size == LUA_TNIL;
    if (block == NULL) old_size = 0;  // then it tells the kind of object
    if (new_size == 0) {
        if (block != NULL && old_size == context->box_block_size) perilune_lua_release_freed(context, block);
        if (block != NULL && context->stack_offset != 0) perilune_lua_note_freed(context, block, old_size);
        free(block);
        context->used -= old_size;
        return NULL;
    }
    if (new_size > old_size) {
        context->allocations++;
        if (context->armed) {
            if (must_fail(context)) return refuse(context);
            if (is_no_object && perilune_lua_refuses_block(context, new_size)) return refuse(context);
            if (!fits(context, new_size - old_size)) return refuse(context);
        }
    }
    void *moved = realloc(block, new_size);
    if (moved == NULL) {
        if (new_size <= old_size) {
            moved = block;
        } else if (context->armed) {
            return refuse(context);
        } else {
            // Raising here would jump over Swift frames.
            fputs("perilune: out of memory\n", stderr);
            abort();
        }
    }
    if (is_userdata) context->newest_userdata = moved;
    if (is_no_object) {
        context->newest_block = moved;
        context->newest_size = new_size;
    }
    context->used += new_size - old_size;
    return moved;
}

/// An error with no protected call around it: a fault of the bridge. There is no frame to go back to.
static int panic(lua_State *L) {
    const char *message = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "error object is not a string";
    fprintf(stderr, "perilune: unprotected Lua error: %s\n", message);
    abort();
}

/// Warnings (`warn`, errors in finalizers) go to standard error. "@on" and "@off" switch them, as in the lua program.
static void warn_off(void *data, const char *message, int to_be_continued);
static void warn_on(void *data, const char *message, int to_be_continued);
static void warn_continue(void *data, const char *message, int to_be_continued);

static bool warn_control(lua_State *L, const char *message, int to_be_continued) {
    if (to_be_continued || *message != '@') return false;
    if (message[1] == 'o' && message[2] == 'f') lua_setwarnf(L, warn_off, L);
    if (message[1] == 'o' && message[2] == 'n') lua_setwarnf(L, warn_on, L);
    return true;
}

static void warn_off(void *data, const char *message, int to_be_continued) {
    warn_control(data, message, to_be_continued);
}

static void warn_continue(void *data, const char *message, int to_be_continued) {
    fputs(message, stderr);
    if (to_be_continued) {
        lua_setwarnf(data, warn_continue, data);
    } else {
        fputc('\n', stderr);
        lua_setwarnf(data, warn_on, data);
    }
}

static void warn_on(void *data, const char *message, int to_be_continued) {
    if (warn_control(data, message, to_be_continued)) return;
    fputs("Lua warning: ", stderr);
    warn_continue(data, message, to_be_continued);
}

/// Its address is the key of a registry entry.
static const char error_text_key = 0;

static int prepare(lua_State *L) {
    perilune_lua_prepare_host(L);
    // Lua makes this string where an error handler fails, outside of any protection where the outermost one does. Kept
    // alive here it is found there, and needs no memory.
    lua_pushliteral(L, "error in error handling");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &error_text_key);
    return 0;
}

perilune_lua_context *perilune_lua_open(void *host, perilune_lua_callbacks callbacks) {
    return perilune_lua_open_failing(host, callbacks, 0, 0);
}

perilune_lua_context *perilune_lua_open_failing(
    void *host, perilune_lua_callbacks callbacks, uint64_t fail_countdown, uint64_t fail_times) {
    perilune_lua_context *context = calloc(1, sizeof *context);
    if (context == NULL) return NULL;
    context->fail_countdown = fail_countdown;
    context->fail_times = fail_times;
    context->host = host;
    context->callbacks = callbacks;
    context->armed = true;  // lua_newstate answers a refusal with NULL
    context->main = lua_newstate(allocate, context);
    context->armed = false;
    if (context->main == NULL) {
        free(context);
        return NULL;
    }
    // Before any coroutine is made: a coroutine copies the pointer.
    *(perilune_lua_context **)lua_getextraspace(context->main) = context;
    lua_atpanic(context->main, panic);
    lua_setwarnf(context->main, warn_on, context->main);
    lua_pushcfunction(context->main, prepare);
    if (perilune_lua_call(context->main, 0, 0) != LUA_OK) {
        perilune_lua_close(context);
        return NULL;
    }
    return context;
}

void perilune_lua_close(perilune_lua_context *context) {
    perilune_lua_limit_time(context, 0);
    perilune_lua_limit_total_time(context, 0);
    lua_close(context->main);
    free(context);
}

const char *perilune_lua_script(const perilune_lua_context *context) { return context->script; }
const char *perilune_lua_trace(const perilune_lua_context *context) { return context->trace; }

bool perilune_lua_charge(perilune_lua_context *context, size_t bytes) {
    if (!fits(context, bytes)) return false;
    context->outside += bytes;
    return true;
}

bool perilune_lua_has_room(const perilune_lua_context *context, size_t bytes) {
    size_t used = context->used + context->outside;
    return context->limit == 0 || (used <= context->limit && bytes <= context->limit - used);
}

void perilune_lua_discharge(perilune_lua_context *context, size_t bytes) { context->outside -= bytes; }

bool perilune_lua_is_over_limit(const perilune_lua_context *context) {
    return context->limit != 0 && context->running != NULL && context->used + context->outside > context->limit;
}

static int open_libraries(lua_State *L) {
    luaL_openlibs(L);
    lua_pushglobaltable(L);
    perilune_lua_add_catching(L);
    perilune_lua_add_print(L);
    lua_getfield(L, -1, LUA_COLIBNAME);
    perilune_lua_add_coroutines(L);
    lua_getfield(L, -2, LUA_MATHLIBNAME);
    lua_getfield(L, -1, "random");
    perilune_lua_note_random(L);
    return 0;
}

int perilune_lua_open_libraries(lua_State *L) { return perilune_lua_protect(L, open_libraries, 0, 0); }

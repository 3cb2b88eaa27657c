// print of the standard libraries, which begins on a line of its own, and writing that a reader who does not read
// cannot make outlast a limit.
#define _GNU_SOURCE  // PIPE_BUF
#include "internal.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

/// Lua's print, the upvalue, takes its arguments from the stack as they are.
static int print(lua_State *L) {
    perilune_lua_await_output(L);
    const perilune_lua_context *context = context_of(L);
    context->callbacks.begin_line(context->host);
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

void perilune_lua_await_output(lua_State *L) {
    enum { WAIT_MILLISECONDS = 20 };
    const perilune_lua_context *context = context_of(L);
    struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};
    // Where waiting makes no sense, a closed stream or a file, poll returns at once.
    while (poll(&output, 1, WAIT_MILLISECONDS) <= 0) check_stop(L, context);
}

void perilune_lua_write(lua_State *L, const char *text, size_t length) {
    // A pipe that can be written to has room for so much at least.
    enum { PIECE = PIPE_BUF };
    fflush(stdout);
    while (length > 0) {
        perilune_lua_await_output(L);
        ssize_t written = write(STDOUT_FILENO, text, length < PIECE ? length : PIECE);
        if (written < 0 && errno != EINTR && errno != EAGAIN) return;
        if (written < 0) continue;
        text += written;
        length -= (size_t)written;
    }
}

void perilune_lua_add_print(lua_State *L) {
    lua_getfield(L, -1, "print");
    lua_pushcclosure(L, print, 1);
    lua_setfield(L, -2, "print");
}

#define _GNU_SOURCE
#include "CEditBridge.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

/// Shows the prompt and waits for a line. False where a signal came first: until it waits signals are held back, so
/// that none is missed.
static bool wait_for_line(const char *prompt) {
    sigset_t held, before;
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    sigprocmask(SIG_BLOCK, &held, &before);
    fputs(prompt, stdout);
    fflush(stdout);
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    bool came = ppoll(&input, 1, NULL, &before) >= 0 || errno != EINTR;
    sigprocmask(SIG_SETMASK, &before, NULL);
    return came;
}

perilune_edit_result perilune_edit_read_plain(const char *prompt, char **text, size_t *length) {
    size_t capacity = 0;
    *text = NULL;
    *length = 0;
    // A terminal gives one line at a time, so none is left in C's buffer.
    if (prompt != NULL && !wait_for_line(prompt)) return PERILUNE_EDIT_INTERRUPTED;
    errno = 0;
    ssize_t count = getline(text, &capacity, stdin);
    if (count < 0) {
        bool wasInterrupted = errno == EINTR;
        clearerr(stdin);
        return wasInterrupted ? PERILUNE_EDIT_INTERRUPTED : PERILUNE_EDIT_END;
    }
    *length = (size_t)count;
    if (*length > 0 && (*text)[*length - 1] == '\n') --*length;
    return PERILUNE_EDIT_LINE;
}

#define _POSIX_C_SOURCE 200809L
#include "CEditBridge.h"

#include <errno.h>
#include <stdio.h>

perilune_edit_result perilune_edit_read_plain(char **text, size_t *length) {
    size_t capacity = 0;
    *text = NULL;
    *length = 0;
    errno = 0;
    ssize_t count = getline(text, &capacity, stdin);
    if (count < 0) {
        if (errno != EINTR) return PERILUNE_EDIT_END;
        clearerr(stdin);
        return PERILUNE_EDIT_INTERRUPTED;
    }
    *length = (size_t)count;
    if (*length > 0 && (*text)[*length - 1] == '\n') --*length;
    return PERILUNE_EDIT_LINE;
}

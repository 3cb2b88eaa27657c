// Line editing through libedit, as far as a prompt wants it. libedit is set up by variadic functions and calls back
// with its own types, neither of which Swift has: all of it stays behind this header.
#ifndef PERILUNE_CEDITBRIDGE_H
#define PERILUNE_CEDITBRIDGE_H

#include <stddef.h>

/// What Tab did.
typedef enum perilune_edit_action {
    /// Nothing to complete: the terminal beeps.
    PERILUNE_EDIT_NOTHING,
    /// The line was changed.
    PERILUNE_EDIT_CHANGED,
    /// Something was written below the line, which has to be drawn again.
    PERILUNE_EDIT_WROTE,
} perilune_edit_action;

/// How reading a line ended.
typedef enum perilune_edit_result {
    PERILUNE_EDIT_LINE,
    /// Ctrl-C, or a signal.
    PERILUNE_EDIT_INTERRUPTED,
    /// Ctrl-D in an empty line, or the terminal is gone.
    PERILUNE_EDIT_END,
} perilune_edit_result;

typedef struct perilune_edit perilune_edit;

/// Completes the line before the cursor, `length` bytes at `line`.
typedef perilune_edit_action (*perilune_edit_complete)(
    void *host, perilune_edit *edit, const char *line, size_t length);

/// An editor on standard input and output. NULL where libedit cannot work here.
perilune_edit *perilune_edit_open(const char *program, void *host, perilune_edit_complete complete, int history_size);
void perilune_edit_close(perilune_edit *edit);
/// Reads a line. `*line` is good until the next call, and holds `*length` bytes with no newline.
perilune_edit_result perilune_edit_read(perilune_edit *edit, const char *prompt, const char **line, size_t *length);
/// Adds a line to those that the arrow keys and Ctrl-R bring back.
void perilune_edit_remember(perilune_edit *edit, const char *line);
/// While completing: takes off `count` characters before the cursor and puts `text` there.
void perilune_edit_replace(perilune_edit *edit, int count, const char *text);

/// Reads a line of C's standard input with no editing. The text is the caller's to free; `*length` leaves out the
/// newline. A `prompt` says that a person sits at a terminal there: it is shown, and a signal that comes from then on
/// ends the reading.
perilune_edit_result perilune_edit_read_plain(const char *prompt, char **text, size_t *length);

#endif

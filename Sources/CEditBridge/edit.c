#define _DEFAULT_SOURCE
#include "CEditBridge.h"

#include <errno.h>
#include <histedit.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct perilune_edit {
    EditLine *editor;
    History *history;
    const char *prompt;
    void *host;
    perilune_edit_complete complete;
    bool interrupted;
    /// Whether the terminal tells what is pasted, and whether a paste is coming in.
    bool has_brackets;
    bool is_pasting;
};

static perilune_edit *edit_of(EditLine *editor) {
    void *edit = NULL;
    el_get(editor, EL_CLIENTDATA, &edit);
    return edit;
}

static char *prompt(EditLine *editor) { return (char *)edit_of(editor)->prompt; }

static unsigned char complete(EditLine *editor, int key) {
    (void)key;
    perilune_edit *edit = edit_of(editor);
    // Code that is pasted has tabs in it, and means them.
    if (edit->is_pasting) return el_insertstr(editor, "\t") == 0 ? CC_REFRESH : CC_ERROR;
    const LineInfo *line = el_line(editor);
    switch (edit->complete(edit->host, edit, line->buffer, (size_t)(line->cursor - line->buffer))) {
    case PERILUNE_EDIT_CHANGED: return CC_REFRESH;
    case PERILUNE_EDIT_WROTE: return CC_REDISPLAY;
    case PERILUNE_EDIT_NOTHING: break;
    }
    return CC_ERROR;
}

/// What the terminal cannot send, to call a function of this file by.
#define GIVE_UP "\033[99999~"

/// Ctrl-C: goes to the end of the line, so that `^C` does not stand in the middle of it, and gives it up there.
static unsigned char interrupt(EditLine *editor, int key) {
    (void)key;
    el_cursor(editor, INT_MAX / 2);
    el_push(editor, GIVE_UP);
    return CC_CURSOR;
}

static unsigned char give_up(EditLine *editor, int key) {
    (void)key;
    edit_of(editor)->interrupted = true;
    edit_of(editor)->is_pasting = false;
    fputs("^C\n", stdout);
    return CC_NEWLINE;
}

/// Asks the terminal to tell what is pasted, or no more.
static void use_brackets(const perilune_edit *edit, bool uses) {
    if (!edit->has_brackets) return;
    fputs(uses ? "\033[?2004h" : "\033[?2004l", stdout);
    fflush(stdout);
}

/// Ctrl-Z: stops the program as a shell expects. The shell has written something when it goes on.
static unsigned char suspend(EditLine *editor, int key) {
    (void)key;
    use_brackets(edit_of(editor), false);
    el_set(editor, EL_PREP_TERM, 0);
    kill(0, SIGTSTP);
    el_set(editor, EL_PREP_TERM, 1);
    use_brackets(edit_of(editor), true);
    el_set(editor, EL_REFRESH);
    return CC_NORM;
}

/// What a terminal puts before and after pasted text.
static unsigned char begin_paste(EditLine *editor, int key) {
    (void)key;
    edit_of(editor)->is_pasting = true;
    return CC_NORM;
}

static unsigned char end_paste(EditLine *editor, int key) {
    (void)key;
    edit_of(editor)->is_pasting = false;
    return CC_NORM;
}

/// Whether the terminal is one of today. Older ones would show the request.
static bool knows_brackets(void) {
    static const char *const old[] = {"vt", "linux", "ansi", "cons", "sun", "dumb"};
    const char *terminal = getenv("TERM");
    if (terminal == NULL) return false;
    for (size_t index = 0; index < sizeof old / sizeof *old; ++index) {
        if (strncmp(terminal, old[index], strlen(old[index])) == 0) return false;
    }
    return true;
}

/// libedit takes characters apart by the locale. Where the environment names none, or one without UTF-8, it would drop
/// what people type; C.UTF-8 is in every glibc of today. Numbers keep their point: only LC_CTYPE is set.
static void use_utf8(void) {
    if (setlocale(LC_CTYPE, "") == NULL || strcmp(nl_langinfo(CODESET), "UTF-8") != 0) setlocale(LC_CTYPE, "C.UTF-8");
}

static void bind_keys(EditLine *editor) {
    el_set(editor, EL_EDITOR, "emacs");
    el_source(editor, NULL);  // the user's ~/.editrc
    el_set(editor, EL_ADDFN, "perilune-complete", "Complete the word", complete);
    el_set(editor, EL_ADDFN, "perilune-interrupt", "Give the line up", interrupt);
    el_set(editor, EL_ADDFN, "perilune-suspend", "Stop the program", suspend);
    el_set(editor, EL_ADDFN, "perilune-give-up", "Give the line up from its end", give_up);
    el_set(editor, EL_ADDFN, "perilune-begin-paste", "Take what follows as it is", begin_paste);
    el_set(editor, EL_ADDFN, "perilune-end-paste", "Take keys as keys again", end_paste);
    el_set(editor, EL_BIND, "^I", "perilune-complete", NULL);
    // Ctrl-C comes as a character, so that it ends the line and not the process.
    el_set(editor, EL_SETTY, "-d", "-isig", NULL);
    el_set(editor, EL_BIND, "^C", "perilune-interrupt", NULL);
    el_set(editor, EL_BIND, GIVE_UP, "perilune-give-up", NULL);
    el_set(editor, EL_BIND, "^Z", "perilune-suspend", NULL);
    el_set(editor, EL_BIND, "^R", "em-inc-search-prev", NULL);
    el_set(editor, EL_BIND, "\033[200~", "perilune-begin-paste", NULL);
    el_set(editor, EL_BIND, "\033[201~", "perilune-end-paste", NULL);
    // Ctrl and an arrow move by words; Delete, Home and End, as most terminals send them.
    el_set(editor, EL_BIND, "\033[1;5C", "em-next-word", NULL);
    el_set(editor, EL_BIND, "\033[1;5D", "ed-prev-word", NULL);
    el_set(editor, EL_BIND, "\033[3~", "ed-delete-next-char", NULL);
    el_set(editor, EL_BIND, "\033[H", "ed-move-to-beg", NULL);
    el_set(editor, EL_BIND, "\033[F", "ed-move-to-end", NULL);
}

perilune_edit *perilune_edit_open(const char *program, void *host, perilune_edit_complete complete, int history_size) {
    use_utf8();
    perilune_edit *edit = calloc(1, sizeof *edit);
    if (edit == NULL) return NULL;
    edit->host = host;
    edit->complete = complete;
    edit->prompt = "";
    edit->has_brackets = knows_brackets();
    edit->history = history_init();
    edit->editor = el_init(program, stdin, stdout, stderr);
    if (edit->history == NULL || edit->editor == NULL) {
        perilune_edit_close(edit);
        return NULL;
    }
    HistEvent event;
    history(edit->history, &event, H_SETSIZE, history_size);
    history(edit->history, &event, H_SETUNIQUE, 1);
    el_set(edit->editor, EL_CLIENTDATA, edit);
    // The character marks where escape sequences begin and end in the prompt.
    el_set(edit->editor, EL_PROMPT_ESC, prompt, '\1');
    el_set(edit->editor, EL_HIST, history, edit->history);
    // libedit's handlers put the terminal right before a signal has its effect; they are there only while it reads.
    el_set(edit->editor, EL_SIGNAL, 1);
    bind_keys(edit->editor);
    return edit;
}

void perilune_edit_close(perilune_edit *edit) {
    if (edit->editor != NULL) el_end(edit->editor);
    if (edit->history != NULL) history_end(edit->history);
    free(edit);
}

perilune_edit_result perilune_edit_read(
    perilune_edit *edit, const char *prompt_text, const char **line, size_t *length
) {
    edit->prompt = prompt_text;
    edit->interrupted = false;
    int count = 0;
    // By itself libedit shows the prompt first: keys that come in between would still mean what they do to a shell.
    el_set(edit->editor, EL_PREP_TERM, 1);
    use_brackets(edit, true);
    errno = 0;
    const char *read = el_gets(edit->editor, &count);
    int error = errno;
    use_brackets(edit, false);
    edit->prompt = "";
    if (edit->interrupted) return PERILUNE_EDIT_INTERRUPTED;
    if (read == NULL || count <= 0) {
        if (error != EINTR) return PERILUNE_EDIT_END;
        el_reset(edit->editor);
        fputc('\n', stdout);
        return PERILUNE_EDIT_INTERRUPTED;
    }
    *line = read;
    *length = (size_t)count;
    if (*length > 0 && read[*length - 1] == '\n') --*length;
    return PERILUNE_EDIT_LINE;
}

void perilune_edit_remember(perilune_edit *edit, const char *line) {
    HistEvent event;
    history(edit->history, &event, H_ENTER, line);
}

void perilune_edit_replace(perilune_edit *edit, int count, const char *text) {
    if (count > 0) el_deletestr(edit->editor, count);
    el_insertstr(edit->editor, text);
}

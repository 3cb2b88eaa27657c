// The only code of the project that may raise a Lua error.
//
// A Lua error is a longjmp, and a longjmp over a Swift frame leaks what the frame owns and breaks the runtime's
// exclusivity records. So Lua only ever calls C; C calls Swift; Swift returns a status; C raises once the Swift frame
// is gone. In the other direction, every API function that can run Lua code or raise on purpose is reached through a
// function of this header, which runs it under lua_pcall.
//
// Functions that can raise for want of memory only (lua_createtable and the like) may be called from Swift directly:
// the allocator below refuses memory only while it is *armed*, which it is inside perilune_lua_call and its kin and
// nowhere else. Disarmed, a real failure of malloc ends the process with a message.
#ifndef PERILUNE_CLUABRIDGE_H
#define PERILUNE_CLUABRIDGE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

// MARK: Context (context.c)

enum {
    PERILUNE_LUA_TRACE_SIZE = 8192,
    PERILUNE_LUA_SCRIPT_SIZE = 512,
    PERILUNE_LUA_PLACE_SIZE = 96,
    PERILUNE_LUA_MESSAGE_SIZE = 192,
    PERILUNE_LUA_RANDOM_WORDS = 4,
    /// How many values the stack of a strict script may hold at least; twice as many are too many.
    PERILUNE_LUA_STACK_VALUES = 16384,
};

/// Why a script has to end. Kept here and not in the error's message, of which a script can make what it likes.
typedef enum perilune_lua_stop {
    PERILUNE_LUA_GOES_ON = 0,
    PERILUNE_LUA_INTERRUPTED,
    PERILUNE_LUA_TIME_LIMIT,
    PERILUNE_LUA_MEMORY,
} perilune_lua_stop;

/// What a protected call counts as, where time is limited.
typedef enum perilune_lua_entry {
    /// An event, or any call of the host's: all time counts.
    PERILUNE_LUA_EVENT = 0,
    /// The statements of a script: trainings that they start do not count.
    PERILUNE_LUA_CHUNK,
} perilune_lua_entry;

/// The part of a script's work that has one time limit: an event, or a chunk's statements. Lives on the C stack.
typedef struct perilune_lua_unit perilune_lua_unit;

/// What C calls in the host.
typedef struct perilune_lua_callbacks {
    /// Runs the host function `function` with its arguments on the stack of `L`. Returns the number of results it left
    /// on top, or a negative number after pushing the error value that C is to raise.
    int (*call)(void *host, lua_State *L, void *function);
    /// Gives back one reference to a host object or function.
    void (*release)(void *object);
    /// Takes what a strict script prints, a line with its end. False where standard output is to have it.
    bool (*print)(void *host, const char *text, size_t length);
    /// Ends what the host has left unfinished on standard output, a progress bar, before a script prints there.
    void (*begin_line)(void *host);
} perilune_lua_callbacks;

/// One Lua state's account: found from any coroutine through lua_getextraspace.
typedef struct perilune_lua_context {
    lua_State *main;
    void *host;
    perilune_lua_callbacks callbacks;
    /// Bytes allocated now, bytes of tensors that the script holds beside them, and the limit that holds for both
    /// while armed (0: none).
    size_t used, outside, limit;
    /// For the failure sweep of tests: `fail_countdown` counts down while armed, and from the allocation that brings it
    /// to 0 on, `fail_times` of them fail. Lua asks a second time after a collection, so it takes two to make an error.
    /// 0: off. `failures` counts those that failed.
    uint64_t fail_countdown, fail_times, failures;
    /// Allocations asked for since the state was opened.
    uint64_t allocations;
    /// The newest block that is a userdata; how large the block of a host object is, and where in it the object's
    /// content begins; and what tells such content from all else, unknown to scripts.
    void *newest_userdata;
    size_t box_block_size, box_offset;
    uint64_t secret;
    /// Where a thread has the address of its stack, in bytes from its own address; 0 where stacks have no limit. The
    /// newest block that is not an object, and its size.
    size_t stack_offset;
    const void *newest_block;
    size_t newest_size;
    /// The stack that has grown past the limit last, while there is one, and its size in bytes.
    const void *full_stack;
    size_t full_size;
    /// Whether it grew by what one function wanted; whether the running script is to be told; and whether it was
    /// refused a stack that is larger still.
    bool full_by_one_call, overflows, stack_refused;
    bool armed, limit_hit;
    /// Whether the collector was told to begin its cycles early, because the limit is near.
    bool is_near_limit;
    /// The thread of the script that runs: the main one or a coroutine. NULL while none does.
    lua_State *volatile running;
    /// Why the running unit has to end, and whether everything has to until that is taken back. Written by signals.
    volatile sig_atomic_t stop, interrupted;
    /// Why the last protected call ended, with `script`, `line`, `place` and `trace` of the moment.
    perilune_lua_stop ended;
    /// Whether the place where the script was stopped has been noted; later errors then leave it alone.
    bool stop_noted;
    /// Where the host notes that the running event's script is to stop, an `atomic_uint` whose lowest bit says so; NULL
    /// where it notes that nowhere. Other threads write what it points to, so only atomic loads read it.
    const void *volatile watched;
    /// The innermost unit, and the limit of time for each, in nanoseconds (0: none).
    perilune_lua_unit *unit;
    uint64_t time_limit;
    /// The limit for all units together, trainings that they start included, in nanoseconds (0: none); the ticks of the
    /// clock that they have had, and how many are too many; whether a person is waited for, which counts for nothing.
    uint64_t total_limit;
    volatile uint64_t total_ticks;
    uint64_t most_total_ticks;
    volatile sig_atomic_t total_is_over;
    volatile bool waits;
    /// How many coroutines are being closed, one by another's `__close`.
    int closing;
    /// Whether scripts have the strict environment.
    bool strict;
    /// The numbers that math.random goes on from; NULL where the library is not there.
    void *random;
    /// Where the last error came from, written by the message handler: `script` and `line` of the script frame that
    /// the message names (or the innermost one), `script:line: ` as messages have it, and the frames as text with
    /// those of the host left out.
    int line;
    size_t trace_length;
    char place[PERILUNE_LUA_PLACE_SIZE];
    char script[PERILUNE_LUA_SCRIPT_SIZE];
    char trace[PERILUNE_LUA_TRACE_SIZE];
} perilune_lua_context;

/// Opens a state with no libraries. NULL where there is no memory.
perilune_lua_context *perilune_lua_open(void *host, perilune_lua_callbacks callbacks);
/// The same with `fail_countdown` and `fail_times` set from the first allocation on.
perilune_lua_context *perilune_lua_open_failing(
    void *host, perilune_lua_callbacks callbacks, uint64_t fail_countdown, uint64_t fail_times);
void perilune_lua_close(perilune_lua_context *context);
/// Script and trace of the last error, for Swift, which does not import long arrays.
const char *perilune_lua_script(const perilune_lua_context *context);
const char *perilune_lua_trace(const perilune_lua_context *context);
/// Opens all standard libraries, protected. A Lua status; on failure the error value is on the stack.
int perilune_lua_open_libraries(lua_State *L);

/// Lets functions of the standard library take objects of the host as the numbers and lists that they stand for
/// (object_functions.c), protected. A Lua status.
int perilune_lua_add_object_functions(lua_State *L);

// MARK: Stopping scripts (stop.c)

/// Makes the script raise the error "interrupted" wherever it is, and again until the interrupt is taken back. May be
/// called from a signal handler on the thread that runs the script.
void perilune_lua_interrupt(perilune_lua_context *context);
/// The same once the script has run so many more instructions, if it has not been taken back by then.
void perilune_lua_interrupt_after(perilune_lua_context *context, int instructions);
/// Takes that back.
void perilune_lua_end_interrupt(perilune_lua_context *context);
/// Makes the running unit end: an error is raised at the next instruction, and again whenever a script catches it,
/// until the unit's call returns. Only on the thread that runs the script.
void perilune_lua_stop_unit(perilune_lua_context *context, perilune_lua_stop reason);

/// Notes where the running script is, for a host that ends on its behalf.
void perilune_lua_note_stop(perilune_lua_context *context);
/// Writes the message of a script that has to end: `script:line: ` of where it was stopped, why, and the limit.
void perilune_lua_describe_stop(
    const perilune_lua_context *context, perilune_lua_stop reason, char *buffer, size_t size);

// MARK: Limits of time (clock.c)

/// Sets the limit for each event and for a chunk's own statements, in nanoseconds; 0 takes it away. Returns 0, or the
/// `errno` of what went wrong, and then there is no limit.
int perilune_lua_limit_time(perilune_lua_context *context, uint64_t nanoseconds);
/// The same for all of them together.
int perilune_lua_limit_total_time(perilune_lua_context *context, uint64_t nanoseconds);
/// Stops the clock of a chunk's statements while a training that they started runs: the events of that have limits of
/// their own. An event's clock goes on, unless `events_too`, for when a person is waited for. Returns whether a clock
/// was stopped; then it has to be resumed. The clock of the total goes on.
bool perilune_lua_pause_clock(perilune_lua_context *context, bool events_too);
/// Stops the clock of the total while a person is waited for, and sets it going again. Returns what was set before.
bool perilune_lua_set_waiting(perilune_lua_context *context, bool waits);
void perilune_lua_resume_clock(perilune_lua_context *context);
/// The real-time signal that is in use for limits of time now; 0 while no state has one.
int perilune_lua_clock_signal(void);

// MARK: Limits of memory (context.c)

/// Counts `bytes` of the host that a script holds. False, and nothing counted, where they do not fit in the limit.
bool perilune_lua_charge(perilune_lua_context *context, size_t bytes);
/// Whether `bytes` more of the host would fit in the limit.
bool perilune_lua_has_room(const perilune_lua_context *context, size_t bytes);
void perilune_lua_discharge(perilune_lua_context *context, size_t bytes);
/// Whether a script runs that holds more than it may, because the host could not ask before.
bool perilune_lua_is_over_limit(const perilune_lua_context *context);

// MARK: Random numbers (random.c)

/// Where math.random is in its sequence: PERILUNE_LUA_RANDOM_WORDS numbers. False where there is no such library.
bool perilune_lua_get_random(const perilune_lua_context *context, uint64_t *words);
/// Goes there. False, and nothing changed, where there is no such library or the numbers are no place in a sequence.
bool perilune_lua_set_random(perilune_lua_context *context, const uint64_t *words);

// MARK: The strict environment (sandbox.c)

/// Opens what a strict script may use, in place of the standard libraries. A Lua status, as
/// perilune_lua_open_libraries.
int perilune_lua_open_sandbox(lua_State *L);
/// Says that the host is about to make the table at `index` a metatable. Does nothing in other environments.
void perilune_lua_note_metatable(lua_State *L, int index);

// MARK: What Swift cannot import (macros and variadic functions)

static inline int perilune_lua_registry(void) { return LUA_REGISTRYINDEX; }
static inline int perilune_lua_upvalue(int i) { return lua_upvalueindex(i); }
static inline size_t perilune_lua_collect(lua_State *L) {
    lua_gc(L, LUA_GCCOLLECT);
    return (size_t)lua_gc(L, LUA_GCCOUNT) * 1024 + (size_t)lua_gc(L, LUA_GCCOUNTB);
}

// MARK: Protected calls (protected.c). Each returns a Lua status; on failure one error value replaces the operands.

/// Calls the function below its `nargs` arguments, with the message handler, the allocator armed. A script that was
/// stopped has failed, whatever it made of the error.
int perilune_lua_call(lua_State *L, int nargs, int nresults);
int perilune_lua_call_as(lua_State *L, int nargs, int nresults, perilune_lua_entry entry);
/// table key -> value
int perilune_lua_get(lua_State *L);
/// table key value ->
int perilune_lua_set(lua_State *L);
/// table key -> key value, or nothing at the end
int perilune_lua_next(lua_State *L);
/// value -> string, as `tostring` does
int perilune_lua_tostring(lua_State *L);
/// value -> length, as `#` does
int perilune_lua_length(lua_State *L);
/// a b -> boolean, as `==` does
int perilune_lua_equal(lua_State *L);
/// The number of entries of the table on top, read raw, which stays there; -1 on failure.
ptrdiff_t perilune_lua_count(lua_State *L);

// MARK: Where a script is (trace.c)

/// Writes `script:line: ` of the innermost script frame that called the running host function; empty where none did.
void perilune_lua_where(lua_State *L, char *buffer, size_t size);

// MARK: Loading (load.c). Text chunks only; a Lua status, with the chunk or the error message on the stack.

int perilune_lua_load_text(lua_State *L, const char *text, size_t length, const char *chunk_name);
/// Reads the file, or standard input where `path` is NULL. A first line that starts with `#` and a BOM are skipped.
int perilune_lua_load_file(lua_State *L, const char *path);

// MARK: Host functions and objects (host.c)

/// Pushes a Lua function that calls the host function `function`; takes over one reference to it.
void perilune_lua_push_function(lua_State *L, void *function);
/// Pops `fallback for newindex`, `fallback for index`, `setters`, `getters`, `methods` and pushes a new class: the
/// metatable of a type of host objects. Fallbacks are host functions or nil; setters and getters map names to them.
void perilune_lua_new_class(lua_State *L, const char *name);
/// Pushes the userdata that stands for `object`, the same one as long as Lua keeps it. True where it is new, and then
/// takes over one reference to `object`, which counts for `cost` bytes until Lua lets go of it. `class_ref` is the
/// registry reference of its class.
bool perilune_lua_push_object(lua_State *L, void *object, int class_ref, size_t cost);
/// The host object at `index`, or NULL where there is something else, or one that is already finalized.
void *perilune_lua_to_object(lua_State *L, int index);

// MARK: Training events (event.c)

/// A call of one callback for one event: `function([self,] [index,] logs, run)`.
typedef struct perilune_lua_event {
    /// Registry references; LUA_NOREF leaves out the argument.
    int function, self, run;
    /// Registry slot that keeps the logs table of the event between its callbacks.
    int logs_slot;
    /// Whether to make a new logs table from `values`, or pass the one in the slot.
    bool fresh;
    /// Whether the event has an index (epoch or batch), whether changes to the logs matter, and whether the script made
    /// some (out).
    bool has_index, watched, changed;
    lua_Integer index;
    /// The logs: registry references of the keys, their addresses, values, and which are integers.
    int count;
    int *key_refs;
    const void **key_addresses;
    double *values;
    bool *integral;
} perilune_lua_event;

/// An event with room for `count` logs, its references all LUA_NOREF. NULL where there is no memory.
perilune_lua_event *perilune_lua_new_event(int count);
void perilune_lua_free_event(perilune_lua_event *event);
/// Pops a string from the stack, keeps it in the registry and makes it key `i` of the event's logs.
void perilune_lua_set_event_key(lua_State *L, perilune_lua_event *event, int i, bool integral);

/// Runs the event's callback, protected. LUA_OK with nothing pushed where it returned nil or nothing; LUA_YIELD with
/// its first result pushed where it returned a value; else an error status with the error value pushed.
int perilune_lua_call_event(lua_State *L, perilune_lua_event *event);
/// Puts a fresh logs table into the slot with no callback called, so that Swift can write to it first.
int perilune_lua_make_logs(lua_State *L, perilune_lua_event *event);

#endif

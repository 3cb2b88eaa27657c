// Limits of time that cost nothing until they are exceeded.
//
// Each thread that runs limited scripts has a timer, which sends it a real-time signal every TICK while scripts run.
// The handler counts the tick for each unit that the thread is in, and stops those that have had too many. Starting a
// unit writes a few words; the timer is set going by the first one and stops by itself once the thread runs no script.
// So an event costs no system call, and a host that is idle none either.
#define _GNU_SOURCE  // timers that are told to one thread
#include "internal.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

enum { TICK_NANOSECONDS = 10000000 };

typedef struct thread_clock {
    timer_t timer;
    /// Whether there is a timer, and whether it is going.
    bool is_made;
    volatile sig_atomic_t is_going;
    /// Counts units begun, and how many there were at the last tick.
    volatile unsigned begun;
    unsigned begun_before;
    perilune_lua_unit *volatile innermost;
    struct thread_clock *next;
} thread_clock;

static _Thread_local thread_clock own;

// The signal is taken while at least one state has a limit. All of this is guarded by the lock.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned users;
static atomic_int signal_number;
static struct sigaction action_before;
static thread_clock *clocks;
static pthread_key_t thread_end;
static pthread_once_t thread_end_once = PTHREAD_ONCE_INIT;

static void set_going(thread_clock *clock, bool going) {
    struct itimerspec times = {0};
    if (going) times.it_value.tv_nsec = times.it_interval.tv_nsec = TICK_NANOSECONDS;
    clock->is_going = going;
    timer_settime(clock->timer, 0, &times, NULL);
}

/// Counts a tick for all that a state's scripts do. One that is over its limit is stopped again with each tick: what it
/// is in by then has not been stopped yet.
static void count_total(perilune_lua_context *context) {
    if (++context->total_ticks < context->most_total_ticks) return;
    context->total_is_over = 1;
    perilune_lua_stop_unit(context, PERILUNE_LUA_TIME_LIMIT);
}

/// So many ticks a script goes on after a stop was asked for: what is about to end does so by itself.
enum { STOP_BITS = 1, PATIENCE_TICKS = 25 };

/// Whether a stop was asked for long enough ago.
static bool is_stopped_from_outside(perilune_lua_unit *unit) {
    const atomic_uint *watched = (const atomic_uint *)unit->context->watched;
    if (watched == NULL || !(atomic_load(watched) & STOP_BITS)) return false;
    return ++unit->patience > PATIENCE_TICKS;
}

/// The signal's handler. It looks at what belongs to its own thread alone, so a late signal does no harm.
static void tick(int number) {
    (void)number;
    int saved_errno = errno;
    thread_clock *clock = &own;
    bool is_needed = false;
    for (perilune_lua_unit *unit = clock->innermost; unit != NULL; unit = unit->outer_on_thread) {
        if (unit->outer == NULL && unit->context->total_limit != 0 && !unit->context->waits) {
            is_needed = true;
            count_total(unit->context);
        }
        if (unit->paused) continue;
        is_needed = true;
        if (is_stopped_from_outside(unit)) perilune_lua_interrupt(unit->context);
        if (++unit->ticks >= unit->limit) perilune_lua_stop_unit(unit->context, PERILUNE_LUA_TIME_LIMIT);
    }
    // Events follow each other closely: only a thread that began none since the last tick is idle.
    if (!is_needed && clock->begun == clock->begun_before && clock->is_made) set_going(clock, false);
    clock->begun_before = clock->begun;
    errno = saved_errno;
}

/// Takes the timer of a thread that ends out of the list.
static void forget_thread(void *value) {
    thread_clock *clock = value;
    pthread_mutex_lock(&lock);
    for (thread_clock **link = &clocks; *link != NULL; link = &(*link)->next) {
        if (*link != clock) continue;
        *link = clock->next;
        break;
    }
    if (clock->is_made) timer_delete(clock->timer);
    clock->is_made = false;
    pthread_mutex_unlock(&lock);
}

static void make_thread_end(void) { pthread_key_create(&thread_end, forget_thread); }

/// Makes this thread's timer. Returns 0 or an `errno`.
static int make_clock(void) {
    pthread_once(&thread_end_once, make_thread_end);
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = atomic_load(&signal_number)};
    event._sigev_un._tid = gettid();
    pthread_mutex_lock(&lock);
    int failure = timer_create(CLOCK_MONOTONIC, &event, &own.timer) == 0 ? 0 : errno;
    if (failure == 0) {
        own.is_made = true;
        own.is_going = false;
        own.next = clocks;
        clocks = &own;
        pthread_setspecific(thread_end, &own);
    }
    pthread_mutex_unlock(&lock);
    return failure;
}

/// Sets the timer going. Threads of a pool may block all signals, so the signal is let through first.
static int start_clock(void) {
    int failure = own.is_made ? 0 : make_clock();
    if (failure != 0) return failure;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, atomic_load(&signal_number));
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    set_going(&own, true);
    return 0;
}

/// Installs the handler on a signal that has no handler. Returns 0 or an `errno`.
static int take_signal(void) {
    struct sigaction action = {.sa_flags = SA_RESTART | SA_ONSTACK};
    action.sa_handler = tick;
    sigfillset(&action.sa_mask);
    for (int number = SIGRTMAX - 1; number > SIGRTMIN; number--) {
        if (sigaction(number, NULL, &action_before) != 0) continue;
        if ((action_before.sa_flags & SA_SIGINFO) || action_before.sa_handler != SIG_DFL) continue;
        if (sigaction(number, &action, NULL) != 0) continue;
        atomic_store(&signal_number, number);
        return 0;
    }
    return EBUSY;
}

/// Puts back what was there before.
static void give_back_signal(void) {
    for (thread_clock *clock = clocks; clock != NULL; clock = clock->next) {
        timer_delete(clock->timer);
        clock->is_made = false;
        clock->is_going = false;
    }
    clocks = NULL;
    // A signal may be on its way to a thread still. To ignore the signal discards it; the ordinary effect of one that
    // came after the handler is gone would be to end the process.
    int number = atomic_exchange(&signal_number, 0);
    struct sigaction ignore = {0};
    ignore.sa_handler = SIG_IGN;
    sigaction(number, &ignore, NULL);
    sigaction(number, &action_before, NULL);
}

/// Takes the signal for a state that had no limit of time, or gives it back. Returns 0 or an `errno`.
static int set_user(bool has_limit, bool wants_limit) {
    int failure = 0;
    if (has_limit != wants_limit) {
        pthread_mutex_lock(&lock);
        if (wants_limit) {
            if (users == 0) failure = take_signal();
            if (failure == 0) users++;
        } else if (--users == 0) {
            give_back_signal();
        }
        pthread_mutex_unlock(&lock);
    }
    return failure;
}

int perilune_lua_limit_time(perilune_lua_context *context, uint64_t nanoseconds) {
    bool has_total = context->total_limit != 0;
    int failure = set_user(context->time_limit != 0 || has_total, nanoseconds != 0 || has_total);
    if (failure == 0) context->time_limit = nanoseconds;
    return failure;
}

int perilune_lua_limit_total_time(perilune_lua_context *context, uint64_t nanoseconds) {
    bool has_each = context->time_limit != 0;
    int failure = set_user(context->total_limit != 0 || has_each, nanoseconds != 0 || has_each);
    if (failure != 0) return failure;
    context->total_limit = nanoseconds;
    context->most_total_ticks = nanoseconds / TICK_NANOSECONDS + (nanoseconds % TICK_NANOSECONDS != 0) + 1;
    context->total_is_over = nanoseconds != 0 && context->total_ticks >= context->most_total_ticks;
    return 0;
}

int perilune_lua_clock_signal(void) { return atomic_load(&signal_number); }

/// How many ticks are more than the limit: the first one may come at once.
static unsigned limit_ticks(uint64_t nanoseconds) {
    uint64_t ticks = nanoseconds / TICK_NANOSECONDS + (nanoseconds % TICK_NANOSECONDS != 0) + 1;
    return ticks > UINT32_MAX ? UINT32_MAX : (unsigned)ticks;
}

int perilune_lua_begin_unit(perilune_lua_unit *unit, perilune_lua_context *context, perilune_lua_entry entry) {
    unit->context = context;
    unit->outer = context->unit;
    unit->ticks = unit->patience = 0;
    unit->limit = context->time_limit != 0    ? limit_ticks(context->time_limit)
                  : context->total_limit != 0 ? UINT32_MAX
                                              : 0;
    unit->paused = false;
    unit->entry = entry;
    unit->outer_stop = context->stop;
    unit->outer_noted = context->stop_noted;
    context->stop = context->total_is_over ? PERILUNE_LUA_TIME_LIMIT : PERILUNE_LUA_GOES_ON;
    context->stop_noted = false;
    context->overflows = context->stack_refused = false;
    context->unit = unit;
    if (unit->limit == 0) return 0;
    unit->outer_on_thread = own.innermost;
    atomic_signal_fence(memory_order_seq_cst);
    own.innermost = unit;
    own.begun++;
    atomic_signal_fence(memory_order_seq_cst);
    return own.is_going ? 0 : start_clock();
}

void perilune_lua_end_unit(perilune_lua_unit *unit) {
    perilune_lua_context *context = unit->context;
    if (unit->limit != 0) own.innermost = unit->outer_on_thread;
    atomic_signal_fence(memory_order_seq_cst);
    context->unit = unit->outer;
    context->stop = unit->outer_stop;
    context->stop_noted = unit->outer_noted;
}

bool perilune_lua_pause_clock(perilune_lua_context *context, bool events_too) {
    perilune_lua_unit *unit = context->unit;
    if (unit == NULL || unit->paused) return false;
    if (unit->entry == PERILUNE_LUA_EVENT && !events_too) return false;
    unit->paused = true;
    return true;
}

/// The clock may have stopped by itself meanwhile.
static void go_on(perilune_lua_context *context) {
    if (context->unit->limit != 0 && !own.is_going) start_clock();
}

void perilune_lua_resume_clock(perilune_lua_context *context) {
    if (context->unit == NULL) return;
    context->unit->paused = false;
    go_on(context);
}

bool perilune_lua_set_waiting(perilune_lua_context *context, bool waits) {
    bool before = context->waits;
    context->waits = waits;
    if (!waits && context->unit != NULL) go_on(context);
    return before;
}

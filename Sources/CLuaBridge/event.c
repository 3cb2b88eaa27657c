// The fast path of training callbacks: one protected call per callback that makes the logs table, calls the script's
// function, and finds out whether the script wrote to the logs, with no help from Swift where it returned nil.
#include "internal.h"

#include <stdlib.h>

perilune_lua_event *perilune_lua_new_event(int count) {
    size_t slots = (size_t)count + 1;  // never an empty allocation
    perilune_lua_event *event = calloc(1, sizeof *event);
    if (event == NULL) return NULL;
    event->function = event->self = event->run = event->logs_slot = LUA_NOREF;
    event->count = count;
    event->key_refs = calloc(slots, sizeof *event->key_refs);
    event->key_addresses = calloc(slots, sizeof *event->key_addresses);
    event->values = calloc(slots, sizeof *event->values);
    event->integral = calloc(slots, sizeof *event->integral);
    if (event->key_refs && event->key_addresses && event->values && event->integral) return event;
    perilune_lua_free_event(event);
    return NULL;
}

void perilune_lua_free_event(perilune_lua_event *event) {
    free(event->key_refs);
    free(event->key_addresses);
    free(event->values);
    free(event->integral);
    free(event);
}

void perilune_lua_set_event_key(lua_State *L, perilune_lua_event *event, int i, bool integral) {
    event->key_addresses[i] = lua_topointer(L, -1);
    event->key_refs[i] = luaL_ref(L, LUA_REGISTRYINDEX);
    event->integral[i] = integral;
}

/// An integer where the log is one and is within what a double counts exactly.
static bool is_whole(const perilune_lua_event *event, int i) {
    return event->integral[i] && event->values[i] >= -9007199254740992.0 && event->values[i] <= 9007199254740992.0;
}

/// Pushes a table with the event's logs and keeps it in the event's slot.
static void push_logs(lua_State *L, const perilune_lua_event *event) {
    if (!event->fresh) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, event->logs_slot);
        return;
    }
    lua_createtable(L, 0, event->count);
    for (int i = 0; i < event->count; i++) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, event->key_refs[i]);
        if (is_whole(event, i)) lua_pushinteger(L, (lua_Integer)event->values[i]);
        else lua_pushnumber(L, event->values[i]);
        lua_rawset(L, -3);
    }
    lua_pushvalue(L, -1);
    lua_rawseti(L, LUA_REGISTRYINDEX, event->logs_slot);
}

/// Whether the logs table at index 1 differs from the values given. Keys are compared by address: the table holds the
/// very strings that it was made with, whatever string a script used to write to one of them.
static bool is_changed(lua_State *L, const perilune_lua_event *event) {
    int known = 0;
    lua_pushnil(L);
    while (lua_next(L, 1)) {
        const void *key = lua_topointer(L, -2);
        int is_number;
        double value = lua_tonumberx(L, -1, &is_number);
        if (!is_number) return true;
        int i = 0;
        while (i < event->count && event->key_addresses[i] != key) i++;
        if (i == event->count) return true;
        double given = is_whole(event, i) ? (double)(lua_Integer)event->values[i] : event->values[i];
        if (value != given && !(value != value && given != given)) return true;
        known++;
        lua_pop(L, 1);
    }
    return known != event->count;
}

static int run_event(lua_State *L) {
    perilune_lua_event *event = lua_touserdata(L, 1);
    lua_settop(L, 0);
    push_logs(L, event);
    int arguments = 1;
    lua_rawgeti(L, LUA_REGISTRYINDEX, event->function);
    if (event->self != LUA_NOREF) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, event->self);
        arguments++;
    }
    if (event->has_index) {
        lua_pushinteger(L, event->index);
        arguments++;
    }
    lua_pushvalue(L, 1);
    if (event->run != LUA_NOREF) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, event->run);
        arguments++;
    }
    lua_call(L, arguments, 1);
    event->changed = event->watched && is_changed(L, event);
    lua_settop(L, 2);
    return lua_isnil(L, 2) ? 0 : 1;
}

int perilune_lua_call_event(lua_State *L, perilune_lua_event *event) {
    int top = lua_gettop(L);
    event->changed = false;
    lua_checkstack(L, LUA_MINSTACK);
    lua_pushcfunction(L, run_event);
    lua_pushlightuserdata(L, event);
    int status = perilune_lua_call(L, 1, LUA_MULTRET);
    return status == LUA_OK && lua_gettop(L) > top ? LUA_YIELD : status;
}

static int make_logs(lua_State *L) {
    push_logs(L, lua_touserdata(L, 1));
    return 0;
}

int perilune_lua_make_logs(lua_State *L, perilune_lua_event *event) {
    lua_checkstack(L, LUA_MINSTACK);
    lua_pushlightuserdata(L, event);
    return perilune_lua_protect(L, make_logs, 1, 0);
}

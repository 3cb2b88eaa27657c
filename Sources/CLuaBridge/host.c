// Host functions and host objects: userdata that hold one reference to an instance of the host, and the functions
// through which Lua reaches it.
#include "internal.h"

#include <string.h>
#include <sys/random.h>

/// Content of our userdata. A script with the debug library can give our metatable to any userdata, so size and mark
/// are looked at as well before the pointer is believed. A mark is the kind of box with the state's secret in it.
typedef struct box {
    uint64_t mark;
    void *object;
    /// What the object counts for in the limit of memory, in bytes.
    size_t cost;
    uint64_t end_mark;
} box;

static const uint64_t function_mark = 0x7065726966756e63, object_mark = 0x706572696f626a65;
// Addresses that serve as keys of the registry and of metatables.
static const char function_class_key = 0, object_cache_key = 0, class_key = 0;

/// The box at `index` where it is one with this mark, else NULL. Looks at no metatable.
static box *to_box(lua_State *L, int index, uint64_t mark) {
    if (lua_type(L, index) != LUA_TUSERDATA || lua_rawlen(L, index) != sizeof(box)) return NULL;
    box *found = lua_touserdata(L, index);
    mark ^= context_of(L)->secret;
    return found->mark == mark && found->end_mark == ~mark ? found : NULL;
}

static void new_box(lua_State *L, uint64_t mark) {
    box *made = lua_newuserdatauv(L, sizeof(box), 0);
    made->mark = mark ^ context_of(L)->secret;
    made->end_mark = ~made->mark;
    made->object = NULL;
    made->cost = 0;
}

/// Finds out what the block of a box looks like to the allocator.
static void learn_box(lua_State *L) {
    perilune_lua_context *context = context_of(L);
    if (getrandom(&context->secret, sizeof context->secret, GRND_NONBLOCK) != sizeof context->secret)
        context->secret = (uint64_t)(uintptr_t)context * 0x9e3779b97f4a7c15;
    size_t before = context->used;
    lua_gc(L, LUA_GCSTOP);  // so that nothing but the userdata comes and goes
    char *content = lua_newuserdatauv(L, sizeof(box), 0);
    memset(content, 0, sizeof(box));
    size_t size = context->used - before;
    size_t offset = (size_t)(content - (char *)context->newest_userdata);
    if (offset + sizeof(box) <= size) {
        context->box_block_size = size;
        context->box_offset = offset;
    }
    lua_pop(L, 1);
    lua_gc(L, LUA_GCRESTART);
}

/// Lua gives up on a finalizer that it cannot call: when an error is on its way deep in the C stack, or no memory is
/// left. The object must not leak then.
void perilune_lua_release_freed(perilune_lua_context *context, void *block) {
    box *found = (box *)((char *)block + context->box_offset);
    uint64_t mark = found->mark ^ context->secret;
    if ((mark != function_mark && mark != object_mark) || found->end_mark != ~found->mark) return;
    void *object = found->object;
    if (object == NULL) return;
    *(void *volatile *)&found->object = NULL;  // the next owner of the memory must not find it
    context->outside -= found->cost;
    bool armed = context->armed;
    context->armed = false;
    context->callbacks.release(object);
    context->armed = armed;
}

static void release(lua_State *L, uint64_t mark) {
    box *found = to_box(L, 1, mark);
    if (found == NULL || found->object == NULL) return;
    perilune_lua_context *context = context_of(L);
    void *object = found->object;
    found->object = NULL;  // other finalizers may still reach it
    context->outside -= found->cost;
    bool armed = context->armed;
    context->armed = false;
    context->callbacks.release(object);
    context->armed = armed;
}

static int release_function(lua_State *L) {
    release(L, function_mark);
    return 0;
}

static int release_object(lua_State *L) {
    release(L, object_mark);
    return 0;
}

/// Calls the host; raises after its frame is gone.
static int invoke(lua_State *L, const box *function) {
    if (function == NULL || function->object == NULL)
        return luaL_error(L, "attempt to call a host function that is already released");
    perilune_lua_context *context = context_of(L);
    luaL_checkstack(L, LUA_MINSTACK, "in a host function");
    bool armed = context->armed;
    context->armed = false;
    int results = context->callbacks.call(context->host, L, function->object);
    context->armed = armed;
    return results >= 0 ? results : lua_error(L);
}

static int trampoline(lua_State *L) { return invoke(L, to_box(L, lua_upvalueindex(1), function_mark)); }

static void push_function_box(lua_State *L, void *function) {
    new_box(L, function_mark);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &function_class_key);
    lua_setmetatable(L, -2);
    ((box *)lua_touserdata(L, -1))->object = function;
}

void perilune_lua_push_function(lua_State *L, void *function) {
    push_function_box(L, function);
    lua_pushcclosure(L, trampoline, 1);
}

/// `object.key`: a method, else what the getter of that name says, else what the fallback says.
static int object_index(lua_State *L) {
    lua_settop(L, 2);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
    lua_settop(L, 2);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(2)) == LUA_TNIL) {
        lua_settop(L, 2);
        lua_pushvalue(L, lua_upvalueindex(3));
        if (lua_isnil(L, -1)) return 1;
    }
    lua_insert(L, 1);
    lua_call(L, 2, 1);
    return 1;
}

/// `object.key = value`: the setter of that name, else the fallback.
static int object_newindex(lua_State *L) {
    lua_settop(L, 3);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) == LUA_TNIL) {
        lua_settop(L, 3);
        lua_pushvalue(L, lua_upvalueindex(2));
    }
    lua_insert(L, 1);
    lua_call(L, 3, 0);
    return 0;
}

/// Two userdata of one object are equal (normally there is only one).
static int object_equal(lua_State *L) {
    void *left = perilune_lua_to_object(L, 1);
    lua_pushboolean(L, left != NULL && left == perilune_lua_to_object(L, 2));
    return 1;
}

static void set_function(lua_State *L, const char *name, lua_CFunction function) {
    lua_pushstring(L, name);
    lua_pushcfunction(L, function);
    lua_rawset(L, -3);
}

void perilune_lua_new_class(lua_State *L, const char *name) {
    int base = lua_gettop(L) - 4;  // methods, getters, setters, index fallback, newindex fallback
    lua_checkstack(L, LUA_MINSTACK);
    lua_createtable(L, 0, 16);
    lua_pushboolean(L, true);
    lua_rawsetp(L, -2, &class_key);
    lua_pushliteral(L, "__name");
    lua_pushstring(L, name);
    lua_rawset(L, -3);
    lua_pushliteral(L, "__metatable");
    lua_pushboolean(L, false);
    lua_rawset(L, -3);
    set_function(L, "__gc", release_object);
    set_function(L, "__eq", object_equal);
    lua_pushliteral(L, "__index");
    lua_pushvalue(L, base);
    lua_pushvalue(L, base + 1);
    lua_pushvalue(L, base + 3);
    lua_pushcclosure(L, object_index, 3);
    lua_rawset(L, -3);
    lua_pushliteral(L, "__newindex");
    lua_pushvalue(L, base + 2);
    lua_pushvalue(L, base + 4);
    lua_pushcclosure(L, object_newindex, 2);
    lua_rawset(L, -3);
    lua_replace(L, base);
    lua_settop(L, base);
}

bool perilune_lua_push_object(lua_State *L, void *object, int class_ref, size_t cost) {
    lua_rawgetp(L, LUA_REGISTRYINDEX, &object_cache_key);
    lua_rawgetp(L, -1, object);
    const box *known = to_box(L, -1, object_mark);
    if (known != NULL && known->object == object) {
        lua_remove(L, -2);
        return false;
    }
    lua_pop(L, 1);
    new_box(L, object_mark);
    lua_rawgeti(L, LUA_REGISTRYINDEX, class_ref);
    lua_setmetatable(L, -2);
    box *made = lua_touserdata(L, -1);
    made->object = object;
    made->cost = cost;
    context_of(L)->outside += cost;
    lua_pushvalue(L, -1);
    lua_rawsetp(L, -3, object);
    lua_remove(L, -2);
    return true;
}

void *perilune_lua_to_object(lua_State *L, int index) {
    const box *found = to_box(L, index, object_mark);
    if (found == NULL || !lua_getmetatable(L, index)) return NULL;
    lua_rawgetp(L, -1, &class_key);
    bool ours = lua_toboolean(L, -1);
    lua_pop(L, 2);
    return ours ? found->object : NULL;
}

void perilune_lua_prepare_host(lua_State *L) {
    learn_box(L);
    lua_createtable(L, 0, 3);
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    set_function(L, "__gc", release_function);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &function_class_key);
    // Objects by address, so that pushing one twice gives one userdata. Weak, so that it keeps none alive.
    lua_createtable(L, 0, 0);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "v");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &object_cache_key);
}

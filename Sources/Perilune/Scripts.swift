// Lua scripts: as callbacks of a host's training, and by themselves.
@_exported public import struct PeriluneLua.CallbackFile
@_exported public import class PeriluneLua.LuaScript
@_exported public import enum PeriluneLua.PeriluneModule
@_exported public import class PeriluneLua.RunHooks
@_exported public import struct PeriluneLuaRuntime.FileAccess
@_exported public import struct PeriluneLuaRuntime.LuaCall
@_exported public import struct PeriluneLuaRuntime.LuaChunk
@_exported public import protocol PeriluneLuaRuntime.LuaConvertible
@_exported public import struct PeriluneLuaRuntime.LuaFunction
@_exported public import typealias PeriluneLuaRuntime.LuaHostBody
@_exported public import struct PeriluneLuaRuntime.LuaInterrupt
@_exported public import class PeriluneLuaRuntime.LuaReference
@_exported public import class PeriluneLuaRuntime.LuaState
@_exported public import struct PeriluneLuaRuntime.LuaTable
@_exported public import enum PeriluneLuaRuntime.LuaValue
@_exported public import struct PeriluneLuaRuntime.ScriptLimits
@_exported public import enum PeriluneLuaRuntime.ScriptProfile

internal import CLua
internal import CLuaBridge

/// A running call of a host function: where it comes from and its arguments.
public struct LuaCall {
    /// The state that makes the call.
    public let state: LuaState
    /// How many arguments were given.
    public let count: Int
    /// Position of the first argument on the Lua stack, less 1: methods leave out the receiver.
    let base: Int32

    /// The argument at a 1-based position; nil where it was not given.
    public subscript(position: Int) -> LuaValue {
        position >= 1 && position <= count ? state.value(at: base + Int32(position)) : .nil
    }

    /// All arguments, in order.
    public var arguments: [LuaValue] { count == 0 ? [] : (1...count).map { self[$0] } }

    /// The argument where it is a host object of this class: quicker than going through `LuaValue`.
    public func object<Object: AnyObject>(_ position: Int, as type: Object.Type) -> Object? {
        guard position >= 1, position <= count else { return nil }
        return state.hostObject(at: base + Int32(position)) as? Object
    }

    /// The same call without its first argument, which a method takes as its receiver.
    package func droppingReceiver() -> LuaCall {
        LuaCall(state: state, count: max(0, count - 1), base: base + 1)
    }
}

/// What a host function does: takes the call, returns its results, or throws, which the script sees as an error at the
/// line that called.
public typealias LuaHostBody = (LuaCall) throws -> [LuaValue]

/// The closure behind a Lua function, kept alive by Lua.
final class LuaHostFunction {
    let body: LuaHostBody

    init(_ body: @escaping LuaHostBody) {
        self.body = body
    }
}

extension LuaState {
    /// A Lua function that runs `body`.
    ///
    /// What `body` captures lives as long as Lua keeps the function. Do not capture the state itself: use the call's.
    public func makeFunction(_ body: @escaping LuaHostBody) -> LuaFunction {
        pushFunction(body)
        return LuaFunction(popReference())
    }

    func pushFunction(_ body: @escaping LuaHostBody) {
        precondition(!isClosed, "the Lua state is closed")
        unsafe perilune_lua_push_function(lua, Unmanaged.passRetained(LuaHostFunction(body)).toOpaque())
    }

    /// Runs a host function for C. Its results, or else the error value, are on top of the stack afterwards.
    fileprivate func run(_ function: LuaHostFunction, on caller: OpaquePointer) -> Int32 {
        let outer = unsafe lua
        unsafe lua = caller
        depth += 1
        defer {
            depth -= 1
            unsafe lua = outer
            argumentBytes = 0
        }
        let given = top
        do {
            let results = try budget.call {
                let results = try function.body(LuaCall(state: self, count: Int(given), base: 0))
                try budget.check()
                return results
            }
            assert(top == given, "a host function left values on the Lua stack")
            if results.isEmpty { return 0 }
            try reserve(results.count)
            for result in results { try push(result) }
            return Int32(results.count)
        } catch {
            unsafe lua_settop(lua, given)
            pushThrown(error)
            return -1
        }
    }
}

/// C's way in. The state outlives the call: the caller that entered Lua holds it.
func callHostFunction(
    host: UnsafeMutableRawPointer?, lua: OpaquePointer?, function: UnsafeMutableRawPointer?
) -> Int32 {
    guard let host = unsafe host, let lua = unsafe lua, let function = unsafe function else { return 0 }
    let state = unsafe Unmanaged<LuaState>.fromOpaque(host).takeUnretainedValue()
    return unsafe state.run(Unmanaged<LuaHostFunction>.fromOpaque(function).takeUnretainedValue(), on: lua)
}

/// Hands a printed line to the host.
func printFromScript(host: UnsafeMutableRawPointer?, text: UnsafePointer<CChar>?, length: Int) -> Bool {
    guard let host = unsafe host, let text = unsafe text else { return false }
    let state = unsafe Unmanaged<LuaState>.fromOpaque(host).takeUnretainedValue()
    guard let output = state.output else { return false }
    let bytes = unsafe UnsafeRawBufferPointer(start: text, count: length)
    output(unsafe String(decoding: bytes, as: UTF8.self))
    return true
}

/// Tells the host that a script is about to print.
func beginLineForScript(host: UnsafeMutableRawPointer?) {
    guard let host = unsafe host else { return }
    unsafe Unmanaged<LuaState>.fromOpaque(host).takeUnretainedValue().willPrint()
}

/// Gives back the reference that a userdata held.
func releaseHostObject(_ object: UnsafeMutableRawPointer?) {
    guard let object = unsafe object else { return }
    unsafe Unmanaged<AnyObject>.fromOpaque(object).release()
}

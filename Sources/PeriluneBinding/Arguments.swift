internal import PeriluneItems
package import PeriluneLuaRuntime

/// The checked arguments of a call of a binding, read by parameter name.
///
/// The accessors convert what the checks have already accepted; they throw only where the binding reads what it did not
/// declare, which a script's author then sees as an error and not as a crash.
package struct Arguments {
    /// How a value was given.
    enum Origin {
        case position(Int)
        case name(String)
    }

    /// The binding that was called.
    package let binding: Binding
    /// The state that calls.
    package let state: LuaState
    let receiver: AnyObject?
    private var values: [LuaValue]
    private var origins: [Origin?]
    /// The arguments beyond the positional ones, where the binding takes any number.
    package internal(set) var rest: [LuaValue] = []

    init(binding: Binding, state: LuaState, receiver: AnyObject?) {
        self.binding = binding
        self.state = state
        self.receiver = receiver
        values = binding.parameters.map { $0.defaultValue?.value ?? .nil }
        origins = Array(repeating: nil, count: values.count)
    }

    func origin(at index: Int) -> Origin? { origins[index] }

    /// How many values the call has, nil among them.
    package var givenCount = 0
    /// Whether one table holds all arguments.
    var isByName = false

    /// How many arguments came by position, where a table of options came in place of the next one.
    var positionCount: Int?

    mutating func set(_ value: LuaValue, _ origin: Origin, at index: Int) {
        values[index] = value
        origins[index] = origin
    }

    private func index(_ name: String) throws(ArgumentFault) -> Int {
        if let index = binding.parameters.firstIndex(where: { $0.name == name }) { return index }
        throw .undeclared(name, function: binding.name)
    }

    /// The value, or the default where none was given.
    package func value(_ name: String) throws(ArgumentFault) -> LuaValue {
        values[try index(name)]
    }

    /// Whether the script gave a value.
    package func isGiven(_ name: String) throws(ArgumentFault) -> Bool {
        origins[try index(name)] != nil
    }

    /// A fault of a value that passed the checks and is unusable for a reason that only the body can tell, worded like
    /// any other: `bad argument #1 to 'reshape' (cannot make 3x4 of 10 elements)`.
    package func fault(_ name: String, _ reason: String) -> ArgumentFault {
        guard let index = try? index(name) else { return .undeclared(name, function: binding.name) }
        switch origins[index] {
        case .position(let position): return .unusableArgument(position, function: binding.name, reason: reason)
        case .name(let given): return .unusableOption(given, function: binding.name, reason: reason)
        case nil: return .unusableOption(name, function: binding.name, reason: reason)
        }
    }
}

extension Arguments.Origin {
    var text: String {
        switch self {
        case .position(let position): "argument #\(position)"
        case .name(let name): "'\(name)'"
        }
    }

    func fault(_ mismatch: Mismatch, in function: String) -> any Error {
        switch (self, mismatch) {
        case (.position(let position), .type(let path, let expected, let got, let hint)):
            let place = path.isEmpty ? "" : " at \(path)"
            return ArgumentFault.argument(
                position, function: function, expected: expected, got: got + place, hint: hint)
        case (.name(let name), .type(let path, let expected, let got, let hint)):
            return ArgumentFault.option(name + path, function: function, expected: expected, got: got, hint: hint)
        case (.position, .field(let path, let name, let hint)):
            return ArgumentFault.unknownOption(String((path + "." + name).dropFirst()), function: function, hint: hint)
        case (.name(let option), .field(let path, let name, let hint)):
            return ArgumentFault.unknownOption(option + path + "." + name, function: function, hint: hint)
        case (.position, .unread(let error)), (.name, .unread(let error)):
            return error
        }
    }
}

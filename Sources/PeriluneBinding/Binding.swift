package import PeriluneItems
package import PeriluneLuaRuntime

/// One function or method that scripts can call: its name, parameters, help, and what it does.
///
/// A call gives positional arguments first, then one table of options. Where there is but one table it may name
/// everything: `dense(128, { activation = "relu" })`, `dense { 128, activation = "relu" }` and
/// `dense { units = 128, activation = "relu" }` are the same call. Registration, checks, messages, help, completion and
/// stubs are all made from this value.
package struct Binding: Sendable {
    /// What a binding does: takes checked arguments, returns Lua results.
    package typealias Body = @Sendable (Arguments) throws -> [LuaValue]

    package let name: String
    package let positional: [Parameter]
    package let options: [Parameter]
    /// The type of arguments beyond the positional ones, where any number may follow.
    package let rest: Parameter?
    /// What it returns; nil for nothing.
    package let result: ParameterType?
    /// The types of further results.
    package let furtherResults: [ParameterType]
    /// First line: what it does. Further lines: details.
    package let help: String
    /// All parameters: positional ones, then options.
    package let parameters: [Parameter]
    /// Positions of those that have to be given.
    let requiredPositions: [Int]
    let body: Body

    package init(
        _ name: String, _ positional: [Parameter] = [], options: [Parameter] = [], rest: Parameter? = nil,
        result: ParameterType? = nil, furtherResults: [ParameterType] = [], help: String, body: @escaping Body
    ) {
        self.name = name
        self.positional = positional
        self.options = options
        self.rest = rest
        self.result = result
        self.furtherResults = furtherResults
        self.help = help
        parameters = positional + options
        requiredPositions = parameters.indices.filter { [parameters] in parameters[$0].isRequired }
        self.body = body
    }

    /// A method of the class whose instances are `Receiver`s.
    package static func method<Receiver: AnyObject>(
        _ name: String, of type: Receiver.Type, _ positional: [Parameter] = [], options: [Parameter] = [],
        rest: Parameter? = nil, result: ParameterType? = nil, furtherResults: [ParameterType] = [], help: String,
        body: @escaping @Sendable (Receiver, Arguments) throws -> [LuaValue]
    ) -> Binding {
        Binding(
            name, positional, options: options, rest: rest, result: result, furtherResults: furtherResults, help: help
        ) { arguments in
            try body(arguments.receiver(as: type), arguments)
        }
    }

    /// `dense(units, { activation, … })`.
    package var signature: String {
        var parts = positional.map { $0.isRequired ? $0.name : "[\($0.name)]" }
        if let rest { parts.append("\(rest.name)…") }
        if options.isEmpty { return "\(name)(\(parts.joined(separator: ", ")))" }
        let shown = options.prefix(3).map(\.name).joined(separator: ", ") + (options.count > 3 ? ", …" : "")
        if parts.isEmpty { return "\(name) { \(shown) }" }
        return "\(name)(\(parts.joined(separator: ", ")), { \(shown) })"
    }
}

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
    private let inputs: OnDemand<Inputs>
    /// The type of arguments beyond the positional ones, where any number may follow.
    package let rest: Parameter?
    /// What it returns; nil for nothing.
    package let result: ParameterType?
    /// The types of further results.
    package let furtherResults: [ParameterType]
    /// First line: what it does. Further lines: details.
    package let help: String
    let body: Body

    /// What a call gives, made when it is first asked for: most bindings are never called.
    private struct Inputs: Sendable {
        let positional: [Parameter]
        let options: [Parameter]
        let parameters: [Parameter]
        let requiredPositions: [Int]

        init(_ positional: [Parameter], _ options: [Parameter]) {
            self.positional = positional
            self.options = options
            let parameters = positional + options
            self.parameters = parameters
            requiredPositions = parameters.indices.filter { parameters[$0].isRequired }
        }
    }

    package var positional: [Parameter] { inputs.value.positional }
    package var options: [Parameter] { inputs.value.options }
    /// All parameters: positional ones, then options.
    package var parameters: [Parameter] { inputs.value.parameters }
    /// Positions of those that have to be given.
    var requiredPositions: [Int] { inputs.value.requiredPositions }

    package init(
        _ name: String, _ positional: @escaping @autoclosure @Sendable () -> [Parameter] = [],
        options: @escaping @autoclosure @Sendable () -> [Parameter] = [], rest: Parameter? = nil,
        result: ParameterType? = nil, furtherResults: [ParameterType] = [], help: String, body: @escaping Body
    ) {
        self.name = name
        inputs = OnDemand { Inputs(positional(), options()) }
        self.rest = rest
        self.result = result
        self.furtherResults = furtherResults
        self.help = help
        self.body = body
    }

    /// A method of the class whose instances are `Receiver`s.
    package static func method<Receiver: AnyObject>(
        _ name: String, of type: Receiver.Type, _ positional: @escaping @autoclosure @Sendable () -> [Parameter] = [],
        options: @escaping @autoclosure @Sendable () -> [Parameter] = [],
        rest: Parameter? = nil, result: ParameterType? = nil, furtherResults: [ParameterType] = [], help: String,
        body: @escaping @Sendable (Receiver, Arguments) throws -> [LuaValue]
    ) -> Binding {
        Binding(
            name, positional(), options: options(), rest: rest, result: result, furtherResults: furtherResults,
            help: help
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

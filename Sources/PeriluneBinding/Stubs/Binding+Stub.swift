internal import PeriluneItems

extension Binding {
    /// What a stub declares a binding as.
    enum StubKind {
        case function
        /// A method of the class that the stubs call so.
        case method(of: String)
    }

    /// The function with its options, and the other ways to call it.
    func stub(owner: String, _ kind: StubKind, _ names: StubNames) -> String {
        var text = ""
        let base: String
        let separator: String
        switch kind {
        case .function:
            base = "\(owner).\(name)"
            separator = "."
        case .method(let type):
            base = "\(type).\(name)"
            separator = ":"
        }
        let optionsType = base + ".options"
        let argumentsType = base + ".arguments"
        if !options.isEmpty { text += optionsClass(optionsType, names) }
        if takesAllByName { text += argumentsClass(argumentsType, optionsType, names) }
        text += help.commentLines
        for parameter in positional { text += parameter.line(names) }
        if !options.isEmpty { text += "---@param options\(optionsMark) \(optionsType)\n" }
        if let rest { text += "---@param ... \(rest.type.stub(names))\(rest.comment)\n" }
        for result in results { text += "---@return \(result.stub(names))\n" }
        text += overloads(kind, optionsType, argumentsType, names)
        return text + "function \(owner)\(separator)\(name)(\(parameterNames.joined(separator: ", "))) end\n\n"
    }

    private var results: [ParameterType] { (result.map { [$0] } ?? []) + furtherResults }

    private var parameterNames: [String] {
        positional.map(\.name) + (options.isEmpty ? [] : ["options"]) + (rest == nil ? [] : ["..."])
    }

    private var optionsMark: String { options.contains { $0.isRequired } ? "" : "?" }

    /// Whether one table may hold positional arguments too: `dense { 128, activation = "relu" }`.
    private var takesAllByName: Bool { !positional.isEmpty && rest == nil }

    private func optionsClass(_ type: String, _ names: StubNames) -> String {
        var text = "---@class \(type)\n"
        for option in options { text += option.fields(names) }
        return text + "\n"
    }

    private func argumentsClass(_ type: String, _ optionsType: String, _ names: StubNames) -> String {
        var text = "---@class \(type)\(options.isEmpty ? "" : ": " + optionsType)\n"
        for parameter in positional { text += parameter.fields(names, mayBeLeftOut: true) }
        if let first = positional.first, first.type.takesTable.sequence {
            // The sequence part is the first argument.
            text += "---@field [integer] any\n"
        } else {
            for (index, parameter) in positional.enumerated() {
                text += "---@field [\(index + 1)]? \(parameter.type.stub(names))\(parameter.comment)\n"
            }
        }
        return text + "\n"
    }

    /// Calls with one table for everything, and with the options in place of positional arguments that are left out.
    private func overloads(
        _ kind: StubKind, _ optionsType: String, _ argumentsType: String, _ names: StubNames
    ) -> String {
        let returned = results.isEmpty ? "" : ": " + results.map { $0.stub(names) }.joined(separator: ", ")
        let receiver: [String] = if case .method(let type) = kind { ["self: \(type)"] } else { [] }
        func overload(_ parameters: [String]) -> String {
            "---@overload fun(\((receiver + parameters).joined(separator: ", ")))\(returned)\n"
        }
        var text = ""
        if !options.isEmpty {
            let leftOut = positional.indices.dropFirst().filter { !positional[$0].isRequired }
            for count in leftOut where positional[count...].allSatisfy({ !$0.isRequired }) {
                let given = positional[..<count].map { "\($0.name)\($0.mark): \($0.type.stub(names))" }
                text += overload(given + ["options: \(optionsType)"])
            }
        }
        if takesAllByName { text += overload(["arguments: \(argumentsType)"]) }
        return text
    }
}

extension Parameter {
    var mark: String { isRequired ? "" : "?" }

    /// ` # one line of explanation`
    var comment: String { help.isEmpty ? "" : " # " + help.firstLine }

    fileprivate func line(_ names: StubNames) -> String {
        "---@param \(name)\(mark) \(type.stub(names))\(comment)\n"
    }

    /// A field for each spelling. An alias may stand in for a required option, so no spelling is required by itself.
    func fields(_ names: StubNames, mayBeLeftOut: Bool = false) -> String {
        let isOptional = mayBeLeftOut || !isRequired || !aliases.isEmpty
        return allNames.map { StubField.line($0, type.stub(names), isOptional: isOptional, help) }.joined()
    }
}

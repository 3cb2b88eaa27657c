internal import PeriluneItems
package import PeriluneLuaRuntime

/// Checks calls of the library's functions in scripts that are read and not run, by the declarations and with the words
/// of a run.
package final class CallCheck {
    /// What is wrong with a call.
    package struct Fault: Hashable, Sendable {
        package let message: String
        /// The option that it is about, where there is one.
        package let option: String?
    }

    private let state: LuaState
    private let names: CatalogueCheck

    /// - Parameter finders: what finds names in catalogues; those of a kind that is not there are not looked up.
    /// - Throws: `LuaError` where there is no memory for it.
    package init(finding finders: NameFinders) throws(LuaError) {
        names = CatalogueCheck(finders: finders)
        state = try LuaState(libraries: .none)
        state.register(LuaClassDefinition(name: "unknown"), for: UnknownArgument.self)
    }

    /// What a run would say to a call with these arguments, as far as they are known; nil where that is nothing, or an
    /// option of an unknown name.
    package func fault(of binding: Binding, givenLiterals literals: [Literal]) -> Fault? {
        var literals = literals[...]
        // What a call returns last may be any number of values, or a table of options.
        let isOpen = literals.last == .unknown
        while literals.last == .unknown { literals.removeLast() }
        let check = state.makeFunction { [names] call in
            let arguments = try binding.arguments(of: call)
            try names.check(arguments)
            return []
        }
        do {
            try check.call(literals.map { value(of: $0) })
            return nil
        } catch {
            return fault(error, isOpen: isOpen)
        }
    }

    private func fault(_ error: LuaError, isOpen: Bool) -> Fault? {
        switch error.underlying as? ArgumentFault {
        case .unknownOption: return nil
        case .argument(_, _, _, "no value", _) where isOpen: return nil
        case .option(let name, _, _, let got, _):
            return isOpen && got == "nil" ? nil : Fault(message: error.message, option: name)
        case .unusableOption(let name, _, _): return Fault(message: error.message, option: name)
        case .argument, .givenTwice, .tooMany, .receiver, .unusableArgument, .property, .readOnly, .unknownField,
            .undeclared, nil:
            return Fault(message: error.message, option: nil)
        }
    }

    private func value(of literal: Literal) -> LuaValue {
        switch literal {
        case .unknown: return .object(UnknownArgument())
        case .null: return .nil
        case .boolean(let value): return .boolean(value)
        case .number(let value): return Int(exactly: value).map { .integer($0) } ?? .number(value)
        case .text(let text): return .string(text)
        case .function: return .function(state.makeFunction { _ in [] })
        case .table(let entries):
            let table = state.makeTable()
            var count = 0
            for entry in entries {
                if let name = entry.name {
                    table[name] = value(of: entry.value)
                } else {
                    count += 1
                    table[count] = value(of: entry.value)
                }
            }
            return .table(table)
        }
    }
}

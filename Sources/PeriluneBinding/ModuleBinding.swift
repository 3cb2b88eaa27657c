package import PeriluneItems
package import PeriluneLuaRuntime

/// A table of functions that scripts get: `lune`, `lune.data`.
package struct ModuleBinding: Sendable {
    /// A page of help that belongs to no function: the order of events, for instance.
    package struct Topic: Sendable {
        package let name: String
        package let text: String

        package init(_ name: String, _ text: String) {
            self.name = name
            self.text = text
        }
    }

    /// A value that is always the same: `lune.version`.
    package struct Constant: Sendable {
        package let name: String
        package let value: Parameter.Default
        package let help: String

        package init(_ name: String, _ value: Parameter.Default, help: String) {
            self.name = name
            self.value = value
            self.help = help
        }
    }

    package let name: String
    package let help: String
    package var functions: [Binding]
    package var constants: [Constant]
    package var classes: [ClassBinding]
    package var modules: [ModuleBinding]
    package var topics: [Topic]
    /// What to say of names that people look for and that are not there.
    package var missing: [String: String] = [:]

    package init(
        _ name: String, help: String, functions: [Binding] = [], constants: [Constant] = [],
        classes: [ClassBinding] = [], modules: [ModuleBinding] = [], topics: [Topic] = []
    ) {
        self.name = name
        self.help = help
        self.functions = functions
        self.constants = constants
        self.classes = classes
        self.modules = modules
        self.topics = topics
    }

    /// What follows the message that a field is unknown: why it is not there, or the nearest name.
    /// - Parameter known: the names that there are.
    package func missingHint(_ field: String, among known: [String]) -> String {
        missing[field].map { "; " + $0 } ?? NearestName.hint(field, among: known)
    }

    /// The names of everything in the module's table.
    package var memberNames: [String] {
        functions.map(\.name) + constants.map(\.name) + modules.map(\.name)
    }
}

extension LuaState {
    /// Builds the module's table and registers its classes. Reading a field that the table does not have is an error
    /// that names the nearest one; scripts may add fields of their own.
    package func register(_ module: ModuleBinding) -> LuaTable {
        register(module, path: module.name)
    }

    private func register(_ module: ModuleBinding, path: String) -> LuaTable {
        for binding in module.classes { register(binding) }
        let table = makeTable(fields: module.memberNames.count)
        for function in module.functions { table[function.name] = .function(makeFunction(function)) }
        for constant in module.constants { table[constant.name] = constant.value.value }
        for child in module.modules { table[child.name] = .table(register(child, path: "\(path).\(child.name)")) }
        let metatable = makeTable(["__name": .string(path), "__metatable": false])
        let names = module.memberNames
        metatable["__index"] = .function(
            makeFunction { call in
                guard let field = call[2].string else {
                    throw ArgumentFault.unknownField(call[2].keyText, owner: path, hint: "")
                }
                let known = names + (call[1].table?.someFields().map(\.name) ?? [])
                throw ArgumentFault.unknownField(field, owner: path, hint: module.missingHint(field, among: known))
            })
        table.metatable = metatable
        return table
    }
}

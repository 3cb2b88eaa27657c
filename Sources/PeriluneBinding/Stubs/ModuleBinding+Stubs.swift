internal import PeriluneItems

extension ModuleBinding {
    /// The module as a LuaCATS definition file, from which editors complete and check scripts. Never executed.
    ///
    /// - Parameters:
    ///   - package: the name that scripts `require`.
    ///   - mark: the comment that such a file is known by.
    ///   - types: declarations of the types that `ParameterType.shaped` names.
    package func stubs(package: String, mark: String, with types: String = "") -> String {
        let names = StubNames(module: name)
        var text = "---@meta \(package)\n\n\(mark)\n\n"
        for (kind, members) in catalogues { text += names.alias(kind, members) }
        text += types
        for binding in classes { text += binding.stub(names) }
        return text + stub(path: name, names, inside: nil) + "return \(name)\n"
    }

    /// - Parameter outer: the module around this one, whose functions are not described a second time.
    private func stub(path: String, _ names: StubNames, inside outer: ModuleBinding?) -> String {
        let isTop = path == name
        var text = help.commentLines + "---@class \(path)\n" + (isTop ? "local \(path) = {}\n\n" : "\(path) = {}\n\n")
        for constant in constants {
            text += constant.help.commentLines + "\(path).\(constant.name) = \(constant.value.text)\n\n"
        }
        for function in functions {
            if let outer, outer.functions.contains(where: { $0.name == function.name && $0.page() == function.page() })
            {
                text += "\(path).\(function.name) = \(outer.name).\(function.name)\n\n"
            } else {
                text += function.stub(owner: path, .function, names)
            }
        }
        for module in modules { text += module.stub(path: "\(path).\(module.name)", names, inside: self) }
        return text
    }

    /// Every catalogue that a parameter or property takes its names from.
    private var catalogues: [(kind: String, names: [String])] {
        ParameterType.union(parameterTypes + propertyTypes).catalogues.sorted { $0.kind < $1.kind }
    }

    /// The kinds of catalogues that parameters take names from.
    var kindsOfNames: Set<String> { Set(ParameterType.union(parameterTypes).catalogues.map(\.kind)) }

    private var parameterTypes: [ParameterType] {
        (functions + classes.flatMap(\.methods)).flatMap(\.parameters).map(\.type) + modules.flatMap(\.parameterTypes)
    }

    private var propertyTypes: [ParameterType] {
        classes.flatMap(\.properties).map(\.type) + modules.flatMap(\.propertyTypes)
    }
}

/// What stubs call types: names of the module's own, because all files of an editor's workspace share theirs.
package struct StubNames {
    /// The module, `lune`.
    let module: String

    package init(module: String) { self.module = module }

    /// `lune.tensor`
    package func type(_ name: String) -> String { "\(module).\(name)" }

    /// `lune.loss_name`, the names of a catalogue.
    func catalogue(_ kind: String) -> String { type(kind + "_name") }

    func alias(_ kind: String, _ members: [String]) -> String {
        "---@alias \(catalogue(kind))\n" + members.map { "---| \"\($0)\"\n" }.joined() + "\n"
    }
}

extension String {
    /// The text as Lua documentation comments.
    var commentLines: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { "---" + ($0.isEmpty ? "" : " ") + $0 + "\n" }
            .joined()
    }
}

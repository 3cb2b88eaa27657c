extension ModuleBinding {
    /// The module as a LuaCATS definition file, from which editors complete and check scripts. Never executed.
    public var stubs: String {
        var text = "---@meta \(name)\n\n"
        for binding in classes { text += binding.stub }
        return text + stub(path: name) + "return \(name)\n"
    }

    private func stub(path: String) -> String {
        let isTop = path == name
        var text = help.commentLines + "---@class \(path)\n" + (isTop ? "local \(path) = {}\n\n" : "\(path) = {}\n\n")
        for constant in constants {
            text += constant.help.commentLines + "\(path).\(constant.name) = \(constant.value.text)\n\n"
        }
        for function in functions { text += function.stub(owner: path, separator: ".") }
        for module in modules { text += module.stub(path: "\(path).\(module.name)") }
        return text
    }
}

extension ClassBinding {
    fileprivate var stub: String {
        let parentNames = parents.map(\.name).joined(separator: ", ")
        var text = help.commentLines + "---@class \(name)\(parents.isEmpty ? "" : ": " + parentNames)\n"
        for property in properties {
            for spelling in property.allNames {
                text += "---@field \(spelling) \(property.type.stub) \(property.help.firstLine)\n"
            }
        }
        text += "local \(name) = {}\n\n"
        for method in methods { text += method.stub(owner: name, separator: ":") }
        return text
    }
}

extension Binding {
    fileprivate func stub(owner: String, separator: String) -> String {
        var text = ""
        let optionsName = "\(owner)_\(name)_options".map { $0 == "." ? "_" : $0 }.reduce(into: "") { $0.append($1) }
        if !options.isEmpty {
            text += "---@class \(optionsName)\n"
            for option in options {
                for spelling in option.allNames {
                    // An alias may stand in for a required option, so no spelling is required by itself.
                    let mark = option.isRequired && option.aliases.isEmpty ? "" : "?"
                    text += "---@field \(spelling)\(mark) \(option.type.stub) \(option.help.firstLine)\n"
                }
            }
            text += "\n"
        }
        text += help.commentLines
        for parameter in positional {
            let mark = parameter.isRequired ? "" : "?"
            text += "---@param \(parameter.name)\(mark) \(parameter.type.stub) \(parameter.help.firstLine)\n"
        }
        var names = positional.map(\.name)
        if !options.isEmpty {
            let mark = options.contains { $0.isRequired } ? "" : "?"
            text += "---@param options\(mark) \(optionsName)\n"
            names.append("options")
        }
        if let rest {
            text += "---@param ... \(rest.type.stub) \(rest.help.firstLine)\n"
            names.append("...")
        }
        if let result { text += "---@return \(result.stub)\n" }
        return text + "function \(owner)\(separator)\(name)(\(names.joined(separator: ", "))) end\n\n"
    }
}

extension ParameterType {
    /// The type in LuaCATS.
    var stub: String {
        switch self {
        case .any: "any"
        case .boolean: "boolean"
        case .whole: "integer"
        case .real: "number"
        case .string: "string"
        case .enumeration(let names): names.map { "\"\($0)\"" }.joined(separator: "|")
        case .function: "function"
        case .table: "table"
        case .list(let element, _): "(\(element.stub))[]"
        case .map(let value): "table<string, \(value.stub)>"
        case .record(let fields):
            "{ " + fields.map { "\($0.name)\($0.isRequired ? "" : "?"): \($0.type.stub)" }.joined(separator: ", ")
                + " }"
        case .host(let name): name
        case .union(let types): types.map(\.stub).joined(separator: "|")
        case .named(_, let type): type.stub
        case .tuple(let types): "[" + types.map(\.stub).joined(separator: ", ") + "]"
        }
    }
}

extension String {
    /// The text as Lua documentation comments.
    fileprivate var commentLines: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { "--- \($0)\n" }.joined()
    }
}

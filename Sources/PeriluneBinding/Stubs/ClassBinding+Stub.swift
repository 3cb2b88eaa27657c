internal import PeriluneItems
internal import PeriluneLuaRuntime

extension ClassBinding {
    /// The class with its own properties, operators and methods; those of its parents come by inheritance.
    func stub(_ names: StubNames) -> String {
        let parentNames = parents.map { names.type($0.name) }.joined(separator: ", ")
        var text = help.commentLines + "---@class \(names.type(name))\(parents.isEmpty ? "" : ": " + parentNames)\n"
        for property in properties {
            for spelling in property.allNames {
                text += StubField.line(spelling, property.type.stub(names), property.help)
            }
        }
        if let indexTypes {
            text += "---@field [\(indexTypes.key.stub(names))] \(indexTypes.value.stub(names))\n"
        }
        for metamethod in LuaMetamethod.allCases where operators[metamethod] != nil {
            text += metamethod.stub(on: names.type(name)).map { "---@operator \($0)\n" } ?? ""
        }
        text += "local \(name) = {}\n\n"
        for method in methods { text += method.stub(owner: name, .method(of: names.type(name)), names) }
        return text
    }
}

extension LuaMetamethod {
    /// The operator as LuaCATS declares it; nil for those that it has no word for.
    fileprivate func stub(on type: String) -> String? {
        switch self {
        case .add, .subtract, .multiply, .divide, .remainder, .power, .floorDivide:
            // Arithmetic of a class gives that class, with its own kind as with numbers.
            "\(rawValue.dropFirst(2))(any): \(type)"
        case .negate: "unm: \(type)"
        case .concatenate: "concat(any): string"
        case .length: "len: integer"
        case .call: "call(...): any"
        case .equal, .lessThan, .lessOrEqual, .toString, .pairs, .listPairs, .number, .close: nil
        }
    }
}

/// A line that describes a field.
package enum StubField {
    package static func line(_ name: String, _ type: String, isOptional: Bool = false, _ help: String) -> String {
        let comment = help.firstLine
        return "---@field \(name)\(isOptional ? "?" : "") \(type)\(comment.isEmpty ? "" : " # " + comment)\n"
    }
}

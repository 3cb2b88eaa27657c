internal import PeriluneItems

extension ParameterType {
    /// The type in LuaCATS.
    func stub(_ names: StubNames) -> String {
        switch self {
        case .any: "any"
        case .boolean: "boolean"
        case .whole: "integer"
        case .real: "number"
        case .string: "string"
        case .enumeration(let members): members.map { "\"\($0)\"" }.joined(separator: "|")
        case .catalogue(let kind, _): names.catalogue(kind)
        case .function: "function"
        case .table: "table"
        case .shaped(let name): names.type(name)
        case .list(let element, _): element.elementStub(names) + "[]"
        case .map(let value): "table<string, \(value.stub(names))>"
        case .record(let fields): Self.stub(of: fields, names)
        case .host(let name): names.type(name)
        case .union(let types): types.map { $0.stub(names) }.uniqued().joined(separator: "|")
        case .named(_, let type): type.stub(names)
        case .tuple(let types): "[" + types.map { $0.stub(names) }.joined(separator: ", ") + "]"
        }
    }

    private static func stub(of fields: [Parameter], _ names: StubNames) -> String {
        "{ " + fields.map { "\($0.name)\($0.mark): \($0.type.stub(names))" }.joined(separator: ", ") + " }"
    }

    /// The type in front of `[]`, which binds tighter than `|`.
    private func elementStub(_ names: StubNames) -> String {
        let text = stub(names)
        return text.contains("|") ? "(\(text))" : text
    }
}

extension [String] {
    /// Each once, in the order of their first places.
    fileprivate func uniqued() -> [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}

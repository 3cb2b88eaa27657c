import Perilune

/// Where a script comes from.
enum ScriptSource {
    case file(String)
    case standardInput
    /// Code from elsewhere, under the name that messages give it.
    case code(String, name: String)

    /// The source that an argument names: a path, or `-`.
    init(argument: String) {
        self = argument == "-" ? .standardInput : .file(argument)
    }

    var isStandardInput: Bool {
        if case .standardInput = self { true } else { false }
    }

    /// `arg[0]` of the script.
    var name: String {
        switch self {
        case .file(let path): path
        case .standardInput: "-"
        case .code(_, let name): name
        }
    }

    /// Where the script's own modules are: beside it.
    var directory: String? {
        guard case .file(let path) = self else { return nil }
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    func load(into state: LuaState) throws(LuaError) -> LuaChunk {
        switch self {
        case .file(let path): try state.load(path: path)
        case .standardInput: try state.loadStandardInput()
        case .code(let text, let name): try state.load(text: text, name: name)
        }
    }
}

internal import PeriluneItems
internal import PeriluneLuaRuntime

/// What a script may use for the items that it makes.
struct ScriptReach: OptionReach {
    let files: FileAccess

    func path(_ path: String, for use: FileUse) throws(OptionFault) -> String {
        do { return try files.path(path, for: files.use(use)) } catch { throw OptionFault(error.description) }
    }

    /// What a script may not write to files it may not send away either.
    var mayUseNetwork: Bool { files.writable == nil }
}

extension FileAccess {
    /// The same use in the words of the sandbox, which knows nothing of items.
    fileprivate func use(_ use: FileUse) -> Use {
        switch use {
        case .read: .read
        case .write: .write
        }
    }
}

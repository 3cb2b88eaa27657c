package import PeriluneItems
package import PeriluneLuaRuntime

/// What a script may use for the items that it makes.
package struct ScriptReach: OptionReach {
    let files: FileAccess

    package init(files: FileAccess) { self.files = files }

    package func path(_ path: String, for use: FileUse) throws(OptionFault) -> String {
        do { return try files.path(path, for: files.use(use)) } catch { throw OptionFault(error.description) }
    }

    /// What a script may not write to files it may not send away either.
    package var mayUseNetwork: Bool { files.writable == nil }
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

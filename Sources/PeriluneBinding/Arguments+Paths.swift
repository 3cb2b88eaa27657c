internal import PeriluneLuaRuntime

extension Arguments {
    /// A file to read, which the script has to be granted.
    package func readablePath(_ name: String) throws -> String { try path(name, for: .read) }

    /// A file to write, which the script has to be granted.
    package func writablePath(_ name: String) throws -> String { try path(name, for: .write) }

    private func path(_ name: String, for use: FileAccess.Use) throws -> String {
        do {
            return try state.access.path(string(name), for: use)
        } catch let error as FileFault {
            throw fault(name, error.description)
        }
    }
}

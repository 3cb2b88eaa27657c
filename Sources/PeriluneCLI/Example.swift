/// A script that comes with the program.
struct Example {
    var name: String
    var text: String

    /// The examples, from the first to read to the last.
    static let all = [
        Example("xor", PackageResources.xor_lua),
        Example("iris", PackageResources.iris_lua),
        Example("callbacks", PackageResources.callbacks_lua),
        Example("branches", PackageResources.branches_lua),
    ]

    private init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        text = String(decoding: bytes, as: UTF8.self)
    }

    /// The comment on the script's first line.
    var summary: String {
        let line = text.split(separator: "\n").first { $0.hasPrefix("-- ") } ?? ""
        return String(line.dropFirst(3))
    }
}

/// Options given by name, of which every one must be read.
struct NamedParameters {
    private let owner: String
    private let values: [String: Float]
    private var read: [String] = []

    init(_ owner: String, _ values: [String: Float]) {
        self.owner = owner
        self.values = values
    }

    subscript(name: String) -> Float? {
        mutating get {
            read.append(name)
            return values[name]
        }
    }

    mutating func integer(_ name: String) throws -> Int? {
        guard let value = self[name] else { return nil }
        guard let integer = Int(exactly: value) else {
            throw ModelError(.invalidArgument, "\(owner): \(name) must be a whole number, got \(value)")
        }
        return integer
    }

    mutating func required(_ name: String) throws -> Float {
        guard let value = self[name] else {
            throw ModelError(.invalidArgument, "\(owner) needs \(name): it has no default")
        }
        return value
    }

    /// - Throws: `ModelError.unknownName` where a value was given that was not read.
    func finish() throws {
        for name in values.keys.sorted() where !read.contains(name) {
            guard !read.isEmpty else {
                throw ModelError(.unknownName, "\(owner) has no parameters, got '\(name)'")
            }
            throw ModelError.unknown("parameter of \(owner)", name, among: read)
        }
    }
}

/// Reads the names by which users call catalogued things: Keras accepts `mean_squared_error`, `MeanSquaredError`, `mse`
/// and `MSE` alike.
enum CatalogueName {
    /// `name` in snake_case and lower case: `LeakyReLU` to `leaky_relu`, `MSE` to `mse`, `Conv2D` to `conv2d`.
    static func normalized(_ name: String) -> String {
        let letters = Array(name)
        var result = ""
        for (index, letter) in letters.enumerated() {
            if letter.isUppercase, index > 0, letters[index - 1] != "_" {
                let beginsWord = letters[index - 1].isLowercase
                let endsCapitals =
                    !letters[index - 1].isLowercase && index + 1 < letters.count && letters[index + 1].isLowercase
                if beginsWord || endsCapitals { result += "_" }
            }
            result += letter.lowercased()
        }
        // Words whose inner capitals are not word boundaries.
        return result.replacing("re_lu", with: "relu").replacing("si_lu", with: "silu")
    }
}

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

    /// - Throws: `ModelError.unknownName` where a value was given that nobody read.
    func finish() throws {
        for name in values.keys.sorted() where !read.contains(name) {
            guard !read.isEmpty else {
                throw ModelError(.unknownName, "\(owner) has no parameters, got '\(name)'")
            }
            throw ModelError.unknown("parameter of \(owner)", name, among: read)
        }
    }
}

extension EventFileReader {
    /// A summary of strings, for a plugin of TensorBoard.
    struct StringTensor: Equatable {
        var type = 0
        var shape: [Int] = []
        var strings: [[UInt8]] = []
        var plugin = ""
        var content = ""

        var texts: [String] { strings.map { String(decoding: $0, as: UTF8.self) } }

        mutating func readPlugin(_ metadata: [UInt8]) {
            for case (1, .bytes(let data)) in EventFileReader.fields(metadata) {
                for (field, value) in EventFileReader.fields(data) {
                    guard case .bytes(let text) = value else { continue }
                    if field == 1 { plugin = String(decoding: text, as: UTF8.self) }
                    if field == 2 { content = String(decoding: text, as: UTF8.self) }
                }
            }
        }
    }

    static func stringTensor(_ message: [UInt8]) -> StringTensor {
        var tensor = StringTensor()
        for (field, value) in fields(message) {
            switch (field, value) {
            case (1, .number(let type)): tensor.type = Int(type)
            case (2, .bytes(let shape)):
                for case (2, .bytes(let axis)) in fields(shape) {
                    for case (1, .number(let extent)) in fields(axis) { tensor.shape.append(Int(extent)) }
                }
            case (8, .bytes(let string)): tensor.strings.append(string)
            default: break
            }
        }
        return tensor
    }
}

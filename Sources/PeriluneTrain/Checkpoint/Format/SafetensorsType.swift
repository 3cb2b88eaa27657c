import PeriluneGraph

/// Element types of the format that can be read; those that a tensor lacks are converted.
enum SafetensorsType: String, CaseIterable {
    case float32 = "F32"
    case float64 = "F64"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case int32 = "I32"
    case int64 = "I64"

    init(_ dtype: DType) {
        switch dtype {
        case .float32: self = .float32
        case .int32: self = .int32
        }
    }

    var byteCount: Int {
        switch self {
        case .float64, .int64: 8
        case .float32, .int32: 4
        case .float16, .bfloat16: 2
        }
    }

    /// The tensor that `bytes` hold, a row-major array of `shape`; nil where an integer does not fit.
    func tensor(_ bytes: UnsafeRawBufferPointer, shape: Shape) -> Tensor? {
        func read<Element, Value>(_ type: Element.Type, _ convert: (Element) -> Value) -> [Value] {
            let count = bytes.count / MemoryLayout<Element>.size
            return [Value](unsafeUninitializedCapacity: count) { buffer, filled in
                for index in 0..<count {
                    let element = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Element>.size, as: type)
                    buffer.initializeElement(at: index, to: convert(element))
                }
                filled = count
            }
        }
        switch self {
        case .float32:
            // Bit for bit, and at the speed of a copy.
            let count = bytes.count / 4
            return Tensor(
                [Float](unsafeUninitializedCapacity: count) { buffer, filled in
                    if count > 0 { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes) }
                    filled = count
                }, shape: shape)
        case .float64: return Tensor(read(Double.self) { Float($0) }, shape: shape)
        case .float16: return Tensor(read(UInt16.self, Self.float16), shape: shape)
        case .bfloat16: return Tensor(read(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }, shape: shape)
        case .int32: return Tensor(read(Int32.self) { $0 }, shape: shape)
        case .int64:
            let values = read(Int64.self) { Int32(exactly: $0) }
            return values.contains(nil) ? nil : Tensor(values.compactMap(\.self), shape: shape)
        }
    }

    /// IEEE 754 half precision, by its parts: `Float16` does not exist on every machine.
    private static func float16(_ bits: UInt16) -> Float {
        let sign: Float = bits & 0x8000 == 0 ? 1 : -1
        let (exponent, fraction) = (Int(bits >> 10 & 0x1F), Float(bits & 0x3FF))
        switch exponent {
        case 0: return sign * fraction * 0x1p-24
        case 31: return fraction == 0 ? sign * .infinity : .nan
        case _: return sign * (1 + fraction * 0x1p-10) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
        }
    }
}

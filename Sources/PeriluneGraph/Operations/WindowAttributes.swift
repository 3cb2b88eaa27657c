/// Zeros (or, for pooling, nothing) added before and after one spatial axis.
public struct Padding: Hashable, Sendable {
    public let before: Int
    public let after: Int

    public init(before: Int, after: Int) {
        self.before = before
        self.after = after
    }

    public static let none = Padding(before: 0, after: 0)

    /// Keras's "same": the output has ceil(input / stride) positions, the odd element goes after.
    public static func same(input: Int, window: Int, stride: Int, dilation: Int = 1) -> Padding {
        // Extents come from outside: what overflows is more padding than any input has room for, and refused as such.
        let (reach, overflows) = max(0, window - 1).multipliedReportingOverflow(by: dilation)
        guard stride > 0, input > 0, !overflows else { return Padding(before: 0, after: overflows ? .max : 0) }
        // The last window begins at the last multiple of the stride that is within the input.
        let last = (input - 1) / stride * stride
        let (end, endOverflows) = last.addingReportingOverflow(reach)
        let total = endOverflows ? .max : max(0, end - (input - 1))
        return Padding(before: total / 2, after: total - total / 2)
    }
}

/// How a convolution slides; one entry for each spatial axis.
public struct ConvolutionAttributes: Hashable, Sendable {
    public let strides: [Int]
    public let dilations: [Int]
    public let padding: [Padding]
    public let groups: Int

    public init(strides: [Int], dilations: [Int], padding: [Padding], groups: Int = 1) {
        self.strides = strides
        self.dilations = dilations
        self.padding = padding
        self.groups = groups
    }
}

/// How a pooling window slides; one entry for each spatial axis.
public struct PoolingAttributes: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        case maximum
        /// Padding does not count towards the average, as in Keras.
        case average
    }

    public let kind: Kind
    public let window: [Int]
    public let strides: [Int]
    public let padding: [Padding]

    public init(_ kind: Kind, window: [Int], strides: [Int], padding: [Padding]) {
        self.kind = kind
        self.window = window
        self.strides = strides
        self.padding = padding
    }
}

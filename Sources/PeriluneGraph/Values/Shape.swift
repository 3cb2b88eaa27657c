/// The extents of a tensor, outermost axis first. A scalar has the empty shape.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral {
    /// The extent of each axis, all of them 0 or more.
    public let dimensions: [Int]

    public init(_ dimensions: [Int]) {
        self.dimensions = dimensions
    }

    public init(arrayLiteral elements: Int...) {
        self.init(elements)
    }

    /// The shape of a single number.
    public static let scalar = Shape([])

    /// The number of axes.
    public var rank: Int { dimensions.count }

    /// The number of elements: the product of all extents, 1 for a scalar. Saturates at `Int.max`, so that extents a
    /// user wrote are refused by the code that allocates them and never overflow here.
    public var elementCount: Int {
        var product = 1
        // By index: every step asks, and iterators allocate where nothing is optimized.
        for axis in dimensions.indices {
            guard dimensions[axis] != 0 else { return 0 }
            product = Shape.saturatingProduct(product, dimensions[axis])
        }
        return product
    }

    /// The extent of `axis`; negative axes count from the end.
    public subscript(axis: Int) -> Int {
        dimensions[axis < 0 ? axis + rank : axis]
    }

    /// Steps between neighbours along each axis of a row-major tensor, in elements.
    public var rowMajorStrides: [Int] {
        var strides = [Int](repeating: 1, count: rank)
        for axis in stride(from: rank - 2, through: 0, by: -1) {
            strides[axis] = Shape.saturatingProduct(strides[axis + 1], dimensions[axis + 1])
        }
        return strides
    }

    private static func saturatingProduct(_ a: Int, _ b: Int) -> Int {
        let (product, overflows) = a.multipliedReportingOverflow(by: b)
        return overflows ? .max : product
    }
}

extension Shape {
    /// This shape without its first `count` axes.
    public func dropFirst(_ count: Int = 1) -> Shape { Shape(Array(dimensions.dropFirst(count))) }

    /// This shape with `extent` as a new first axis, usually the batch.
    public func prepending(_ extent: Int) -> Shape { Shape([extent] + dimensions) }

    /// This shape with the extent of `axis` replaced; negative axes count from the end.
    public func replacing(axis: Int, with extent: Int) -> Shape {
        var result = dimensions
        result[axis < 0 ? axis + rank : axis] = extent
        return Shape(result)
    }

    /// `axis` counted from the front, or nil where this shape has no such axis.
    public func normalized(axis: Int) -> Int? {
        let front = axis < 0 ? axis + rank : axis
        return dimensions.indices.contains(front) ? front : nil
    }

    /// The shape that `self` and `other` broadcast to by NumPy's rule, or nil where they do not fit.
    public func broadcast(with other: Shape) -> Shape? {
        var result: [Int] = []
        for offset in 1...max(rank, other.rank, 1) where offset <= max(rank, other.rank) {
            let mine = offset <= rank ? self[-offset] : 1
            let theirs = offset <= other.rank ? other[-offset] : 1
            guard mine == theirs || mine == 1 || theirs == 1 else { return nil }
            result.append(mine == 1 ? theirs : mine)
        }
        return Shape(result.reversed())
    }
}

extension Shape: CustomStringConvertible {
    /// The shape as a user writes it: `[32, 10]`.
    public var description: String {
        "[" + dimensions.map(String.init).joined(separator: ", ") + "]"
    }
}

import Glibc

/// What the elements of one or several tensors are like, gathered in one pass. Lowest, highest, mean and deviation are
/// of the finite elements; the norm is of all, so that it is not finite where one is not.
struct TensorStatistics {
    /// A number that these statistics give.
    enum Kind: String, CaseIterable {
        case norm, mean, std, min, max
        /// The share of elements that are 0.
        case zeros
        /// The share of elements that are NaN or infinite.
        case nonfinite
    }

    private var count = 0.0
    private var finite = 0.0
    private var zeros = 0.0
    /// The first finite element. Sum and squares of the finite ones are about it: where the mean is large, their own
    /// squares would leave little of the deviation.
    private var origin = 0.0
    private var sum = 0.0
    private var squaresAboutOrigin = 0.0
    /// Of all elements, about 0.
    private var squares = 0.0
    private var lowest = Double.infinity
    private var highest = -Double.infinity

    /// Takes what `norm` alone needs, a few times as fast.
    mutating func addSquares(_ values: [Float]) {
        // Four sums, because each addition waits for the one before it.
        var sums = SIMD4<Double>()
        let whole = values.count / 4 * 4
        for index in stride(from: 0, to: whole, by: 4) {
            let four = SIMD4(
                Double(values[index]), Double(values[index + 1]), Double(values[index + 2]), Double(values[index + 3]))
            sums += four * four
        }
        for index in whole..<values.count { sums[0] += Double(values[index]) * Double(values[index]) }
        squares += sums.sum()
    }

    mutating func add(_ values: some Collection<Float>) {
        for value in values {
            let number = Double(value)
            count += 1
            guard value.isFinite else {
                squares += number * number
                continue
            }
            if finite == 0 { origin = number }
            finite += 1
            if value == 0 { zeros += 1 }
            let offset = number - origin
            sum += offset
            squaresAboutOrigin += offset * offset
            squares += number * number
            if number < lowest { lowest = number }
            if number > highest { highest = number }
        }
    }

    mutating func add(_ other: TensorStatistics) {
        if finite == 0 { origin = other.origin }
        let shift = other.finite == 0 ? 0 : other.origin - origin
        count += other.count
        finite += other.finite
        zeros += other.zeros
        sum += other.sum + other.finite * shift
        squaresAboutOrigin += other.squaresAboutOrigin + 2 * shift * other.sum + other.finite * shift * shift
        squares += other.squares
        lowest = Swift.min(lowest, other.lowest)
        highest = Swift.max(highest, other.highest)
    }

    /// NaN where there is no element to tell of.
    subscript(kind: Kind) -> Double {
        switch kind {
        case .norm: squares.squareRoot()
        case .mean: origin + sum / finite
        // With elements that are not finite there is no deviation from a mean.
        case .std:
            finite > 0 && finite == count
                ? Swift.max(0, squaresAboutOrigin / finite - (sum / finite) * (sum / finite)).squareRoot() : .nan
        case .min: finite > 0 ? lowest : .nan
        case .max: finite > 0 ? highest : .nan
        case .zeros: zeros / count
        case .nonfinite: (count - finite) / count
        }
    }
}

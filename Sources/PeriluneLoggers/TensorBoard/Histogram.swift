import PeriluneGraph

/// How the elements of a tensor are spread over buckets of equal width, as TensorFlow 2 does. Elements that are not
/// finite are left out.
struct Histogram {
    private(set) var lowest = Double.infinity
    private(set) var highest = -Double.infinity
    private(set) var sum = 0.0
    private(set) var sumOfSquares = 0.0
    private(set) var counts: [Double] = []
    private(set) var limits: [Double] = []

    /// Nil where no element is finite.
    init?(_ values: [Float], buckets: Int = 30) {
        var count = 0.0
        for value in values where value.isFinite {
            let number = Double(value)
            count += 1
            lowest = min(lowest, number)
            highest = max(highest, number)
            sum += number
            sumOfSquares += number * number
        }
        guard count > 0 else { return nil }
        guard highest > lowest else {
            (limits, counts) = ([highest], [count])
            return
        }
        let width = (highest - lowest) / Double(buckets)
        limits = (1...buckets).map { $0 == buckets ? highest : lowest + Double($0) * width }
        counts = [Double](repeating: 0, count: buckets)
        for value in values where value.isFinite {
            counts[min(buckets - 1, Int((Double(value) - lowest) / width))] += 1
        }
    }

    /// `HistogramProto` of TensorFlow's `summary.proto`.
    var message: ProtocolBuffer {
        var message = ProtocolBuffer()
        message.add(1, lowest)
        message.add(2, highest)
        message.add(3, counts.reduce(0, +))
        message.add(4, sum)
        message.add(5, sumOfSquares)
        message.add(6, limits)
        message.add(7, counts)
        return message
    }
}

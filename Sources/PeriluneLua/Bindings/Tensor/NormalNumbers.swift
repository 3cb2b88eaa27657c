internal import Glibc
internal import PeriluneGraph

/// Normal random numbers by the transform of Box and Muller (1958).
enum NormalNumbers {
    static func make(_ count: Int, _ philox: Philox) -> [Float] {
        var values: [Float] = []
        values.reserveCapacity(count + 4)
        var index: UInt64 = 0
        while values.count < count {
            let block = philox.block(index)
            index += 1
            append(block.0, block.1, to: &values)
            append(block.2, block.3, to: &values)
        }
        values.removeLast(values.count - count)
        return values
    }

    private static func append(_ a: UInt32, _ b: UInt32, to values: inout [Float]) {
        // 1 - u is never 0, whose logarithm is not finite.
        let radius = (-2 * log(1 - Double(Philox.unitFloat(a)))).squareRoot()
        let angle = 2 * Double.pi * Double(Philox.unitFloat(b))
        values.append(Float(radius * cos(angle)))
        values.append(Float(radius * sin(angle)))
    }
}

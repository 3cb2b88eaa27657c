import CKernels
import Testing

@Suite("Maximum pooling")
struct MaxPoolKernelTests {
    /// One pooling, along depth, height and width.
    struct Geometry: CustomTestStringConvertible, Sendable {
        var images: Int
        var channels: Int
        var input: [Int]
        var window: [Int]
        var strides: [Int]
        var before: [Int]
        var after: [Int]

        var output: [Int] {
            (0..<3).map { (input[$0] + before[$0] + after[$0] - window[$0]) / strides[$0] + 1 }
        }

        var testDescription: String {
            "\(images) x \(input) x \(channels), window \(window) by \(strides), padding \(before) \(after)"
        }

        var windows: pk_windows {
            func triple(_ list: [Int]) -> (Int64, Int64, Int64) { (Int64(list[0]), Int64(list[1]), Int64(list[2])) }
            return pk_windows(
                images: Int64(images), channels: Int64(channels), input: triple(input), output: triple(output),
                window: triple(window), strides: triple(strides), before: triple(before))
        }

        /// The places in x of each element of the result, in the order of the window.
        func places(_ image: Int, _ output: [Int], _ channel: Int) -> [Int] {
            let first = (0..<3).map { output[$0] * strides[$0] - before[$0] }
            let spans = (0..<3).map { (first[$0]..<first[$0] + window[$0]).clamped(to: 0..<input[$0]) }
            return spans[0].flatMap { d in
                spans[1].flatMap { h in
                    spans[2].map { w in
                        (((image * input[0] + d) * input[1] + h) * input[2] + w) * channels + channel
                    }
                }
            }
        }
    }

    static let geometries: [Geometry] = {
        var random = Generator(seed: 12)
        let some = (0..<60).map { _ -> Geometry in
            let window = [random.next(below: 2) + 1, random.next(below: 4) + 1, random.next(below: 4) + 1]
            func padding(_ axis: Int) -> Int { random.next(below: window[axis]) }
            return Geometry(
                images: random.next(below: 5) + 1, channels: random.pick([1, 2, 4, 7, 8, 16, 21, 32, 70]),
                input: window.map { $0 + random.next(below: 6) }, window: window,
                strides: window.map { random.next(below: $0 + 1) + 1 }, before: (0..<3).map(padding),
                after: (0..<3).map(padding))
        }
        // Windows of more places than fit a byte, and than one list holds.
        let large = [
            Geometry(
                images: 2, channels: 5, input: [1, 20, 40], window: [1, 17, 19], strides: [1, 2, 20],
                before: [0, 3, 2], after: [0, 0, 5]),
            Geometry(
                images: 1, channels: 17, input: [3, 20, 30], window: [2, 20, 29], strides: [1, 1, 1],
                before: [0, 0, 0], after: [0, 0, 0]),
        ]
        return some + large
    }()

    private func naive(_ geometry: Geometry, _ x: [Float]) -> (y: [Float], winners: [Int]) {
        var (y, winners): ([Float], [Int]) = ([], [])
        for image in 0..<geometry.images {
            for d in 0..<geometry.output[0] {
                for h in 0..<geometry.output[1] {
                    for w in 0..<geometry.output[2] {
                        for channel in 0..<geometry.channels {
                            let places = geometry.places(image, [d, h, w], channel)
                            let nan = places.last { x[$0].isNaN }
                            let largest = places.map { x[$0] }.max() ?? 0
                            let winner = nan ?? places.first { x[$0] == largest } ?? 0
                            y.append(x[winner])
                            winners.append(winner)
                        }
                    }
                }
            }
        }
        return (y, winners)
    }

    private func pool(
        _ geometry: Geometry, _ x: [Float], rectifies: Bool, threads: Int
    ) -> (y: [Float], dx: [Float], dy: [Float], intact: Bool) {
        var windows = geometry.windows
        let count = geometry.images * geometry.channels * geometry.output.reduce(1, *)
        var places = [UInt8](repeating: 0xee, count: Int(pk_max_pool_where_bytes(&windows)))
        let y = withGuardedOutput(count) { pk_max_pool(&windows, x, $0, &places, rectifies, Int32(threads)) }
        let alone = withGuardedOutput(count) { pk_max_pool(&windows, x, $0, nil, rectifies, Int32(threads)) }
        var random = Generator(seed: 5)
        let dy = random.wholeNumbers(count)
        let dx = withGuardedOutput(x.count) { pk_max_pool_gradient(&windows, dy, &places, $0, Int32(threads)) }
        return (y.elements, dx.elements, dy, y.intact && dx.intact && bits(alone.elements) == bits(y.elements))
    }

    @Test("Against a naive one", arguments: geometries) func values(_ geometry: Geometry) {
        var random = Generator(seed: 3)
        var x = random.wholeNumbers(geometry.images * geometry.channels * geometry.input.reduce(1, *))
        for round in 0...2 {
            switch round {
            case 0: break
            case 1: for _ in 0...x.count / 20 { x[random.next(below: x.count)] = .nan }
            default: x = x.map { $0.isNaN ? -.infinity : -abs($0) - 1 }
            }
            let (y, winners) = naive(geometry, x)
            for threads in 1...3 {
                let plain = pool(geometry, x, rectifies: false, threads: threads)
                #expect(plain.intact)
                #expect(zip(plain.y, y).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
                var dx = [Float](repeating: 0, count: x.count)
                for (winner, gradient) in zip(winners, plain.dy) { dx[winner] += gradient }
                #expect(plain.dx == dx)
                let rectified = pool(geometry, x, rectifies: true, threads: threads)
                #expect(zip(rectified.y, y).allSatisfy { $0 == max(0, $1) || ($0.isNaN && $1.isNaN) })
                #expect(rectified.dx == dx)
            }
        }
    }
}

internal import PeriluneGraph
internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneTrain

/// Where the random numbers of a generator's calls are, call by call.
///
/// They depend on the draw that its use began with, the pass and the call alone. So a resumed run, which calls a
/// generator again for batches it has seen, gets the examples that the whole run had, and leaves the numbers of
/// callbacks alone.
struct GeneratorNumbers {
    private let stream: Philox
    private var calls: UInt64 = 0

    /// - Parameter pass: from 1.
    init(_ draw: Philox, pass: Int) {
        let block = draw.block(UInt64(pass))
        stream = Philox(seed: Self.word(block.0, block.1), stream: Self.word(block.2, block.3))
    }

    /// Where those of the next call are, as a checkpoint would tell it.
    mutating func next() -> StateValue {
        // A call has the seed for tensors and the four words of math.random: three blocks.
        let blocks = (0..<3).map { stream.block(3 * calls + $0) }
        calls += 1
        let words = blocks.flatMap { [Self.word($0.0, $0.1), Self.word($0.2, $0.3)] }
        let values = words.map { StateValue.integer(Int(bitPattern: UInt($0))) }
        return [
            "seed": values[0], "draws": 0, "math": .list(Array(values[1...LuaState.randomWords])),
        ]
    }

    private static func word(_ low: UInt32, _ high: UInt32) -> UInt64 { UInt64(high) << 32 | UInt64(low) }
}

extension LuaState {
    /// Runs `body` with random numbers from that place on, and puts them back to where they were.
    func withRandomNumbers<Result>(_ place: StateValue, _ body: () throws -> Result) rethrows -> Result {
        let before = randomPosition
        setRandomPosition(place)
        defer { setRandomPosition(before) }
        return try body()
    }
}

import Synchronization

/// The random streams of one seed, numbered in the order in which they are taken.
///
/// What draws random numbers (a model's initial weights, a trainer, a shuffle, a tensor) takes a stream of its own when
/// it is made, so that two of a kind differ, while a program that takes them in the same order repeats. Seed and count
/// are all that has to be kept to go on from the same place.
public struct RandomStreams: Hashable, Sendable {
    /// What all the streams depend on.
    public let seed: UInt64
    /// How many were taken so far.
    public private(set) var count: UInt64

    public init(seed: UInt64, count: UInt64 = 0) {
        self.seed = seed
        self.count = count
    }

    /// Takes the next stream.
    /// - Returns: the seed of the stream: a function of `self.seed` and the stream's number alone.
    public mutating func next() -> UInt64 {
        let block = Philox(seed: seed, stream: Philox.stream(named: "streams")).block(count)
        count &+= 1
        return UInt64(block.1) << 32 | UInt64(block.0)
    }
}

extension RandomStreams {
    private static let process = Mutex(RandomStreams(seed: 0))

    /// Takes the next stream of the process: the seed of what was given none.
    ///
    /// Each call differs from the one before, and a process that makes the same calls in the same order has the same
    /// seeds. Where threads race for them, give seeds explicitly.
    public static func nextOfProcess() -> UInt64 { process.withLock { $0.next() } }
}

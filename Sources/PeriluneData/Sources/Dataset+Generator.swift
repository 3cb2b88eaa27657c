public import PeriluneGraph

/// What a generator hands over at a time: one example, or a batch of them.
public struct GeneratedExamples: Sendable {
    public var inputs: [Tensor]
    public var targets: [Tensor]
    /// One number for an example, [count] for a batch; nil where examples carry no weights.
    public var sampleWeights: Tensor?

    public init(inputs: [Tensor], targets: [Tensor] = [], sampleWeights: Tensor? = nil) {
        self.inputs = inputs
        self.targets = targets
        self.sampleWeights = sampleWeights
    }

    public init(_ x: Tensor, _ y: Tensor? = nil, sampleWeights: Tensor? = nil) {
        self.init(inputs: [x], targets: y.map { [$0] } ?? [], sampleWeights: sampleWeights)
    }
}

/// Hands over the next examples; nil when there are no more.
public typealias ExampleIterator = () throws -> GeneratedExamples?

/// A new iterator for each pass over the data. A pass has the number of its epoch, or 1 where one goes on across
/// epochs: a resumed run asks for the same one again.
package typealias ExamplePasses = (_ pass: Int) throws -> ExampleIterator

/// Whether a generator hands over single examples, for `fit` to batch, or whole batches, taken as they are.
public enum GeneratorYield: String, Hashable, Sendable, CaseIterable {
    /// Tensors of the per-example shape.
    case examples
    /// Tensors with the batch as their first axis. Batches may differ in size.
    case batches
}

extension Dataset {
    /// Examples made while training, by an iterator that `makeIterator` returns.
    ///
    /// Every epoch begins with a new iterator; nothing is ever replayed. With `steps_per_epoch` one iterator goes on
    /// across epochs. The iterator runs on the thread that takes the batches, never ahead of it.
    ///
    /// - Parameters:
    ///   - yields: whether it hands over examples or batches.
    ///   - layout: what the examples hold; nil to learn it from the first.
    ///   - makeIterator: called at the beginning of each epoch. What it throws comes out of `Batcher.startEpoch`; what
    ///     the iterator throws, out of `Batcher.next`.
    public static func generator(
        yields: GeneratorYield = .batches, layout: DataLayout? = nil,
        makeIterator: @escaping @Sendable () throws -> ExampleIterator
    ) -> Dataset {
        Dataset(
            generator: GeneratorSource(yields: yields, isConfined: false) { { _ in try makeIterator() } },
            layout: layout)
    }

    /// Like `generator`, for an iterator that may only run on the thread that calls this: a function of a script.
    ///
    /// Taking batches on another thread throws `DataError`.
    public static func localGenerator(
        yields: GeneratorYield = .batches, layout: DataLayout? = nil,
        makeIterator: @escaping () throws -> ExampleIterator
    ) -> Dataset {
        localGenerator(yields: yields, layout: layout, passes: { { _ in try makeIterator() } })
    }

    /// The same, where each pass over the data is told its number.
    ///
    /// - Parameter passes: called when a fit, an evaluation or a prediction begins.
    package static func localGenerator(
        yields: GeneratorYield = .batches, layout: DataLayout? = nil, passes: @escaping () throws -> ExamplePasses
    ) -> Dataset {
        Dataset(generator: GeneratorSource(yields: yields, isConfined: true, makePasses: passes), layout: layout)
    }
}

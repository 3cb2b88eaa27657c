public import PeriluneGraph

/// Examples to train on, validate with or predict: one or more inputs, perhaps targets, perhaps sample weights.
///
/// A data set in memory is an immutable store and a view of its rows. `split`, `shuffled`, `take` and `subset` make new
/// views; none of them copies an example. A data set may also be a generator, whose examples are made while training.
///
/// ```swift
/// let (train, validation) = try Dataset.digits().split(0.8)
/// ```
public struct Dataset: Sendable {
    enum Origin: Sendable {
        case memory(ExampleStore, RowSelection)
        case generator(GeneratorSource)
    }

    /// What a batch holds; nil for a generator that did not declare it, until a `Batcher` has seen its first examples.
    public internal(set) var layout: DataLayout?
    /// The batch size to use where `fit` is not given one.
    public internal(set) var preferredBatchSize: Int?
    /// What was learnt about the table that the examples came from; nil where they came from elsewhere.
    public internal(set) var table: TableSchema?
    var origin: Origin

    init(store: ExampleStore, layout: DataLayout) {
        self.layout = layout
        self.origin = .memory(store, .range(0..<store.count))
    }

    init(generator: GeneratorSource, layout: DataLayout?) {
        self.layout = layout
        self.origin = .generator(generator)
    }

    /// Which examples in memory the data set shows, and how many bytes they take: views of one source name the same.
    /// Nil for a generator.
    public var storage: (identifier: ObjectIdentifier, byteCount: Int)? {
        guard case .memory(let store, _) = origin else { return nil }
        let precise = store.preciseInputs.reduce(0) { $0 + $1.count } * MemoryLayout<Double>.size * store.count
        return (ObjectIdentifier(store), store.slots.reduce(precise) { $0 + $1.spec.byteCount })
    }

    /// The number of examples; nil for a generator.
    public var count: Int? {
        switch origin {
        case .memory(_, let rows): rows.count
        case .generator: nil
        }
    }

    /// The words of each column of words in the order of their class numbers from 0, by the column's name.
    public var vocabularies: [String: [String]] {
        var result: [String: [String]] = [:]
        for field in (layout.map { $0.inputs + $0.targets } ?? []) {
            for (element, words) in field.vocabularies { result[field.columnName(element)] = words }
        }
        return result
    }

    /// This data set with `size` as the batch size that `fit` uses when it is given none.
    ///
    /// - Throws: `DataError` where `size` is below 1.
    public func batched(_ size: Int) throws -> Dataset {
        guard size >= 1 else { throw DataError(.invalidArgument, "batch size must be at least 1, got \(size)") }
        var result = self
        result.preferredBatchSize = size
        return result
    }
}

extension Dataset {
    /// The parts of a data set in memory, or an error that says why `operation` needs one.
    func inMemory(_ operation: String) throws -> (store: ExampleStore, rows: RowSelection, layout: DataLayout) {
        guard case .memory(let store, let rows) = origin, let layout else {
            throw DataError(.generator, "\(operation) needs a data set in memory; this one is a generator")
        }
        return (store, rows, layout)
    }

    /// Another view of the same examples.
    func viewing(_ rows: RowSelection, of store: ExampleStore) -> Dataset {
        var result = self
        result.origin = .memory(store, rows)
        return result
    }

    /// The examples of one input, [count, …], in this view's order.
    ///
    /// - Parameter index: which input, from 0.
    /// - Throws: `DataError` for a generator, or where there is no such input.
    public func input(_ index: Int = 0) throws -> Tensor {
        let (store, rows, _) = try inMemory("reading an input")
        guard store.inputs.indices.contains(index) else {
            throw DataError(.invalidArgument, "the data set has \(store.inputs.count) inputs, no number \(index + 1)")
        }
        return store.inputs[index].gathering(rows)
    }

    /// The examples of one target, [count, …], in this view's order.
    ///
    /// - Parameter index: which target, from 0.
    /// - Throws: `DataError` for a generator, or where there is no such target.
    public func target(_ index: Int = 0) throws -> Tensor {
        let (store, rows, _) = try inMemory("reading a target")
        guard store.targets.indices.contains(index) else {
            throw DataError(.invalidArgument, "the data set has \(store.targets.count) targets, no number \(index + 1)")
        }
        return store.targets[index].gathering(rows)
    }

    /// The sample weights, [count], in this view's order; nil where there are none.
    ///
    /// - Throws: `DataError` for a generator.
    public func sampleWeights() throws -> Tensor? {
        let (store, rows, _) = try inMemory("reading sample weights")
        return store.sampleWeights?.gathering(rows)
    }
}

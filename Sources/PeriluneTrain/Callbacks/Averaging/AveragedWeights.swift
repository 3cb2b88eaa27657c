import PeriluneGraph

/// A running average of a model's weights, and the exchange of one for the other.
struct AveragedWeights {
    /// How many times weights have gone into the average.
    private(set) var count = 0
    /// By the place among the model's weights; empty for weights that are no floats, which are not averaged.
    private var values: [[Float]] = []
    /// The weights that train, while the average stands in for them.
    private var held: [Tensor]?

    /// Whether the average stands in for the weights.
    var isIn: Bool { held != nil }

    /// Moves the average towards the weights of now by `share` of the way; the first weights are the average
    /// themselves. Allocates nothing but the first time.
    mutating func take(_ run: Run, share: Float) {
        let isFirst = count == 0
        if isFirst { values = [[Float]](repeating: [], count: run.engine.readWeights().count) }
        run.engine.visitWeights { index, weights in
            // A checkpoint may have held anything.
            guard index < values.count else { return }
            if isFirst {
                values[index] = Array(weights)
                return
            }
            values[index].withUnsafeMutableBufferPointer { average in
                guard average.count == weights.count else { return }
                for place in weights.indices { average[place] += (weights[place] - average[place]) * share }
            }
        }
        count += 1
    }

    /// The average as weights; nil where there is none yet.
    func tensors(_ run: Run) -> [Tensor]? {
        guard count > 0 else { return nil }
        let current = held ?? run.readWeights()
        guard current.count == values.count else { return nil }
        return zip(current, values).map { tensor, average in
            average.count == tensor.elementCount ? Tensor(average, shape: tensor.shape) : tensor
        }
    }

    /// Lets the average stand in for the weights, where there is one.
    mutating func swapIn(_ run: Run) throws {
        guard held == nil, let average = tensors(run) else { return }
        let weights = run.readWeights()
        try run.writeWeights(average)
        held = weights
    }

    /// Puts the weights back, unless others have been written meanwhile: those stay.
    mutating func swapOut(_ run: Run) throws {
        guard let weights = held else { return }
        let average = tensors(run) ?? []
        held = nil
        guard Self.areSame(run.readWeights(), average) else { return }
        try run.writeWeights(weights)
    }

    /// Leaves the average in, for good.
    mutating func stayIn() { held = nil }

    /// Bit for bit: a NaN is equal to itself.
    private static func areSame(_ a: [Tensor], _ b: [Tensor]) -> Bool {
        a.elementsEqual(b) { first, second in
            guard case .float32(let x) = first.elements, case .float32(let y) = second.elements else {
                return first == second
            }
            return x.elementsEqual(y) { $0.bitPattern == $1.bitPattern }
        }
    }
}

extension AveragedWeights {
    var state: StateValue {
        [
            "count": .integer(count), "values": .list(values.map { .tensor(Tensor($0, shape: [$0.count])) }),
            "held": held.map { .list($0.map { .tensor($0) }) } ?? .null,
        ]
    }

    init(_ state: StateValue?) {
        values = (state?["values"]?.list ?? []).compactMap { $0.tensor?.floats }
        count = values.isEmpty ? 0 : state?["count"]?.count ?? 0
        held = state?["held"]?.list?.compactMap(\.tensor)
    }
}

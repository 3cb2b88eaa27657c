public import PeriluneGraph
public import PeriluneItems

/// A recurrent layer that reads a sequence from the front, and another one that reads it from the end
/// (Schuster and Paliwal 1997, keras.layers.Bidirectional).
///
/// Inputs: a sequence [n, steps, inputs], and initial states of both or none. Outputs: both outputs merged, or both one
/// after the other where nothing is to be merged, then the states of both where they are wanted. Weights: those of
/// `forward_…`, then those of `backward_…`.
public final class Bidirectional: Layer {
    public static let kind = "bidirectional"

    /// What becomes of the two outputs.
    public enum Merging: String, Hashable, Sendable, CaseIterable {
        case sum, mul, concat, ave, none
    }

    public static let declaration = LayerDeclaration(
        layer: kind, Bidirectional(copied: SimpleRNN(1), SimpleRNN(1), .concat),
        positional: [
            .required("layer", \.layer, .layer, "the recurrent layer, such as lune.lstm(8)")
        ],
        options: [
            .optional(
                "merge_mode", \.merging, .choice(), "how both outputs become one; \"none\" gives both"),
            .alternative(
                "backward_layer", \.given, .layer, "the one that goes backwards; one like the first"
            ),
        ],
        help: """
            A recurrent layer that reads a sequence from the front, and one that reads it from the end.
            lune.bidirectional(lune.lstm(32, { return_sequences = true }), { merge_mode = "sum" })
            """
    ) { try Bidirectional($0[\.layer], backward: $0[\.given], merging: $0[\.merging]) }

    public let core: LayerCore
    public let forward: any RecurrentLayer
    public let backward: any RecurrentLayer
    public let merging: Merging

    private init(copied forward: any RecurrentLayer, _ backward: any RecurrentLayer, _ merging: Merging) {
        core = LayerCore()
        (self.forward, self.backward, self.merging) = (forward, backward, merging)
    }

    /// - Parameters:
    ///   - layer: a recurrent layer. As in Keras it is a pattern: both directions are layers of their own.
    ///   - backward: the pattern of the one that goes backwards; nil takes the first.
    /// - Throws: `ModelError` where one of them is no recurrent layer, or the two do not give the same.
    public init(
        _ layer: any Layer, backward: (any Layer)? = nil, merging: Merging = .concat, name: String? = nil
    ) throws {
        core = LayerCore(name: name)
        forward = try Self.copy(layer, "forward", backwards: false)
        self.backward = try Self.copy(backward ?? layer, "backward", backwards: true)
        self.merging = merging
        let (first, second) = (forward.sequences, self.backward.sequences)
        guard first.returnsSequences == second.returnsSequences, first.returnsState == second.returnsState else {
            throw ModelError(
                .invalidArgument, "both directions must agree on 'return_sequences' and 'return_state'")
        }
        core.extent = LayerExtent(calling: [forward, self.backward])
    }

    public func validate() throws {
        try core.extent.check()
        try forward.validate()
        try backward.validate()
    }

    fileprivate var layer: any Layer { forward }
    fileprivate var given: (any Layer)? { backward }
    public var sublayers: [any Layer] { [forward, backward] }

    /// Another layer like `pattern` with a name that says the direction.
    private static func copy(
        _ pattern: any Layer, _ direction: String, backwards: Bool
    ) throws -> any RecurrentLayer {
        guard pattern.asRecurrentLayer != nil, let description = LayerCatalogue.describe(pattern) else {
            throw ModelError(
                .invalidArgument,
                "takes a recurrent layer such as lune.lstm(8), got one of the kind \(type(of: pattern).kind)")
        }
        var options = description.options
        let kept = pattern.name.hasPrefix("\(direction)_") ? pattern.name : "\(direction)_\(pattern.name)"
        options["name"] = .text(kept)
        options["go_backwards"] = .boolean(backwards)
        guard let copy = try LayerCatalogue.make(ItemDescription(description.name, options)).asRecurrentLayer else {
            throw ModelError(.invalidArgument, "takes a recurrent layer")
        }
        return copy
    }

    public func declareWeights(for inputs: [TensorSpec]) throws -> [WeightDeclaration] {
        let counts = (forward.stateExtents.count, backward.stateExtents.count)
        guard inputs.count == 1 || inputs.count == 1 + counts.0 + counts.1 else {
            throw ModelError(
                .invalidArgument,
                "takes a sequence and \(counts.0 + counts.1) initial states, or none, got \(inputs.count - 1)")
        }
        return []
    }

    public func call(_ inputs: [SymbolicTensor], in context: LayerContext) throws -> [SymbolicTensor] {
        let states = inputs.dropFirst()
        let ofForward = [inputs[0]] + states.prefix(forward.stateExtents.count)
        let ofBackward = [inputs[0]] + states.suffix(states.isEmpty ? 0 : backward.stateExtents.count)
        let first = try forward.run(ofForward, in: context.entering(forward, ofForward.map(\.spec)))
        let second = try backward.run(ofBackward, in: context.entering(backward, ofBackward.map(\.spec)))
        let outputs = (
            first.rows ?? first.states[forward.outputState], second.rows ?? second.states[backward.outputState]
        )
        let merged = try merge(outputs.0, outputs.1)
        return merged + (forward.sequences.returnsState ? first.states + second.states : [])
    }

    private func merge(_ a: SymbolicTensor, _ b: SymbolicTensor) throws -> [SymbolicTensor] {
        switch merging {
        case .sum: try [a + b]
        case .mul: try [a * b]
        case .ave: try [(a + b) * 0.5]
        case .concat: try [SymbolicTensor.concatenated([a, b], axis: -1)]
        case .none: [a, b]
        }
    }
}

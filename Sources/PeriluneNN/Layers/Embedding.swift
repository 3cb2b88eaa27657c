public import PeriluneGraph
public import PeriluneItems

/// A vector for each of a number of tokens (keras.layers.Embedding).
///
/// Input [n, …] of int32 indices from 0, output [n, …, outputs]; weight `embeddings` [inputs, outputs].
public final class Embedding: SingleInputLayer {
    public static let kind = "embedding"

    public static let declaration = LayerDeclaration(
        layer: kind, Embedding(1, 1),
        positional: [
            .required("input_dim", \.inputs, .integer(atLeast: 1), "how many tokens there are"),
            .required("output_dim", \.outputs, .integer(atLeast: 1), "the extent of each token's vector"),
        ],
        options: [.weight("embeddings", \.embeddings)],
        help: "A vector for each of a number of tokens, which are counted from 0."
    ) { try Embedding($0[\.inputs], $0[\.outputs], embeddings: $0[\.embeddings]) }

    public let core: LayerCore
    public let inputs: Int
    public let outputs: Int
    public let embeddings: WeightOptions

    /// - Parameters:
    ///   - inputs: the number of tokens; indices are 0..<inputs.
    ///   - outputs: the extent of a vector.
    public init(
        _ inputs: Int, _ outputs: Int, embeddings: WeightOptions = WeightOptions(RandomUniform()), name: String? = nil
    ) {
        core = LayerCore(name: name)
        self.inputs = inputs
        self.outputs = outputs
        self.embeddings = embeddings
    }

    public var inputDType: DType? { nil }

    public func validate() throws {
        try Argument.positive("input_dim", inputs)
        try Argument.positive("output_dim", outputs)
    }

    public func declareWeights(for input: TensorSpec) -> [WeightDeclaration] {
        [WeightDeclaration("embeddings", [inputs, outputs], embeddings)]
    }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        try context["embeddings"].gather(x.cast(to: .int32))
    }
}

public import PeriluneGraph

/// A layer of one input and one output.
public protocol SingleInputLayer: Layer {
    /// The numbers of axes that the input may have, the batch's included. 1 or more unless the layer says otherwise.
    var inputRanks: ClosedRange<Int> { get }

    /// The element type of the input; nil where the layer takes any. float32 unless the layer says otherwise.
    var inputDType: DType? { get }

    func declareWeights(for input: TensorSpec) throws -> [WeightDeclaration]

    func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor
}

extension SingleInputLayer {
    public var inputRanks: ClosedRange<Int> { 1...Int.max }
    public var inputDType: DType? { .float32 }
    public func declareWeights(for input: TensorSpec) throws -> [WeightDeclaration] { [] }

    public func declareWeights(for inputs: [TensorSpec]) throws -> [WeightDeclaration] {
        guard inputs.count == 1 else {
            throw ModelError(.invalidArgument, "takes one input, got \(inputs.count)")
        }
        let input = inputs[0]
        guard inputRanks.contains(input.shape.rank) else {
            let ranks =
                switch inputRanks {
                case let ranks where ranks.lowerBound == ranks.upperBound: "\(ranks.lowerBound)"
                case let ranks where ranks.upperBound == .max: "at least \(ranks.lowerBound)"
                default: "\(inputRanks.lowerBound) to \(inputRanks.upperBound)"
                }
            throw ModelError(
                .shapeMismatch, "takes an input of \(ranks) axes with the batch, got shape \(input.shape)")
        }
        if let inputDType, input.dtype != inputDType {
            throw ModelError(.typeMismatch, "takes \(inputDType.rawValue) inputs, got \(input)")
        }
        return try declareWeights(for: input)
    }

    public func call(_ inputs: [SymbolicTensor], in context: LayerContext) throws -> [SymbolicTensor] {
        try [call(inputs[0], in: context)]
    }
}

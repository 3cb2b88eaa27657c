import PeriluneGraph

/// What a cross-entropy makes of an output.
enum CrossEntropyInput {
    /// Real numbers before softmax or sigmoid.
    case logits(SymbolicTensor)
    case probabilities(SymbolicTensor)

    /// - Parameters:
    ///   - fromLogits: what the user said; nil where the model decides.
    ///   - fuses: whether the loss is the inverse of this activation, so that it can be computed from its operand.
    init(_ prediction: Prediction, fromLogits: Bool?, fuses: (ActivationResult) -> Bool) {
        if fromLogits != true, let logits = prediction.logits, let activation = prediction.activation,
            fuses(activation.result)
        {
            self = .logits(logits)
        } else if fromLogits ?? !(prediction.activation?.result.isProbabilities ?? false) {
            self = .logits(prediction.tensor)
        } else {
            self = .probabilities(prediction.tensor)
        }
    }

    /// Log-probabilities along the last axis.
    func logProbabilities() throws -> SymbolicTensor {
        switch self {
        case .logits(let logits):
            return try logits.logSoftmax()
        case .probabilities(let tensor):
            let scaled = try tensor / tensor.sum([-1], keepingAxes: true)
            return try scaled.clipped(LabelShapes.epsilon, 1 - LabelShapes.epsilon).log()
        }
    }

    /// The probabilities that metrics see of `prediction`.
    static func probabilities(
        _ prediction: Prediction, fromLogits: Bool?, _ activation: (SymbolicTensor) throws -> SymbolicTensor
    ) throws -> SymbolicTensor {
        if prediction.activation?.result.isProbabilities == true || fromLogits == false { return prediction.tensor }
        return try activation(prediction.tensor)
    }

    /// - Throws: `ModelError` where there is one class only, of which softmax always is 1.
    static func requireClasses(_ yPred: SymbolicTensor, _ name: String) throws {
        if yPred.rank >= 2, yPred.shape[-1] == 1 {
            throw ModelError(
                .shapeMismatch,
                "\(name): y_pred of shape \(yPred.shape) has a single class; use 'binary_crossentropy' for it")
        }
    }
}

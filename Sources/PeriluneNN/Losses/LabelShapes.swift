import PeriluneGraph
import PeriluneItems

/// Brings truth and prediction to one shape, and says what is wrong where that cannot be.
enum LabelShapes {
    /// Keras's epsilon: probabilities are kept this far from 0 and 1 before a logarithm.
    static let epsilon: Float = 1e-7

    /// Both as float32 of the same shape, of two axes or more: [n] becomes [n, 1]. Where one has one axis more, of
    /// extent 1, the other is given it.
    /// - Throws: `ModelError.shapeMismatch` with both shapes.
    static func matched(
        _ yTrue: SymbolicTensor, _ yPred: SymbolicTensor, _ name: String
    ) throws -> (yTrue: SymbolicTensor, yPred: SymbolicTensor) {
        guard yTrue.rank >= 1, yPred.rank >= 1 else {
            throw ModelError(
                .shapeMismatch, "\(name): y_true and y_pred need a batch axis, got \(yTrue.shape) and \(yPred.shape)")
        }
        var (truth, prediction) = try (yTrue.cast(to: .float32), yPred.cast(to: .float32))
        if truth.rank == prediction.rank + 1, truth.shape[-1] == 1 {
            prediction = try prediction.reshaped(to: Shape(prediction.shape.dimensions + [1]))
        } else if prediction.rank == truth.rank + 1, prediction.shape[-1] == 1 {
            truth = try truth.reshaped(to: Shape(truth.shape.dimensions + [1]))
        }
        guard truth.shape == prediction.shape else {
            throw ModelError(
                .shapeMismatch,
                "\(name): y_true and y_pred must have the same shape, got \(yTrue.shape) and \(yPred.shape)"
                    + hint(yTrue, yPred, name))
        }
        guard truth.rank == 1 else { return (truth, prediction) }
        return try (truth.expandingAxis(1), prediction.expandingAxis(1))
    }

    /// Class numbers as int32 of the prediction's shape without its last axis.
    /// - Throws: `ModelError.shapeMismatch` with both shapes.
    static func sparse(
        _ yTrue: SymbolicTensor, _ yPred: SymbolicTensor, _ name: String
    ) throws -> SymbolicTensor {
        guard yPred.rank >= 2 else {
            throw ModelError(
                .shapeMismatch, "\(name): y_pred needs an axis of classes after the batch, got shape \(yPred.shape)")
        }
        let expected = Shape(Array(yPred.shape.dimensions.dropLast()))
        guard yTrue.shape == expected || yTrue.shape == Shape(expected.dimensions + [1]) else {
            let hint =
                yTrue.shape == yPred.shape
                ? "; y_true looks one-hot: use '\(name.replacing("sparse_", with: ""))'" : ""
            throw ModelError(
                .shapeMismatch,
                "\(name): y_true must hold class numbers of shape \(expected) for y_pred of shape \(yPred.shape), "
                    + "got \(yTrue.shape)\(hint)")
        }
        return try yTrue.cast(to: .int32).reshaped(to: expected)
    }

    /// The mean over all axes but the batch.
    static func perSample(_ x: SymbolicTensor) throws -> SymbolicTensor { try x.mean(Array(1..<max(x.rank, 1))) }

    /// What to use in place of `name` where the truth looks like class numbers.
    private static func hint(_ yTrue: SymbolicTensor, _ yPred: SymbolicTensor, _ name: String) -> String {
        let withoutClasses = Shape(Array(yPred.shape.dimensions.dropLast()))
        guard yPred.shape[-1] > 1,
            yTrue.shape == withoutClasses || yTrue.shape == Shape(withoutClasses.dimensions + [1])
        else { return "" }
        let sparse = name == "binary_crossentropy" ? "sparse_categorical_crossentropy" : "sparse_\(name)"
        let isThere = MetricCatalogue.names.contains(sparse)
        return "; y_true looks like class numbers: \(isThere ? "use '\(sparse)'" : "make it one-hot")"
    }
}

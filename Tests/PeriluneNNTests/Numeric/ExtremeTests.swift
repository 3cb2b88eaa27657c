import PeriluneGraph
import PeriluneItems
import PeriluneNN
import PeriluneTestSupport
import Testing

/// Far from zero nothing may become infinite or not a number that is neither in exact arithmetic, gradients included.
@Suite struct ExtremeTests {
    private static let far: [Float] = [-1e4, -200, -95, -30, -1, 0, 1, 30, 95, 200, 1e4, 1e-20]

    @Test(arguments: ActivationCatalogue.spellings.filter { $0 != "exponential" }) func activation(_ name: String)
        throws
    {
        let function: Activation =
            try name == "threshold" ? .threshold(threshold: 0.5, value: -2) : ActivationCatalogue.named(name)
        // As columns, so that functions along an axis see them one by one, and as a row, where they see all.
        for shape in [Shape([12, 1]), [1, 12]] where name != "glu" || shape[-1] == 12 {
            let values = try evaluate([Tensor(Self.far, shape: shape)]) { builder, x in
                let y = try function.apply(x[0])
                return try [y] + builder.gradients(of: y, withRespectTo: x)
            }
            for value in values { #expect(value.floats.allSatisfy { $0.isFinite }, "\(name): \(value.floats)") }
        }
    }

    /// Each loss of logits, with what it is and its slope where the logit is far on the wrong side.
    @Test func `losses of logits stay exact`() throws {
        let logits = Tensor([200, -200, -200, 200] as [Float], shape: [2, 2])
        let wrong = Tensor([0, 1, 1, 0] as [Float], shape: [2, 2])
        let labels = Tensor([1, 0] as [Int32], shape: [2])
        let cases: [(any Loss, Tensor, Float)] = [
            (BinaryCrossentropy(), wrong, 200), (CategoricalCrossentropy(), wrong, 400),
            (SparseCategoricalCrossentropy(), labels, 400),
        ]
        for (loss, truth, expected) in cases {
            for isFused in [false, true] {
                // A model that ends in the activation is fused with it, and as exact.
                let activation: Activation = loss is BinaryCrossentropy ? .sigmoid : .softmax
                let values = try evaluate([logits, truth]) { builder, x in
                    let model = Sequential([ActivationLayer(isFused ? activation : .linear)])
                    let prediction = try model.emit(into: builder, [x[0]], isTraining: true).outputs[0]
                    let value = try loss.mean(x[1], prediction)
                    return try [value] + builder.gradients(of: value, withRespectTo: [x[0]])
                }
                #expect(values[0].floats == [expected], "\(loss.name)")
                let slope: Float = loss is BinaryCrossentropy ? 0.25 : 0.5
                #expect(values[1].floats == [slope, -slope, -slope, slope], "\(loss.name)")
            }
        }
    }

    @Test(arguments: LossCatalogue.names) func `a loss of probabilities 0 and 1 is finite`(_ name: String) throws {
        let loss: any Loss =
            switch name {
            case "binary_crossentropy": BinaryCrossentropy(fromLogits: false)
            case "categorical_crossentropy": CategoricalCrossentropy(fromLogits: false)
            case "sparse_categorical_crossentropy": SparseCategoricalCrossentropy(fromLogits: false)
            default: try LossCatalogue.named(name)
            }
        let sure = Tensor([0, 1, 1, 0, 1, 0] as [Float], shape: [3, 2])
        let truth =
            loss.labels == .sparse
            ? Tensor([0, 0, 1] as [Int32], shape: [3]) : Tensor([1, 0, 1, 0, 0, 1] as [Float], shape: [3, 2])
        let values = try evaluate([sure, truth]) { builder, x in
            let value = try loss.mean(x[1], Prediction(x[0]))
            return try [value] + builder.gradients(of: value, withRespectTo: [x[0]])
        }
        for value in values { #expect(value.floats.allSatisfy { $0.isFinite }, "\(name): \(value.floats)") }
    }
}

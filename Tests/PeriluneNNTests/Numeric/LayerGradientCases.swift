import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

/// A layer on inputs of these tensors, whose gradients are checked.
struct LayerGradientCase: CustomTestStringConvertible, Sendable {
    let inputs: [Tensor]
    let make: @Sendable () throws -> any Layer
    let note: String

    init(_ shapes: Shape..., note: String = "", make: @escaping @Sendable () throws -> any Layer) {
        inputs = shapes.enumerated().map { testTensor($0.element, seed: 50 + $0.offset) }
        (self.make, self.note) = (make, note)
    }

    init(_ inputs: [Tensor], make: @escaping @Sendable () throws -> any Layer) {
        (self.inputs, self.make, note) = (inputs, make, "")
    }

    var kind: String { (try? make()).map { type(of: $0).kind } ?? "a layer that cannot be made" }
    var testDescription: String { note.isEmpty ? kind : "\(kind), \(note)" }

    /// The layer as a model.
    func model() throws -> Model {
        let symbols = inputs.map { Input(Shape(Array($0.shape.dimensions.dropFirst())), dtype: $0.dtype) }
        return try Model(inputs: symbols, outputs: make().outputs(of: symbols))
    }
}

extension LayerGradientCase {
    /// Every layer of the catalogue, but for those that draw random numbers.
    static let all = core + convolutions + pooling + recurrent + normalizations + shapes + merging + activations

    private static let core = [
        LayerGradientCase([3, 4]) { Dense(3, activation: .tanh) },
        LayerGradientCase([2, 2, 3], note: "on rows, without bias") { Dense(2, usesBias: false) },
        LayerGradientCase([3, 4], note: "regularized") {
            Dense(
                3, kernel: WeightOptions(GlorotUniform(), regularizer: OrthogonalRegularizer(factor: 0.1)),
                bias: WeightOptions(Zeros(), regularizer: L1L2(l1: 0.1, l2: 0.2)))
        },
        LayerGradientCase([testLabels([2, 3], classes: 4)]) { Embedding(4, 2) },
        LayerGradientCase([2, 3]) { ActivationLayer(.mish) },
        LayerGradientCase([2, 3]) { IdentityLayer() },
        LayerGradientCase([2, 3]) { ActivityRegularization(l1: 0.1, l2: 0.2) },
        LayerGradientCase([2, 3]) { Rescaling(2, offset: -1) },
    ]

    private static let convolutions = [
        LayerGradientCase([2, 6, 2]) { Conv1D(3, 3, padding: .causal, dilationRate: 2) },
        LayerGradientCase([2, 7, 2], note: "same, strided") {
            Conv1D(2, 4, strides: 2, padding: .same, activation: .tanh)
        },
        LayerGradientCase([1, 4, 5, 2]) { Conv2D(3, [2, 3]) },
        LayerGradientCase([1, 5, 4, 4], note: "same, strided, grouped") {
            Conv2D(4, 3, strides: 2, padding: .same, groups: 2)
        },
        LayerGradientCase([1, 5, 5, 1], note: "dilated") { Conv2D(2, 2, padding: .same, dilationRate: 2) },
        LayerGradientCase([1, 3, 3, 3, 1]) { Conv3D(2, 2) },
        LayerGradientCase([1, 2, 3, 2]) { Conv2DTranspose(2, 3, strides: 2, padding: .same) },
        LayerGradientCase([1, 2, 2, 2], note: "with gaps") { Conv2DTranspose(2, 2, strides: 3) },
        LayerGradientCase([1, 4, 4, 2]) { DepthwiseConv2D(3, padding: .same, depthMultiplier: 2) },
        LayerGradientCase([1, 3, 4, 2]) { SeparableConv2D(3, 2, depthMultiplier: 2) },
    ]

    private static let pooling = [
        LayerGradientCase([2, 5, 2]) { MaxPooling1D(2) },
        LayerGradientCase([1, 5, 4, 2]) { MaxPooling2D(3, strides: 2, padding: .same) },
        LayerGradientCase([1, 4, 4, 4, 1]) { MaxPooling3D(2) },
        LayerGradientCase([2, 5, 2]) { AveragePooling1D(2) },
        LayerGradientCase([1, 5, 4, 2]) { AveragePooling2D(3, strides: 2, padding: .same) },
        LayerGradientCase([1, 4, 4, 4, 1]) { AveragePooling3D(2) },
        LayerGradientCase([2, 3, 2]) { GlobalMaxPooling1D(keepsAxes: true) },
        LayerGradientCase([2, 3, 3, 2]) { GlobalMaxPooling2D() },
        LayerGradientCase([1, 2, 3, 2, 2]) { GlobalMaxPooling3D() },
        LayerGradientCase([2, 3, 2]) { GlobalAveragePooling1D() },
        LayerGradientCase([2, 3, 3, 2]) { GlobalAveragePooling2D() },
        LayerGradientCase([1, 2, 3, 2, 2]) { GlobalAveragePooling3D(keepsAxes: true) },
    ]

    private static let normalizations = [
        LayerGradientCase([6, 3]) { BatchNormalization() },
        LayerGradientCase([3, 2, 4], note: "axis 1") { BatchNormalization(axis: 1) },
        LayerGradientCase([5, 3], note: "frozen") {
            let layer = BatchNormalization()
            layer.isTrainable = false
            return layer
        },
        LayerGradientCase([2, 3, 4]) { LayerNormalization() },
        LayerGradientCase([2, 3, 2], note: "two axes") { LayerNormalization(axes: [1, 2]) },
        LayerGradientCase([2, 4]) { RMSNormalization() },
        LayerGradientCase([2, 3, 4]) { GroupNormalization(groups: 2) },
        LayerGradientCase([2, 4]) { UnitNormalization() },
    ]

    private static let shapes = [
        LayerGradientCase([2, 2, 3]) { Flatten() }, LayerGradientCase([2, 6]) { Reshape([3, -1]) },
        LayerGradientCase([2, 2, 3]) { Permute([2, 1]) }, LayerGradientCase([2, 3]) { RepeatVector(2) },
        LayerGradientCase([1, 3, 3, 1]) { Cropping2D(top: 1, bottom: 0, left: 0, right: 1) },
        LayerGradientCase([1, 3, 2]) { ZeroPadding1D(before: 1, after: 2) },
        LayerGradientCase([1, 2, 2, 1]) { ZeroPadding2D(top: 1, bottom: 0, left: 0, right: 2) },
        LayerGradientCase([1, 2, 2]) { UpSampling1D(2) }, LayerGradientCase([1, 2, 2, 1]) { UpSampling2D([2, 3]) },
    ]

    private static let merging = [
        LayerGradientCase([2, 3], [2, 3], [2, 3]) { Add() }, LayerGradientCase([2, 3], [2, 3]) { Subtract() },
        LayerGradientCase([2, 3], [2, 3], [2, 3]) { Multiply() },
        LayerGradientCase([2, 3], [2, 3], [2, 3]) { Average() },
        LayerGradientCase([2, 3], [2, 3], [2, 3]) { Maximum() },
        LayerGradientCase([2, 3], [2, 3], [2, 3]) { Minimum() },
        LayerGradientCase([2, 3, 2], [2, 1, 2]) { Concatenate(axis: 1) },
        LayerGradientCase([2, 3], [2, 3]) { Dot() },
        LayerGradientCase([2, 3], [2, 3], note: "normalized") { Dot(normalizes: true) },
    ]

    private static let activations = [
        LayerGradientCase([2, 8]) { ReLU(maxValue: 0.5, negativeSlope: 0.1, threshold: 0.2) },
        LayerGradientCase([2, 4]) { LeakyReLU() }, LayerGradientCase([2, 2, 3]) { PReLU(sharedAxes: [1]) },
        LayerGradientCase([2, 4]) { ELU(alpha: 0.7) }, LayerGradientCase([2, 3, 2]) { Softmax(axis: 1) },
    ]
}

import PeriluneGraph
import PeriluneItems
import PeriluneNN
import PeriluneTestSupport
import Testing

/// Every layer's gradients, with respect to its inputs and its weights, as training computes them.
@Suite struct LayerGradientTests {
    @Test(arguments: LayerGradientCase.all) func `agrees with central differences`(_ layer: LayerGradientCase) throws {
        try GradientProbe(layer.testDescription, layer.model(), layer.inputs).check()
    }

    /// Layers that draw random numbers. With the numbers of one step they are linear in their input, so differences of
    /// the runtime itself are exact but for rounding.
    static let random: [LayerGradientCase] = [
        LayerGradientCase([4, 6]) { Dropout(0.4) },
        LayerGradientCase([4, 3, 2], note: "shared") { Dropout(0.4, sharedAxes: [1]) },
        LayerGradientCase([3, 3, 4]) { SpatialDropout1D(0.4) },
        LayerGradientCase([3, 2, 2, 4]) { SpatialDropout2D(0.4) },
        LayerGradientCase([3, 2, 2, 1, 4]) { SpatialDropout3D(0.4) },
        LayerGradientCase([4, 6]) { GaussianDropout(0.4) },
        LayerGradientCase([4, 6]) { GaussianNoise(0.5) },
    ]

    @Test(arguments: random) func `is linear given its random numbers`(_ layer: LayerGradientCase) throws {
        let probe = try GradientProbe(layer.testDescription, layer.model(), layer.inputs)
        let input = layer.inputs[0]
        let gradient = try probe.gradients(counter: 7)[1]
        func target(_ element: Int, _ shift: Float) throws -> Float {
            var numbers = input.floats
            numbers[element] += shift
            return try probe.gradients(counter: 7, inputs: [Tensor(numbers, shape: input.shape)])[0].floats[0]
        }
        let differences = try input.floats.indices.map { (try target($0, 1) - target($0, -1)) / 2 }
        expectClose(gradient, Tensor(differences, shape: input.shape), relative: 1e-4, absolute: 1e-5, probe.name)
        // Another step draws other numbers, unless the layer only adds them.
        if layer.kind != "gaussian_noise" { #expect(try probe.gradients(counter: 8)[1] != gradient) }
    }

    @Test func `batch normalization at inference`() throws {
        let model = Sequential([BatchNormalization()])
        try GradientProbe("inference", model, [testTensor([4, 3], seed: 50)], isTraining: false).check()
    }

    @Test(arguments: RegularizerCatalogue.names) func `regularizer`(_ name: String) throws {
        let regularizer = try RegularizerCatalogue.named(name)
        try GradientProbe(name, [testTensor([4, 3], seed: 60, in: -2...2)]) { _, x in
            [try regularizer.penalty(x[0])]
        }.check()
    }

    @Test func `every layer of the catalogue has a case`() {
        let covered = Set((LayerGradientCase.all + Self.random).map(\.kind))
        #expect(LayerCatalogue.kinds.filter { !covered.contains($0) } == [])
    }
}

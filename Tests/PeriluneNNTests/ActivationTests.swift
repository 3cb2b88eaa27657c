import PeriluneGraph
import PeriluneItems
import PeriluneNN
import PeriluneTestSupport
import Testing

struct ActivationTests {
    @Test(arguments: activationFixtures.map(\.name)) func `agrees with Keras`(name: String) throws {
        let expected = try #require(activationFixtures.first { $0.name == name }).values
        let x = testTensor([3, 6], seed: 1, in: -4...8)
        let activation = try ActivationCatalogue.named(name)
        let y = try evaluate([x]) { _, inputs in [try activation.apply(inputs[0])] }[0]
        expectClose(y, Tensor(expected, shape: name == "glu" ? [3, 3] : [3, 6]), absolute: 2e-6, name)
    }

    @Test func `sparsemax projects onto the simplex`() throws {
        // By hand: the support of the first row is its two largest; ties share; far ones get nothing.
        let x = Tensor([0.5, 0.7, -1, 2, 2, 0, 0, 0, 0, 5, 1, 1] as [Float], shape: [4, 3])
        let y = try evaluate([x]) { _, inputs in [try Activation.sparsemax().apply(inputs[0])] }[0]
        let third: Float = 1 / 3
        expectClose(y, Tensor([0.4, 0.6, 0, 0.5, 0.5, 0, third, third, third, 1, 0, 0], shape: [4, 3]))
    }

    @Test func `an activation says what its results are to a loss`() {
        let results = Dictionary(
            uniqueKeysWithValues: ActivationCatalogue.names.compactMap { name in
                (try? ActivationCatalogue.named(name)).map { (name, $0.result) }
            })
        #expect(
            results.filter { $0.value != .numbers } == [
                "sigmoid": .sigmoid, "softmax": .softmax(axis: -1), "hard_sigmoid": .probabilities,
                "sparse_sigmoid": .probabilities, "sparsemax": .probabilities,
            ])
        #expect(Activation.softmax(axis: 1).result == .softmax(axis: 1))
    }

    /// A program's own, of which the catalogue knows nothing.
    private struct Cubed: ActivationFunction {
        static let name = "cubed"
        var result: ActivationResult { .numbers }
        func apply(_ x: SymbolicTensor) throws -> SymbolicTensor { try x * x.squared() }
    }

    @Test func `a program can write one itself`() throws {
        let layer = ActivationLayer(Activation(Cubed()))
        let y = try evaluate([Tensor([1, 2, -3] as [Float], shape: [1, 3])]) { builder, x in
            [try Sequential([layer]).emit(into: builder, [x[0]], isTraining: false).outputs[0].tensor]
        }[0]
        #expect(y.floats == [1, 8, -27])
        #expect(layer.activation == Activation(Cubed()))
        #expect(layer.activation != .linear)
        #expect(LayerCatalogue.describe(layer)?.options["activation"] == nil)
        try layer.activation.validate()
    }

    @Test(arguments: activationFixtures.map(\.name).filter { $0 != "glu" }) func `gradients are finite far out`(
        name: String
    ) throws {
        let x = Tensor([-100, -30, 0, 30, 80] as [Float], shape: [1, 5])
        let activation = try ActivationCatalogue.named(name)
        let dx = try evaluate([x]) { builder, inputs in
            try builder.gradients(of: activation.apply(inputs[0]).minimum(1e6), withRespectTo: inputs)
        }[0]
        #expect(!dx.floats.contains { !$0.isFinite }, "\(dx.floats)")
    }
}

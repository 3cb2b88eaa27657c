import PeriluneGraph
import PeriluneItems
import PeriluneNN
import PeriluneTestSupport
import Testing

struct WeightTests {
    static let weight = testTensor([4, 3], seed: 60, in: -2...2)

    @Test(arguments: constraintFixtures.map(\.name)) func `constraints agree with Keras`(name: String) throws {
        let expected = try #require(constraintFixtures.first { $0.name == name }).values
        let constraint: any Constraint =
            name == "min_max_norm"
            ? MinMaxNorm(minValue: 0.2, maxValue: 0.8, rate: 0.7) : try ConstraintCatalogue.named(name)
        let value = try evaluate([WeightTests.weight]) { _, x in [try constraint.apply(x[0])] }[0]
        expectClose(value, Tensor(expected, shape: [4, 3]), name)
    }

    @Test(arguments: regularizerFixtures.map(\.name)) func `regularizers agree with Keras`(name: String) throws {
        let expected = try #require(regularizerFixtures.first { $0.name == name }).value
        let regularizer: any Regularizer =
            switch name {
            case "l1_l2": L1L2(l1: 0.1, l2: 0.2)
            case "orthogonal": OrthogonalRegularizer(factor: 0.1)
            case "orthogonal_columns": OrthogonalRegularizer(factor: 0.1, mode: .columns)
            default: try RegularizerCatalogue.named(name)
            }
        let value = try evaluate([WeightTests.weight]) { _, x in [try regularizer.penalty(x[0])] }[0]
        expectClose(value, Tensor(expected), name)
    }

    /// Mean and variance of the weights of a [300, 400] kernel.
    static let moments: [(name: String, mean: Double, variance: Double)] = [
        ("glorot_uniform", 0, 0.002_857_143), ("glorot_normal", 0, 0.002_857_143), ("he_uniform", 0, 0.006_666_667),
        ("he_normal", 0, 0.006_666_667), ("lecun_uniform", 0, 0.003_333_333), ("lecun_normal", 0, 0.003_333_333),
        ("random_normal", 0, 0.0025), ("random_uniform", 0, 0.000_833_333), ("truncated_normal", 0, 0.001_934_35),
        ("variance_scaling", 0, 0.003_333_333), ("orthogonal", 0, 0.0025), ("zeros", 0, 0), ("ones", 1, 0),
    ]

    @Test(arguments: moments) func `initializers have the mean and variance they should`(
        name: String, mean: Double, variance: Double
    ) throws {
        let tensor = try InitializerCatalogue.named(name).makeTensor(shape: [300, 400], seed: 3, stream: 4)
        let values = tensor.floats.map(Double.init)
        let measured = values.reduce(0, +) / 120_000
        let spread = values.reduce(0) { $0 + ($1 - measured) * ($1 - measured) } / 120_000
        #expect(abs(measured - mean) <= 5 * (variance / 120_000).squareRoot())
        #expect(abs(spread - variance) <= 0.02 * variance)
    }

    @Test(arguments: InitializerCatalogue.names) func `initializers depend on seed and stream alone`(
        name: String
    ) throws {
        let initializer = try InitializerCatalogue.named(name)
        let first = try initializer.makeTensor(shape: [5, 7], seed: 1, stream: 2)
        #expect(try initializer.makeTensor(shape: [5, 7], seed: 1, stream: 2) == first)
        if !["zeros", "ones", "constant", "identity"].contains(name) {
            #expect(try initializer.makeTensor(shape: [5, 7], seed: 2, stream: 2) != first)
            #expect(try initializer.makeTensor(shape: [5, 7], seed: 1, stream: 3) != first)
        }
    }

    @Test(arguments: [Shape([6, 4]), [4, 6], [2, 3, 4]]) func `orthogonal rows or columns are orthonormal`(
        shape: Shape
    ) throws {
        let columns = shape[-1]
        let rows = shape.elementCount / columns
        let matrix = try #require(
            Orthogonal().makeTensor(shape: shape, seed: 1, stream: 1).reshaped(to: [rows, columns]))
        let product = try evaluate([matrix]) { _, x in
            [try x[0].matmul(x[0], transposeA: rows >= columns, transposeB: rows < columns)]
        }[0]
        let size = min(rows, columns)
        let identity = Identity()
        expectClose(product, try identity.makeTensor(shape: [size, size], seed: 0, stream: 0), absolute: 1e-6)
    }

    @Test func `the value of a weight depends on its path, not on what else is there`() throws {
        let small = Sequential([Dense(3, name: "a")])
        let large = Sequential([Dense(4, name: "b"), Dense(3, name: "a")])
        try small.build(inputShapes: [[4]])
        try large.build(inputShapes: [[2]])
        let values = try [small, large].map { try #require($0.variables["a/kernel"]).initialValue(seed: 7) }
        #expect(values[0] == values[1])
    }

    @Test func `initializers that do not fit say which weight`() throws {
        let model = Sequential([Dense(3, bias: WeightOptions(Orthogonal()))])
        try model.build(inputShapes: [[4]])
        expectModelError(
            "weight 'dense/bias': initializer 'orthogonal' takes at least two axes, got shape [3]"
        ) { try model.variables.entries[1].initialValue(seed: 0) }
    }
}

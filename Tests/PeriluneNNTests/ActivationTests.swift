import Foundation
import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

struct ActivationTests {
    @Test(arguments: activationFixtures.map(\.name)) func `agrees with Keras`(name: String) throws {
        let expected = try #require(activationFixtures.first { $0.name == name }).values
        let x = testTensor([3, 6], seed: 1, in: -4...8)
        let activation = try Activation.named(name)
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

    @Test(arguments: Activation.names) func `every name is one that its activation gives, or an alias`(
        name: String
    ) throws {
        let parameters: [String: Float] = name == "threshold" ? ["threshold": 1, "default_value": 0] : [:]
        let activation = try Activation.named(name, parameters)
        let aliases = ["swish": "silu", "hard_swish": "hard_silu"]
        #expect(activation.name == aliases[name] ?? name)
    }

    @Test func `every case has a name that is known, and the defaults of its case`() throws {
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/PeriluneNN/Activations/Activation.swift")
        let text = try String(contentsOf: source, encoding: .utf8)
        let names = text.matches(of: /case \.\w+: "(\w+)"/).map { String($0.1) }
        #expect(names.sorted() == Activation.names.filter { !["swish", "hard_swish"].contains($0) })
        #expect(try Activation.named("leaky_relu") == .leakyRelu())
        #expect(try Activation.named("squareplus") == .squareplus())
        #expect(try Activation.named("gelu", ["approximate": 1]) == .gelu(approximate: true))
    }

    @Test func `Keras's spellings are read`() throws {
        #expect(try Activation.named("LeakyReLU") == .leakyRelu())
        #expect(try Activation.named("ReLU6") == .relu6)
        #expect(try Activation.named("ELU") == .elu())
        #expect(try Activation.named("SiLU") == .silu)
        #expect(try Activation.named("leaky_relu", ["negative_slope": 0.5]) == .leakyRelu(negativeSlope: 0.5))
    }

    @Test func `mistakes are explained`() {
        expectModelError("unknown activation 'rellu'; did you mean 'relu'?") { try Activation.named("rellu") }
        expectModelError("unknown parameter of activation 'elu' 'alhpa'; did you mean 'alpha'?") {
            try Activation.named("elu", ["alhpa": 1])
        }
        expectModelError("activation 'tanh' has no parameters, got 'alpha'") {
            try Activation.named("tanh", ["alpha": 1])
        }
        expectModelError("activation 'threshold' needs threshold: it has no default") {
            try Activation.named("threshold")
        }
        expectModelError("alpha of elu must be a finite number of 0 or more, got nan") {
            try Activation.named("elu", ["alpha": .nan])
        }
    }

    @Test(arguments: activationFixtures.map(\.name).filter { $0 != "glu" }) func `gradients are finite far out`(
        name: String
    ) throws {
        let x = Tensor([-100, -30, 0, 30, 80] as [Float], shape: [1, 5])
        let activation = try Activation.named(name)
        let dx = try evaluate([x]) { builder, inputs in
            try builder.gradients(of: activation.apply(inputs[0]).minimum(1e6), withRespectTo: inputs)
        }[0]
        #expect(!dx.floats.contains { !$0.isFinite }, "\(dx.floats)")
    }
}

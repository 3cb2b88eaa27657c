import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// What optimizers make of a step's graph.
struct UpdateGraphTests {
    /// The graph of a training step of a model with one weight.
    static func graph(_ optimizer: Optimizer) throws -> String {
        let data = try Dataset.tensors(testTensor([4, 2]), testTensor([4, 1]))
        let trainer = try Trainer(
            Sequential([Dense(1, usesBias: false)]), optimizer: optimizer, loss: MeanSquaredError(), seed: 0)
        let layout = try #require(data.layout)
        try trainer.prepare(for: layout)
        return try StepGraph(trainer: trainer, layout: layout, batch: 4, mode: .train).build().description
    }

    /// The gradient is %22. What other rules and options need costs Adam nothing.
    @Test func `Adam's update is one chain of these nodes`() throws {
        let update = """
            %23 = variable v1 : float32[2, 1]
            %24 = variable v2 : float32[2, 1]
            %25 = hyperparameter h0 : float32[]
            %26 = hyperparameter h1 : float32[]
            %27 = hyperparameter h2 : float32[]
            %28 = hyperparameter h3 : float32[]
            %29 = hyperparameter h4 : float32[]
            %30 = hyperparameter h5 : float32[]
            %31 = hyperparameter h6 : float32[]
            %34 = broadcast(%25) : float32[2, 1]
            %35 = multiply(%23, %34) : float32[2, 1]
            %36 = broadcast(%26) : float32[2, 1]
            %37 = multiply(%22, %36) : float32[2, 1]
            %38 = add(%35, %37) : float32[2, 1]
            %39 = broadcast(%27) : float32[2, 1]
            %40 = multiply(%24, %39) : float32[2, 1]
            %41 = square(%22) : float32[2, 1]
            %42 = broadcast(%28) : float32[2, 1]
            %43 = multiply(%41, %42) : float32[2, 1]
            %44 = add(%40, %43) : float32[2, 1]
            %45 = squareRoot(%44) : float32[2, 1]
            %46 = broadcast(%30) : float32[2, 1]
            %47 = multiply(%45, %46) : float32[2, 1]
            %48 = broadcast(%31) : float32[2, 1]
            %49 = add(%47, %48) : float32[2, 1]
            %50 = broadcast(%29) : float32[2, 1]
            %51 = multiply(%38, %50) : float32[2, 1]
            %52 = divide(%51, %49) : float32[2, 1]
            %53 = subtract(%1, %52) : float32[2, 1]
            statistics = %12
            v0 := %53
            v1 := %38
            v2 := %44
            """
        let graph = try Self.graph(.adam())
        #expect(graph.hasSuffix(update), "\(graph)")
    }
}

import PeriluneData
import PeriluneGraph
import PeriluneNN
import Testing

@testable import PeriluneTrain

/// Freezing as in Keras: a container's flag is set on all that it holds, and what is set later on an inner layer
/// counts.
@Suite("Freezing layers within layers")
struct FreezingTests {
    private struct Nested {
        let model: Sequential
        let trainer: Trainer
        let base: Sequential
        let inner: Sequential
        let (a, b, c): (Dense, Dense, Dense)

        init() throws {
            (a, b, c) = (Dense(3, name: "a"), Dense(3, name: "b"), Dense(1, name: "c"))
            inner = Sequential([b], name: "inner")
            base = Sequential([a, inner], name: "base")
            model = Sequential([base, c])
            trainer = try Trainer(model, optimizer: .sgd(learningRate: 0.1), loss: MeanSquaredError(), seed: 1)
            trainer.message = { _ in }
            // Built, with weights.
            _ = try trainer.evaluate(line())
        }

        /// The layers that a step changes.
        func moved(_ callbacks: [any Callback] = []) throws -> Set<String> {
            let before = try trainer.getWeights()
            trainer.trainabilityChanged()
            try trainer.fit(line(), epochs: 1, callbacks: callbacks, verbose: .silent)
            let after = try trainer.getWeights()
            return Set(
                zip(model.variables.entries, zip(before, after)).filter { $1.0 != $1.1 }.map { variable, _ in
                    String(variable.path.split(separator: "/").dropLast().last ?? "")
                })
        }
    }

    @Test func `A container's flag is set on all within`() throws {
        let nested = try Nested()
        nested.base.isTrainable = false
        #expect(!nested.a.isTrainable && !nested.b.isTrainable && !nested.inner.isTrainable && nested.c.isTrainable)
        #expect(try nested.moved() == ["c"])
        nested.base.isTrainable = true
        #expect(try nested.moved() == ["a", "b", "c"])
        nested.model.isTrainable = false
        #expect(!nested.b.isTrainable && !nested.c.isTrainable)
    }

    @Test func `What is set later on an inner layer counts`() throws {
        let nested = try Nested()
        nested.base.isTrainable = false
        nested.b.isTrainable = true
        #expect(!nested.base.isTrainable)
        #expect(try nested.moved() == ["b", "c"])
        nested.inner.isTrainable = false
        #expect(try nested.moved() == ["c"])
    }

    @Test func `Directives freeze and unfreeze within a frozen container`() throws {
        let nested = try Nested()
        let freezes = LambdaCallback([
            .trainBegin: { _ in .freeze("base") }, .epochBegin: { _ in .unfreeze("b") },
        ])
        #expect(try nested.moved([freezes]) == ["b", "c"])
        #expect(!nested.base.isTrainable && nested.b.isTrainable)
    }

    @Test func `A checkpoint keeps which layers train, also within frozen ones`() throws {
        let (nested, other) = (try Nested(), try Nested())
        nested.base.isTrainable = false
        nested.b.isTrainable = true
        try other.trainer.restoreState(nested.trainer.captureState(), path: "the other")
        #expect(!other.base.isTrainable && !other.a.isTrainable && !other.inner.isTrainable)
        #expect(other.b.isTrainable && other.c.isTrainable)
        #expect(try other.moved() == ["b", "c"])
    }
}

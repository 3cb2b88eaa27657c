import Foundation
import PeriluneGraph
import PeriluneNN
import Testing

@testable import PeriluneData
@testable import PeriluneTrain

/// What a model cannot make sense of is an error before the first batch, or at the batch that brings it.
@Suite struct FieldRuleTests {
    private func trainer(_ layers: [any Layer], _ loss: any Loss) throws -> Trainer {
        let trainer = try Trainer(Sequential(layers), optimizer: .sgd(), loss: loss, seed: 1)
        trainer.message = { _ in }
        return trainer
    }

    /// Two batches; the second one may be bad.
    private func generator(_ first: GeneratedExamples, _ second: GeneratedExamples) -> Dataset {
        .generator {
            var next = [first, second].makeIterator()
            return { next.next() }
        }
    }

    /// What is thrown, up to where the batch's example is named: a fit adds how far it had come.
    private func fault(_ body: () throws -> Void) -> String {
        var text = "no error"
        do { try body() } catch { text = "\(error)" }
        guard let example = text.range(of: #"example \d+\)"#, options: .regularExpression) else { return text }
        return String(text[..<example.upperBound])
    }

    @Test(
        arguments: [
            (7, "label 7 is out of range; there are 3 classes, 0...2"),
            (-1, "label -1 is out of range; there are 3 classes, 0...2"), (1.5, "label 1.5 is not a whole number"),
        ] as [(Float, String)])
    func labelsOfAGenerator(bad: Float, message: String) throws {
        let x = Tensor(repeating: 0.5, shape: [2, 4])
        let good = GeneratedExamples(x, floats([0, 2], shape: [2]))
        let data = generator(good, GeneratedExamples(x, floats([1, bad], shape: [2])))
        let model = try trainer([Dense(3)], SparseCategoricalCrossentropy())
        #expect(
            fault { try model.fit(data, epochs: 1, verbose: .silent) }
                == "generator: column 'y': \(message) (epoch 1, batch 2, example 2)")
        #expect(
            fault { _ = try model.evaluate(data) }
                == "generator: column 'y': \(message) (epoch 1, batch 2, example 2)")
        let first = generator(GeneratedExamples(x, floats([bad, 1], shape: [2])), good)
        #expect(
            fault { try model.fit(first, epochs: 1, verbose: .silent) }
                == "generator: column 'y': \(message) (epoch 1, batch 1, example 1)")
    }

    @Test(
        arguments: [
            (3, "index 3 is out of range; 'tokens' has 3 rows, 0...2 (they count from 0)"),
            (-1, "index -1 is out of range; 'tokens' has 3 rows, 0...2 (they count from 0)"),
            (1e9, "index 1000000000 is out of range; 'tokens' has 3 rows, 0...2 (they count from 0)"),
            (2.5, "index 2.5 is not a whole number"),
        ] as [(Float, String)])
    func indicesOfAnEmbedding(bad: Float, message: String) throws {
        let y = floats([0, 1], shape: [2, 1])
        func model() throws -> Trainer {
            try trainer([Embedding(3, 2, name: "tokens"), Flatten(), Dense(1)], MeanSquaredError())
        }
        let x = floats([0, 1, 2, bad], shape: [2, 2])
        let data = try Dataset.tensors(x, y)
        let expected = "row 2: column 'x[2]': \(message)"
        #expect(fault { try model().fit(data, epochs: 1, verbose: .silent) } == expected)
        #expect(fault { _ = try model().evaluate(data) } == expected)
        #expect(fault { _ = try model().predict(data) } == expected)
        #expect(fault { _ = try model().trainOnBatch(x, y) } == expected)
        let good = floats([0, 1, 2, 0], shape: [2, 2])
        try model().fit(.tensors(good, y), epochs: 1, validation: .tensors(good, y), verbose: .silent)
        #expect(
            fault {
                try model().fit(.tensors(good, y), epochs: 1, validation: data, verbose: .silent)
            } == expected)
        #expect(
            fault {
                let made = generator(GeneratedExamples(good, y), GeneratedExamples(x, y))
                try model().fit(made, epochs: 1, verbose: .silent)
            } == "generator: column 'x[2]': \(message) (epoch 1, batch 2, example 2)")
        if let whole = Int32(exactly: bad) {
            let integers = try Dataset.tensors(Tensor([0, 1, 2, whole], shape: [2, 2]), y)
            #expect(fault { try model().fit(integers, epochs: 1, verbose: .silent) } == expected)
        }
    }

    /// Whatever views lie between the input and the embedding, and in whatever part of a model it stands.
    @Test func indicesBehindViews() throws {
        let y = floats([0, 1], shape: [2, 1])
        let x = floats([0, 1, 2, 3, 4, 5, 6, 0], shape: [2, 4])
        func message(_ layers: [any Layer]) throws -> String {
            let model = try trainer(layers + [Flatten(), Dense(1)], MeanSquaredError())
            return fault { try model.fit(.tensors(x, y), epochs: 1, verbose: .silent) }
        }
        let expected = "row 2: column 'x[3]': index 6 is out of range; 'table' has 6 rows, 0...5 (they count from 0)"
        let table = { Embedding(6, 2, name: "table") }
        #expect(try message([Reshape([2, 2]), Permute([2, 1]), table()]) == expected)
        #expect(try message([RepeatVector(3), table()]) == expected)
        #expect(try message([Sequential([Reshape([2, 2]), table()])]) == expected)
        func cropped(_ top: Int, _ bottom: Int) -> Cropping2D {
            Cropping2D(top: top, bottom: bottom, left: 0, right: 0)
        }
        #expect(try message([Reshape([4, 1, 1]), cropped(2, 0), table()]) == expected)
        #expect(try message([Reshape([4, 1, 1]), cropped(0, 2), table()]) == "no error")
        #expect(try message([Reshape([4, 1]), ZeroPadding1D(before: 1, after: 2), table()]) == expected)
    }

    @Test(
        arguments: [
            (BinaryCrossentropy(), 1, 2, "binary_crossentropy takes numbers from 0 to 1"),
            (BinaryCrossentropy(), 0, -1, "binary_crossentropy takes numbers from 0 to 1"),
            (Poisson(), 3, -1, "poisson takes numbers of at least 0"),
            (Hinge(), -1, 2, "hinge takes numbers from -1 to 1"),
            (SquaredHinge(), -1, 2, "squared_hinge takes numbers from -1 to 1"),
            (KLDivergence(), 1, 2, "kl_divergence takes numbers from 0 to 1"),
            (
                MeanSquaredLogarithmicError(), 5, -2, "mean_squared_logarithmic_error takes numbers of at least 0"
            ),
        ] as [(any Loss & Sendable, Float, Float, String)])
    func labelsOutsideOfALossesRange(loss: any Loss & Sendable, good: Float, bad: Float, message: String) throws {
        let x = Tensor(repeating: 0.5, shape: [2, 2])
        let model = try trainer([Dense(1, activation: .sigmoid)], loss)
        let (right, wrong) = (floats([good, good], shape: [2]), floats([good, bad], shape: [2]))
        try model.fit(.tensors(x, right), epochs: 1, verbose: .silent)
        let text = "label \(Int(bad)) is out of range; \(message)"
        #expect(
            fault { try model.fit(.tensors(x, wrong), epochs: 1, verbose: .silent) } == "row 2: column 'y': \(text)")
        #expect(
            fault {
                let data = generator(GeneratedExamples(x, right), GeneratedExamples(x, wrong))
                try model.fit(data, epochs: 1, verbose: .silent)
            } == "generator: column 'y': \(text) (epoch 1, batch 2, example 2)")
    }

    @Test func rowsOfAViewAreNumberedInTheSource() throws {
        let x = Tensor([0, 1, 2, 0, 1, 5] as [Int32], shape: [6, 1])
        let data = try Dataset.tensors(x, Tensor(repeating: 0, shape: [6, 1])).split(0.5).rest
        let model = try trainer([Embedding(3, 2, name: "e"), Flatten(), Dense(1)], MeanSquaredError())
        let expected = "row 6: column 'x[1]': index 5 is out of range; 'e' has 3 rows, 0...2 (they count from 0)"
        #expect(fault { _ = try model.evaluate(data) } == expected)
        #expect(fault { _ = try model.evaluate(data.shuffled(seed: 3)) } == expected)
    }
}

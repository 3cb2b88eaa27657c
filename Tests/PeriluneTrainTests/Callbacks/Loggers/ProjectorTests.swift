import Foundation
import PeriluneData
import PeriluneGraph
import PeriluneLoggers
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

@Suite struct ProjectorTests {
    /// Trains a model with two embeddings of five rows, one of them in a submodel.
    @discardableResult
    static func train(_ board: TensorBoard, say: @escaping (String) -> Void = { _ in }) throws -> Trainer {
        let words = Input([2], dtype: .int32)
        let inner = Sequential([Embedding(5, 2, name: "short")], name: "inner")
        let both = try Concatenate()([Embedding(5, 3, name: "long")(words), inner(words)])
        let model = try Model(inputs: [words], outputs: [Dense(1)(Flatten()(both))])
        let trainer = try Trainer(model, optimizer: .sgd(), loss: MeanSquaredError(), seed: 0)
        trainer.message = say
        try trainer.fit(
            .tensors(Tensor((0..<16).map { Int32($0 % 5) }, shape: [8, 2]), testTensor([8, 1])), epochs: 3,
            callbacks: [board], verbose: .silent)
        return trainer
    }

    private func table(_ path: String) throws -> [[Float?]] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
            line.split(separator: "\t").map { Float($0) }
        }
    }

    @Test func `the projector finds the tables of embeddings and what their rows stand for`() throws {
        let folder = try TemporaryFolder()
        let names = try folder.write("logs/words.tsv", "a\nb\nc\nd\ne\n")
        let columns = try folder.write(
            "columns.tsv", "word\tclass\n" + (1...5).map { "\($0)\tx" }.joined(separator: "\n"))
        let trainer = try Self.train(
            TensorBoard(
                folder.path("logs"), embeddingsFrequency: 3,
                embeddingsMetadata: ["*": "words.tsv", "inner/*": columns]))
        let train = folder.path("logs/train") + "/"
        #expect(
            try String(contentsOfFile: train + "projector_config.pbtxt", encoding: .utf8) == """
                embeddings {
                  tensor_name: "long"
                  tensor_path: "embedding_1.tsv"
                  metadata_path: "metadata_1.tsv"
                }
                embeddings {
                  tensor_name: "inner/short"
                  tensor_path: "embedding_2.tsv"
                  metadata_path: "metadata_2.tsv"
                }

                """)
        let weights = try trainer.getWeights()
        #expect(try table(train + "embedding_1.tsv").flatMap { $0 } == weights[0].floats)
        #expect(try table(train + "embedding_2.tsv").map(\.count) == [2, 2, 2, 2, 2])
        for (copy, original) in [("metadata_1.tsv", names), ("metadata_2.tsv", columns)] {
            #expect(FileManager.default.contentsEqual(atPath: train + copy, andPath: original))
        }
    }

    @Test func `the tables come every k epochs`() throws {
        let folder = try TemporaryFolder()
        try Self.train(TensorBoard(folder.path("logs"), embeddingsFrequency: 4))
        #expect(!FileManager.default.fileExists(atPath: folder.path("logs/train/projector_config.pbtxt")))
        try Self.train(TensorBoard(folder.path("logs"), embeddingsFrequency: 2))
        #expect(FileManager.default.fileExists(atPath: folder.path("logs/train/embedding_2.tsv")))
        #expect(!FileManager.default.fileExists(atPath: folder.path("logs/train/metadata_1.tsv")))
    }

    @Test func `a file that has not a line for each row is a warning before the first batch, or an error`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("logs/words.tsv", "a\nb\nc\n")
        func board(_ file: String, critical: Bool = false) throws -> TensorBoard {
            try TensorBoard(
                folder.path("logs"), embeddingsFrequency: 1, embeddingsMetadata: ["long": file], critical: critical)
        }
        var said: [String] = []
        try Self.train(board("words.tsv"), say: { said.append($0) })
        let reason = "\(path): has 3 lines, 'long' has 5 rows"
        #expect(said == ["tensorboard: \(reason); it logs nothing more, the run goes on"])
        let error = try #require(throws: TrainingError.self) { try Self.train(board("words.tsv", critical: true)) }
        #expect(error.message.contains(reason), "\(error)")
        #expect(error.place.epoch == nil)
        said = []
        try Self.train(board("none.tsv"), say: { said.append($0) })
        #expect(said.count == 1 && said[0].contains("none.tsv: cannot be read"), "\(said)")
    }

    @Test func `options that nothing fits are refused before the first batch`() throws {
        func message(_ body: () throws -> Void) throws -> String {
            try #require(throws: TrainingError.self) { try body() }.message
        }
        #expect(
            try message { _ = try TensorBoard(embeddingsMetadata: ["*": "x"]) }
                == "tensorboard: 'embeddings_metadata' goes with 'embeddings_freq'")
        #expect(
            try message { _ = try TensorBoard(embeddingsFrequency: -1) }.contains(
                "'embeddings_freq' must be a whole number"))
        let folder = try TemporaryFolder()
        #expect(
            try message {
                try Self.train(
                    TensorBoard(folder.path("a"), embeddingsFrequency: 1, embeddingsMetadata: ["lnog": "words.tsv"]))
            }.contains("no layer is called 'lnog'; did you mean 'long'?"))
        let trainer = try Trainer(Sequential([Dense(1)]), optimizer: .sgd(), loss: MeanSquaredError(), seed: 0)
        #expect(
            try message {
                try trainer.fit(
                    .tensors(testTensor([4, 2]), testTensor([4, 1])), epochs: 1,
                    callbacks: [TensorBoard(folder.path("a"), embeddingsFrequency: 1)], verbose: .silent)
            }.contains("tensorboard: 'embeddings_freq' is given, and the model has no embedding"))
    }
}

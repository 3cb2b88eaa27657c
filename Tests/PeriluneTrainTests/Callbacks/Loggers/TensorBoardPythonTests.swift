import Foundation
import PeriluneData
import PeriluneGraph
import PeriluneLoggers
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// The Python that has TensorBoard's own reader.
private enum TensorBoardPython {
    /// Nil where there is none.
    static let name: String? = {
        let name = ProcessInfo.processInfo.environment["PERILUNE_PYTHON"] ?? "python3"
        return (try? run(name, "import tensorboard.backend.event_processing.event_accumulator")).map { _ in name }
    }()

    struct Failed: Error {}

    static func run(_ python: String, _ script: String, _ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [python, "-c", script] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed() }
        return String(decoding: data, as: UTF8.self)
    }
}

/// What TensorBoard itself makes of the files.
@Suite(.enabled(if: TensorBoardPython.name != nil, "needs Python's tensorboard; PERILUNE_PYTHON names an interpreter"))
struct TensorBoardPythonTests {
    private func lines(_ script: String, _ arguments: String) throws -> [Substring] {
        try TensorBoardPython.run(#require(TensorBoardPython.name), script, arguments).split(separator: "\n")
    }

    /// Trains a model of three features and one target for four epochs.
    private func train(_ model: Model, _ board: TensorBoard) throws {
        try Trainer(model, optimizer: .sgd(), loss: MeanSquaredError(), seed: 0).fit(
            .tensors(testTensor([12, 3]), testTensor([12, 1])), epochs: 4,
            validation: .tensors(testTensor([6, 3], seed: 2), testTensor([6, 1], seed: 3)), callbacks: [board],
            verbose: .silent)
    }

    @Test func `it reads scalars, histograms and images`() throws {
        let folder = try TemporaryFolder()
        try train(
            Sequential([Dense(4, name: "first"), Dense(1, name: "last")]),
            TensorBoard(folder.path("logs"), updateFrequency: .steps(1), histogramFrequency: 2, writeImages: true))
        let script = """
            import sys
            from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
            for side in ("train", "validation"):
                reader = EventAccumulator(sys.argv[1] + "/" + side, size_guidance={"histograms": 0, "tensors": 0})
                reader.Reload()
                for tag in sorted(reader.Tags()["scalars"]):
                    print(side, tag, [e.step for e in reader.Scalars(tag)])
                for tag in sorted(reader.Tags()["histograms"]):
                    events = reader.Histograms(tag)
                    print(side, tag, [(e.step, e.histogram_value.num) for e in events])
                for tag in sorted(reader.PluginTagToContent("images") if side == "train" else []):
                    pictures = [(e.step, e.tensor_proto.string_val) for e in reader.Tensors(tag)]
                    print(side, tag, [(step, int(p[0]), int(p[1]), p[2][1:4].decode()) for step, p in pictures])
            """
        #expect(
            try lines(script, folder.path("logs")) == [
                "train batch_loss [1, 2, 3, 4]", "train epoch_learning_rate [1, 2, 3, 4]",
                "train epoch_loss [1, 2, 3, 4]", "train first/bias/histogram [(2, 4.0), (4, 4.0)]",
                "train first/kernel/histogram [(2, 12.0), (4, 12.0)]",
                "train last/bias/histogram [(2, 1.0), (4, 1.0)]", "train last/kernel/histogram [(2, 4.0), (4, 4.0)]",
                "train first/bias/image [(2, 4, 1, 'PNG'), (4, 4, 1, 'PNG')]",
                "train first/kernel/image [(2, 4, 3, 'PNG'), (4, 4, 3, 'PNG')]",
                "train last/kernel/image [(2, 4, 1, 'PNG'), (4, 4, 1, 'PNG')]",
                "validation epoch_loss [1, 2, 3, 4]", "validation evaluation_loss_vs_iterations [1, 2, 3, 4]",
            ])
    }

    /// Every node of the graph with what feeds it, as TensorBoard draws it.
    private static let graph = """
        import json, sys
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
        from tensorboard.plugins.graph.keras_util import keras_model_to_graph_def
        reader = EventAccumulator(sys.argv[1] + "/train", size_guidance={"tensors": 0})
        reader.Reload()
        (tag, version), = reader.PluginTagToContent("graph_keras_model").items()
        (event,) = reader.Tensors(tag)
        print(tag, version.decode(), event.step)
        for node in keras_model_to_graph_def(json.loads(event.tensor_proto.string_val[0])).node:
            print(node.name, node.attr["keras_class"].s.decode(), node.attr["dtype"].type, list(node.input))
        """

    @Test func `it draws a stack, also what is behind a submodel`() throws {
        let folder = try TemporaryFolder()
        let inner = Sequential([Dense(4), Dropout(0.1)], name: "inner")
        try train(Sequential([inner, ActivationLayer(.relu), Dense(1)]), TensorBoard(folder.path("logs")))
        #expect(
            try lines(Self.graph, folder.path("logs")) == [
                "keras 1 0", "sequential/input InputLayer 1 []",
                "sequential/inner/input InputLayer 1 ['sequential/input']",
                "sequential/inner/dense Dense 1 ['sequential/inner/input']",
                "sequential/inner/dropout Dropout 1 ['sequential/inner/dense']",
                "sequential/activation Activation 1 ['sequential/inner/dropout']",
                "sequential/dense Dense 1 ['sequential/activation']",
            ])
    }

    @Test func `it draws a model with branches, a shared layer and submodels`() throws {
        let folder = try TemporaryFolder()
        try train(TensorBoardGraphTests.branching(), TensorBoard(folder.path("logs")))
        #expect(
            try lines(Self.graph, folder.path("logs")) == [
                "keras 1 0", "branching/pixels InputLayer 1 []",
                "branching/shared Dense 1 ['branching/pixels', 'branching/shared']",
                "branching/encoder/input InputLayer 1 ['branching/shared']",
                "branching/encoder/wide Dense 1 ['branching/encoder/input']",
                "branching/encoder/narrow Dense 1 ['branching/encoder/wide']",
                "branching/join/input InputLayer 1 ['branching/encoder/narrow']",
                "branching/join/input_1 InputLayer 1 ['branching/shared']",
                "branching/join/left Dense 1 ['branching/join/input']",
                "branching/join/both Concatenate 1 ['branching/join/left', 'branching/join/input_1']",
                "branching/output Dense 1 ['branching/join/both']",
            ])
    }

    @Test func `its projector reads the tables of embeddings`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("logs/words.tsv", "a\nb\nc\nd\ne\n")
        try ProjectorTests.train(
            TensorBoard(folder.path("logs"), embeddingsFrequency: 1, embeddingsMetadata: ["long": "words.tsv"]))
        let script = """
            import sys
            from google.protobuf import text_format
            from tensorboard.plugins.projector import projector_plugin
            folder = sys.argv[1] + "/train/"
            config = projector_plugin.ProjectorConfig()
            text_format.Parse(open(folder + "projector_config.pbtxt").read(), config)
            for table in config.embeddings:
                tensor = projector_plugin._read_tensor_tsv_file(folder + table.tensor_path)
                print(table.tensor_name, tensor.shape, table.metadata_path)
            """
        #expect(
            try lines(script, folder.path("logs")) == ["long (5, 3) metadata_1.tsv", "inner/short (5, 2) "])
    }
}

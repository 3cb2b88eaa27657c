import Foundation
import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneLoggers
@testable import PeriluneTrain

@Suite struct TensorBoardGraphTests {
    /// A shared layer, a model within the model that has two inputs and one that is a stack.
    static func branching() throws -> Model {
        let pixels = Input([3], name: "pixels")
        let shared = Dense(3, activation: .relu, name: "shared")
        let once = try shared(pixels)
        let twice = try shared(once)
        let (left, right) = (Input([2]), Input([3]))
        let joined = try Concatenate(name: "both")([Dense(2, name: "left")(left), right])
        let join = try Model(inputs: [left, right], outputs: [joined], name: "join")
        let encoder = Sequential([Dense(4, name: "wide"), Dense(2, name: "narrow")], name: "encoder")
        let output = try Dense(1, name: "output")(join([encoder(twice), once]))
        return try Model(inputs: [pixels], outputs: [output], name: "branching")
    }

    private func fit(
        _ logs: String, writeGraph: Bool = true, epochs: Int = 1, resume: String? = nil, _ others: [any Callback] = []
    ) throws {
        let trainer = try Trainer(Self.branching(), optimizer: .sgd(), loss: MeanSquaredError(), seed: 0)
        var options = FitOptions()
        (options.epochs, options.resume, options.verbose) = (epochs, resume, .silent)
        trainer.message = { _ in }
        try trainer.fit(
            .tensors(testTensor([8, 3]), testTensor([8, 1])), options,
            callbacks: [TensorBoard(logs, writeGraph: writeGraph)] + others)
    }

    private func events(_ folder: TemporaryFolder, _ logs: String) throws -> [EventFileReader.Event] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(logs + "/train"))
        #expect(names.count == 1)
        return try EventFileReader.events(folder.path(logs + "/train/" + #require(names.first)))
    }

    @Test func `the model comes first, as the summary that TensorBoard's graphs know`() throws {
        let folder = try TemporaryFolder()
        try fit(folder.path("logs"))
        let events = try events(folder, "logs")
        #expect(events[1].step == 0)
        let graph = try #require(events[1].tensors["keras"])
        #expect(graph.plugin == "graph_keras_model" && graph.content == "1")
        #expect(graph.type == 7 && graph.shape == [] && graph.strings.count == 1)
        let json = try #require(
            JSONSerialization.jsonObject(with: Data(graph.strings[0])) as? [String: Any])
        #expect(json["class_name"] as? String == "Functional")
        let config = try #require(json["config"] as? [String: Any])
        #expect(config["name"] as? String == "branching")
        let layers = try #require(config["layers"] as? [[String: Any]])
        #expect(layers.map { $0["name"] as? String } == ["pixels", "shared", "encoder", "join", "output"])
        #expect(
            layers.map { $0["class_name"] as? String } == ["InputLayer", "Dense", "Sequential", "Functional", "Dense"])
        #expect(events.dropFirst(2).allSatisfy { $0.tensors.isEmpty })
    }

    @Test func `no model is written where none is asked for`() throws {
        let folder = try TemporaryFolder()
        try fit(folder.path("logs"), writeGraph: false)
        #expect(try events(folder, "logs").allSatisfy { $0.tensors.isEmpty })
    }

    @Test func `a resumed run does not write the model again`() throws {
        let folder = try TemporaryFolder()
        let saved = folder.path("saved")
        for epochs in 1...3 {
            let saver = try ModelCheckpoint(.folder(saved, keepLast: 1, keepBest: 0))
            try fit(folder.path("logs"), epochs: epochs, resume: saved, [saver])
        }
        let events = try events(folder, "logs")
        #expect(events.map { $0.tensors.keys.sorted() } == [[], ["keras"], [], [], []])
        #expect(events.map(\.step) == [0, 0, 1, 2, 3])
    }

    @Test func `a stack says what each layer takes, also behind a submodel`() throws {
        let model = Sequential([
            Sequential([Dense(4), Dropout(0.1)], name: "inner"), ActivationLayer(.relu), Dense(1, name: "say \"é\""),
        ])
        try model.build(inputShapes: [[3]])
        let json = ModelGraph.text(model.outline)
        for part in [
            #""class_name":"Sequential""#, #""keras_history":["inner/dropout",0,0]"#, #""class_name":"Activation""#,
            #""name":"say \"é\"""#, #""batch_shape":[null,3],"dtype":"float32","name":"input""#,
        ] { #expect(json.contains(part), "\(part) in \(json)") }
    }
}

// A program that owns a model and its data, and lets the user's Lua script steer the training:
//
//     swift run embedding-example Sources/EmbeddingExample/callbacks.lua
import Glibc
import Perilune

func train(steeredBy path: String) throws {
    let (training, validation) = try Dataset.digits().shuffled(seed: 7).split(0.8)
    let model = Sequential {
        Dense(64, activation: .relu)
        Dense(10)
    }
    let trainer = try Trainer(
        model, optimizer: .adam(learningRate: 1e-3), loss: SparseCategoricalCrossentropy(), metrics: [Accuracy()],
        seed: 7)

    let script = try LuaScript(contentsOf: path, globals: ["dataset_name": "digits"])
    script.register("notify") { arguments in
        print("epoch \(arguments.first?.integer ?? 0): \(arguments.last?.number ?? 0)")
    }

    let history = try trainer.fit(
        training, epochs: 50, batchSize: 32, validation: validation, callbacks: [script], verbose: .silent)
    let rates = (history["lr"] ?? []).prefix(3).map { "\($0)" }.joined(separator: ", ")
    print("learning rates: \(rates), …")
    print("\(history.endReason.map { "\($0)" } ?? "running"): \(history.stopReason ?? "")")
}

/// Standard error, to print to.
struct StandardError: TextOutputStream {
    mutating func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in _ = Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
    }
}

do {
    guard let path = CommandLine.arguments.dropFirst().first else {
        throw LuaError(.file, "give the path of a script with callbacks")
    }
    try train(steeredBy: path)
} catch {
    var errors = StandardError()
    print("embedding-example: \(error)", to: &errors)
    exit(1)
}

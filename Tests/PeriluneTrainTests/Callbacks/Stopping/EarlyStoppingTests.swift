import PeriluneNN
import Testing

@testable import PeriluneTrain

/// Runs fit with a scripted validation loss, one value an epoch; nil leaves the value out of the logs.
///
/// The value is written by a callback under `score`, so that a missing one can be scripted too.
func fitWithScores(
    _ scores: [Double?], _ callback: any Callback, engine: FakeEngine, epochs: Int? = nil
) throws -> History {
    let writer = LambdaCallback(on: .epochEnd) { context in
        context.logs["score"] = scores[context.run.epoch - 1]
        return nil
    }
    return try makeLoop(engine, [writer, callback], validates: false) { $0.epochs = epochs ?? scores.count }.fit()
}

@Suite("EarlyStopping")
struct EarlyStoppingTests {
    struct Vector: CustomTestStringConvertible {
        var scores: [Double?]
        var patience = 0
        var minDelta = 0.0
        var mode = Monitor.Mode.min
        var baseline: Double?
        var start = 0
        /// The epoch that stops, from 1; nil: none.
        var stops: Int?
        /// The epoch whose weights are left at the end.
        var weights: Float?
        var testDescription: String { "\(scores) patience \(patience)" }
    }

    // Measured on Keras, see the reference's numeric vectors; its epochs count from 0. Deviations are marked.
    static let vectors = [
        Vector(scores: [1, 1], stops: 2),
        Vector(scores: [1, 1], patience: 1, stops: 2),
        Vector(scores: [10, 9, 8, 9, 8.9, 8.8, 8.7], patience: 0, stops: 4),
        Vector(scores: [10, 9, 8, 9, 8.9, 8.8, 8.7], patience: 1, stops: 4),
        Vector(scores: [10, 9, 8, 9, 8.9, 8.8, 8.7], patience: 2, stops: 5),
        Vector(scores: [10, 9, 8, 9, 8.9, 8.8, 8.7], patience: 3, stops: 6),
        Vector(scores: [1, 0.5, 0], patience: 1, minDelta: 0.5, stops: 2),
        Vector(scores: [0, 0.25, 0.6], patience: 1, minDelta: -0.5, mode: .max, stops: 2),
        Vector(scores: [0.9, 0.8, 0.7, 0.6, 0.55, 0.54, 0.53], patience: 2, baseline: 0.5),
        // Keras's pull request 23559: every improvement resets the wait, whatever the baseline.
        Vector(scores: [0.9, 0.8, 0.7, 0.6, 0.6, 0.5], patience: 2, baseline: 0.5),
        Vector(scores: [1, nil, nil, nil, 1, 1], patience: 2, stops: 6),
        Vector(scores: [0.1, 0.5, 0.9, 0.9, 0.9, 0.9], patience: 2, start: 2, stops: 5, weights: 3),
        Vector(scores: [0.5, 0.1, 0.9], patience: 5, weights: 2),
        // Deviation: a NaN at the start is not the best, where Keras stops at its third epoch with the first's weights.
        Vector(scores: [.nan, 1, 0.5, 0.4, 0.3], patience: 2, weights: 5),
        Vector(scores: [1, .nan, 0.5, .nan, .nan, 0.3], patience: 2, stops: 5, weights: 3),
        Vector(scores: [.infinity, 1, 0.5], patience: 2),
        Vector(scores: [-.infinity, 1], patience: 1, stops: 2),
    ]

    @Test("The reason counts validations where they do not come with each epoch")
    func validations() throws {
        func reason(_ every: FitOptions.ValidationFrequency) throws -> String? {
            let engine = try FakeEngine()
            let stopper = try EarlyStopping(patience: 2)
            return try makeLoop(engine, [stopper]) { ($0.epochs, $0.validationEvery) = (20, every) }.fit().stopReason
        }
        #expect(try reason(.epochs(1)) == "val_loss has not improved for 2 epochs; best 0.25 in epoch 1")
        #expect(try reason(.epochs(3)) == "val_loss has not improved for 2 validations; best 0.25 in epoch 3")
        #expect(try reason(.steps(1)) == "val_loss has not improved for 2 validations; best 0.25 in epoch 1")
    }

    @Test("A name that the logs lack is told, with who misses it and the nearest one")
    func missing() throws {
        let engine = try FakeEngine()
        let stopper = try EarlyStopping(monitor: "val_los", mode: .min)
        _ = try makeLoop(engine, [stopper]).fit()
        #expect(
            engine.remarks.first?.hasPrefix(
                "early_stopping: the logs of epoch 1 have no 'val_los'; did you mean 'val_loss'?; there are loss, ")
                == true, "\(engine.remarks)")
    }

    @Test("Decides as Keras does", arguments: vectors)
    func decides(_ vector: Vector) throws {
        let engine = try FakeEngine()
        let stopper = try EarlyStopping(
            monitor: "score", minDelta: vector.minDelta, patience: vector.patience, mode: vector.mode,
            baseline: vector.baseline, restoreBestWeights: vector.weights != nil, startFromEpoch: vector.start)
        for _ in 1...2 {
            // The second fit sees no state of the first.
            let history = try fitWithScores(vector.scores, stopper, engine: engine)
            #expect(stopper.stoppedEpoch == vector.stops ?? 0)
            #expect(history.endReason == (vector.stops == nil ? .finished : .stopped))
            #expect(history.epochs.count == vector.stops ?? vector.scores.count)
            if let weights = vector.weights { #expect(engine.weights == weights) }
        }
    }

    @Test("Says why it stopped")
    func reason() throws {
        let history = try fitWithScores(
            [1, 0.5, 0.6, 0.7], EarlyStopping(monitor: "score", patience: 2, mode: .min), engine: FakeEngine())
        #expect(history.stopReason == "score has not improved for 2 epochs; best 0.5 in epoch 2")
    }

    @Test("Restores the best weights when another callback stops, and not after a failure")
    func restoring() throws {
        let engine = try FakeEngine()
        let stopper = try EarlyStopping(monitor: "score", patience: 9, mode: .min, restoreBestWeights: true)
        let writer = LambdaCallback(on: .epochEnd) { context in
            context.logs["score"] = Double(context.run.epoch)
            return context.run.epoch == 3 ? .stop() : nil
        }
        _ = try makeLoop(engine, [writer, stopper]) { $0.epochs = 5 }.fit()
        #expect(engine.weights == 1)
        engine.failing = (3, 1)
        #expect(throws: TrainingError.self) { try makeLoop(engine, [writer, stopper]) { $0.epochs = 5 }.fit() }
        #expect(engine.weights == 2)
    }

    @Test("Negative patience and other impossible options are refused")
    func options() {
        #expect(throws: TrainingError.self) { try EarlyStopping(patience: -1) }
        #expect(throws: TrainingError.self) { try EarlyStopping(minDelta: .nan) }
        #expect(throws: TrainingError.self) { try EarlyStopping(startFromEpoch: -1) }
        #expect(throws: TrainingError.self) { try EarlyStopping(baseline: .infinity) }
    }

    @Test("A monitor that cannot work is found before the first event")
    func monitors() throws {
        func message(_ name: String, validates: Bool = true, metrics: [MonitoredQuantity]? = nil) throws -> String {
            let engine = try FakeEngine()
            if let metrics { engine.metrics = metrics }
            let recorder = Recorder()
            let loop = makeLoop(engine, [recorder, try EarlyStopping(monitor: name)], validates: validates)
            let error = try #require(throws: TrainingError.self) { try loop.fit() }
            #expect(error.code == .unknownMonitor)
            #expect(recorder.trace.isEmpty)
            return error.description
        }
        #expect(try message("val_los").contains("did you mean 'val_loss'?"))
        #expect(try message("val_loss", validates: false).contains("fit was given no validation data"))
        #expect(
            try message("custom", metrics: [.init("loss", .minimize), .init("custom", nil)]).contains("mode = \"min\""))
        #expect(try message("zzz").contains("loss, accuracy, val_loss, val_accuracy"))
    }

    @Test("The direction comes from the metric")
    func direction() throws {
        let engine = try FakeEngine()
        engine.validationValue = { Double($0) }
        _ = try makeLoop(engine, [EarlyStopping(monitor: "val_accuracy", patience: 1)]) { $0.epochs = 3 }.fit()
        #expect(engine.step == 6)
        engine.step = 0
        _ = try makeLoop(engine, [EarlyStopping(monitor: "val_loss", patience: 1)]) { $0.epochs = 3 }.fit()
        #expect(engine.step == 4)
    }

    @Test("Validations within an epoch count, each once")
    func withinEpoch() throws {
        let engine = try FakeEngine()
        engine.batches = 4
        let stopper = try EarlyStopping(monitor: "val_loss", patience: 2)
        engine.validationValue = { [1, 0.5, 0.6, 0.7][min($0, 4) - 1] }
        let history = try makeLoop(engine, [stopper]) { options in
            options.epochs = 4
            options.validationEvery = .steps(2)
        }.fit()
        #expect(history.validations.map(\.step) == [2, 4, 6, 8])
        #expect(history.endReason == .stopped)
        #expect(stopper.stoppedEpoch == 2)
    }
}

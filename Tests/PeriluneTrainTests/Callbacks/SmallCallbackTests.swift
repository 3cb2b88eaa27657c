import Glibc
import PeriluneData
import PeriluneLoggers
import Testing

@testable import PeriluneTrain

@Suite("Small callbacks")
struct SmallCallbackTests {
    @Test("LearningRateScheduler gets the epoch from 1 and the rate so far")
    func scheduler() throws {
        let engine = try FakeEngine(learningRate: 1)
        var seen: [[Double]] = []
        let scheduler = LearningRateScheduler { epoch, rate in
            seen.append([Double(epoch), rate])
            return rate / 2
        }
        let history = try makeLoop(engine, [scheduler]) { $0.epochs = 2 }.fit()
        #expect(seen == [[1, 1], [2, 0.5]])
        #expect(history["lr"] == [0.5, 0.25])
        #expect(throws: TrainingError.self) { try makeLoop(engine, [LearningRateScheduler { _, _ in .nan }]).fit() }
    }

    @Test("TerminateOnNaN stops in order, or raises", arguments: [Double.nan, .infinity])
    func terminate(_ loss: Double) throws {
        let engine = try FakeEngine()
        engine.trainValue = { epoch, batch in epoch == 2 && batch == 1 ? loss : 1 }
        let history = try makeLoop(engine, [TerminateOnNaN()]) { $0.epochs = 5 }.fit()
        #expect(history.endReason == .stopped)
        #expect(history.epochs == [1, 2])
        #expect(history.stopReason == "the loss of epoch 2, batch 1 is \(loss)")
        let error = try #require(throws: TrainingError.self) {
            try makeLoop(engine, [TerminateOnNaN(raiseError: true)]) { $0.epochs = 5 }.fit()
        }
        #expect(error.code == .invalidLoss)
    }

    @Test("One object that is in the list twice, or within a rule as well, is an error before the first batch")
    func twice() throws {
        let engine = try FakeEngine()
        let stopper = try EarlyStopping(monitor: "loss", patience: 4)
        for list in [[stopper, stopper], [stopper, try CombinedStopping(.any, [stopper])]] as [[any Callback]] {
            let message = failure { _ = try makeLoop(engine, list).fit() }
            #expect(message == "the callback 'early_stopping' is in the list twice; where two are wanted, make two")
        }
        #expect(engine.calls.isEmpty)
        _ = try makeLoop(engine, [stopper, EarlyStopping(monitor: "loss", patience: 4)]) { $0.epochs = 9 }.fit()
        #expect(stopper.stoppedEpoch == 5)
    }

    static func contents(_ path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while case let byte = fgetc(file), byte >= 0 { bytes.append(UInt8(byte)) }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("CSVLogger writes the known columns, and NA for what is missing")
    func csv() throws {
        let path = P_tmpdir + "/perilune-csv-\(getpid()).csv"
        defer { unlink(path) }
        func fit(_ logger: CSVLogger, validates: Bool = true) throws {
            _ = try makeLoop(FakeEngine(), [logger], validates: validates) { options in
                options.epochs = 2
                options.validationEvery = .epochs(2)
            }.fit()
        }
        try fit(CSVLogger(path))
        var lines = Self.contents(path).split(separator: "\n").map(String.init)
        #expect(
            lines[0] == "epoch,loss,accuracy,val_loss,val_accuracy,lr,step,epoch_seconds,samples_per_second")
        #expect(lines[1].hasPrefix("1,0.5,0.5,NA,NA,0.1,2,"))
        #expect(lines[2].hasPrefix("2,0.5,0.5,0.25,0.25,0.1,4,"))
        try fit(CSVLogger(path, append: true))
        lines = Self.contents(path).split(separator: "\n").map(String.init)
        #expect(lines.count == 5)
        // What is no table of epochs stays as it is.
        _ = "x,y\n1,2\n".withCString { text in fopen(path, "w").map { fputs(text, $0) + fclose($0) } }
        #expect(throws: TrainingError.self) { try fit(CSVLogger(path, append: true, critical: true)) }
        #expect(Self.contents(path) == "x,y\n1,2\n")
        #expect(throws: TrainingError.self) { try CSVLogger(path, separator: "ab") }
    }

    @Test("The progress bar prints one line an epoch where there is no terminal")
    func lines() throws {
        var text = ""
        let bar = ProgressBar(.lines, clock: { 0 }, sink: { text += $0 })
        _ = try makeLoop(FakeEngine(), [bar]) { $0.epochs = 2 }.fit()
        #expect(
            text.split(separator: "\n").first.map(String.init)
                == "Epoch 1/2 - 0.0s - loss: 0.5000 - accuracy: 0.5000 - val_loss: 0.2500 - val_accuracy: "
                + "0.2500 - lr: 0.1000"
        )
    }

    @Test("The bar is redrawn at most every 50 ms and stays within the width")
    func bar() throws {
        let engine = try FakeEngine()
        engine.batches = 100
        var (now, pieces) = (0.0, [String]())
        let bar = ProgressBar(
            .bar, width: 60,
            clock: {
                now += 0.01
                return now
            }, sink: { pieces.append($0) })
        _ = try makeLoop(engine, [bar]).fit()
        #expect(pieces.count < 25)
        for piece in pieces.dropLast() { #expect(piece.filter { $0 != "\r" && $0 != "\n" }.count <= 59) }
        // Room is made for the numbers.
        #expect(pieces.contains { $0.contains("/100 ━──── ") && $0.contains("loss: 0.5000 - acc") })
        // Nothing is drawn over the last one.
        #expect(pieces.last?.hasPrefix("\r100/100 ━━━━━━━━━━━━━━━━━━━━ ") == true)
        #expect(pieces.last?.hasSuffix("- val_loss: 0.2500 - val_accuracy: 0.2500 - lr: 0.1000\n") == true)
    }

    @Test(
        "Numbers are short",
        arguments: [
            (0.5, "0.5000"), (-2.25, "-2.2500"), (1e-5, "1.0000e-05"), (.nan, "nan"), (-.nan, "nan"), (0, "0.0000"),
        ])
    func numbers(_ value: Double, _ text: String) { #expect(ProgressLine.number(value) == text) }
}

import Testing

@testable import PeriluneTrain

@Suite("Directives")
struct DirectiveTests {
    static let names = ["learning_rate", "momentum", "weight_decay", "clipnorm"]

    static func parse(_ entries: (String, DirectiveValue)...) throws -> Directive {
        try Directive(entries.map { .init($0.0, $0.1) }, hyperparameters: names)
    }

    @Test("Keys become fields")
    func keys() throws {
        let directive = try Self.parse(
            ("stop", .string("good")), ("now", .boolean(true)), ("lr", .number(0.1)), ("momentum", .number(0.5)),
            ("skip", .boolean(true)), ("freeze", .string("conv*")), ("epochs", .number(7)),
            ("log", .table([.init("score", .number(2)), .init("flag", .boolean(true))])))
        #expect(
            directive.wishes == [
                .stop("good", now: true), .learningRate(0.1), .set("momentum", 0.5), .skip, .freeze("conv*"),
                .epochs(7), .log("score", 2), .log("flag", 1),
            ])
        #expect(try Directive(word: "stop") == .stop())
        #expect(try Self.parse(("stop", .boolean(false))) == [])
        #expect(try Directive(word: "pause") == .pause)
        #expect(try Self.parse(("pause", .boolean(true))) == .pause)
    }

    /// One wish of each kind, which the compiler asks for: another kind needs another number.
    static let all: [Wish] = {
        func number(_ wish: Wish) -> Int {
            switch wish {
            case .stop: 0
            case .set: 1
            case .scaleLearningRate: 2
            case .skip: 3
            case .endEpoch: 4
            case .validate: 5
            case .freeze: 6
            case .unfreeze: 7
            case .epochs: 8
            case .batchSize: 9
            case .accumulate: 10
            case .save: 11
            case .restore: 12
            case .pause: 13
            case .log: 14
            }
        }
        let all: [Wish] = [
            .stop("why", now: true), .set("momentum", 0.5), .scaleLearningRate(0.5), .skip, .endEpoch, .validate,
            .freeze("a*"), .unfreeze("*"), .epochs(3), .batchSize(4), .accumulate(2), .save("x"),
            .restore(.init(.epoch(2), weightsOnly: true)), .pause, .log("score", 1.5),
        ]
        precondition(Set(all.map(number)) == Set(0..<15))
        return all
    }()

    @Test("Every wish is written as it is read", arguments: all)
    func form(wish: Wish) throws {
        let directive = Directive([wish])
        #expect(try Directive(directive.entries, hyperparameters: Self.names) == directive)
    }

    @Test func `All wishes together are written as they are read, lists and tables as one`() throws {
        let several = Directive(Self.all + [.freeze("b*"), .save("y"), .log("other", 2)])
        let read = try Directive(several.entries, hyperparameters: Self.names)
        #expect(Set(read.wishes) == Set(several.wishes))
        #expect(read.wishes.count == several.wishes.count)
    }

    @Test("No wish vanishes in merging, alone or beside all others", arguments: all)
    func merged(wish: Wish) {
        let alone = DirectiveMerger()
        alone.add([wish], from: "a")
        #expect(alone.merged == [wish])
        let together = DirectiveMerger()
        for other in Self.all { together.add([other], from: "b") }
        together.add([wish], from: "a")
        #expect(Set(together.merged.wishes).isSuperset(of: Self.all.filter { $0.key != wish.key }))
        #expect(together.merged.wishes.contains { $0.key == wish.key })
    }

    static let wrong: [(String, DirectiveValue, String)] = [
        ("stpo", .boolean(true), "unknown key 'stpo'; did you mean 'stop'?"),
        ("momentun", .number(1), "unknown key 'momentun'; did you mean 'momentum'?"),
        ("save", .number(1), "'save' must be the path of a file or folder to write to, got 1.0"),
        ("qqqq", .string("x"), "unknown key 'qqqq'"),
        ("pause", .number(1), "'pause' must be true or false, got 1.0"),
        ("lr", .string("fast"), "'lr' must be a number, got the string \"fast\""),
        ("lr", .number(-1), "the learning rate must be a finite number of 0 or more, got -1.0"),
        ("learning_rate", .number(.nan), "the learning rate must be a finite number of 0 or more, got nan"),
        ("lr_scale", .number(0), "'lr_scale' must be a finite number above 0, got 0.0"),
        ("stop", .number(1), "'stop' must be true or a reason, got 1.0"),
        ("now", .boolean(true), "'now' goes with stop"),
        ("epochs", .number(1.5), "'epochs' must be a whole number of 1 or more, got 1.5"),
        ("batch_size", .number(0), "'batch_size' must be a whole number of 1 or more, got 0.0"),
        ("freeze", .boolean(true), "'freeze' must be a pattern of layer names such as \"conv*\", got true"),
        ("log", .table([.init("a", .other("function"))]), "logs take numbers and booleans; 'a' is a function"),
    ]

    @Test("What is wrong is told with the allowed values or the nearest name", arguments: wrong)
    func errors(_ key: String, _ value: DirectiveValue, _ message: String) throws {
        let error = try #require(throws: DirectiveError.self) { try Self.parse((key, value)) }
        #expect(error.message.hasPrefix(message), "\(error.message)")
    }

    @Test("Merging: any stop stops, the last value wins and is noted, scales multiply")
    func merging() {
        let merger = DirectiveMerger()
        merger.add(.learningRate(0.1), from: "a")
        merger.add(.learningRateScale(0.5), from: "a")
        merger.add(.stop(), from: "b")
        merger.add(.learningRateScale(0.5), from: "b")
        merger.add(.learningRate(0.2), from: "c")
        merger.add(.stop("why", now: true), from: "c")
        merger.add(.log("x", 1), from: "d")
        #expect(
            merger.merged == [
                .stop("why", now: true), .learningRate(0.2), .scaleLearningRate(0.25), .log("x", 1),
            ])
        #expect(merger.remarks == ["learning_rate: 0.2 from 'c' replaces 0.1 from 'a'"])
    }

    @Test("All callbacks of an event run, then their wishes are applied once")
    func application() throws {
        let engine = try FakeEngine()
        let callbacks = [0.5, 0.25].map { rate in
            LambdaCallback(name: "sets \(rate)", on: .epochEnd) { context in
                #expect(context.run.optimizer.learningRate == 0.1)
                return .learningRate(rate)
            }
        }
        _ = try makeLoop(engine, callbacks).fit()
        #expect(engine.optimizer.learningRate == 0.25)
        #expect(engine.remarks == ["on_epoch_end: learning_rate: 0.25 from 'sets 0.25' replaces 0.5 from 'sets 0.5'"])
    }

    @Test("Errors name callback, event, epoch and batch")
    func places() throws {
        func message(_ event: Event, _ directive: Directive, validates: Bool = true) throws -> String {
            let callback = LambdaCallback(name: "mine", on: event) { _ in directive }
            let loop = makeLoop(try FakeEngine(), [callback], validates: validates)
            let error = try #require(throws: TrainingError.self) { try loop.fit() }
            #expect(error.code == .invalidDirective)
            return error.description
        }
        #expect(
            try message(.trainBatchEnd, .learningRate(-1))
                == "directive: the learning rate must be a finite number of 0 or more, got -1.0 "
                + "(callback 'mine', on_train_batch_end, epoch 1, batch 1)")
        #expect(try message(.epochEnd, .skip).contains("not from on_epoch_end"))
        #expect(try message(.epochEnd, .hyperparameter("beta_1", 0.5)).contains("sgd has no hyper-parameter 'beta_1'"))
        #expect(try message(.epochEnd, .hyperparameter("momentum", 1)).contains("a number of 0 or more and below 1"))
        #expect(try message(.epochEnd, .freeze("cnov*")).contains("layers are conv_1, conv_2, dense"))
        #expect(try message(.epochEnd, .validate, validates: false).contains("needs validation data"))
        #expect(try message(.testEnd, .validate).contains("cannot be returned from on_test_end"))
        #expect(try message(.trainBegin, .endEpoch).contains("outside of one"))
        #expect(try message(.epochEnd, .epochs(0)).contains("'epochs' must be"))
    }

    @Test("Skipping a batch leaves it out; skipping an update drops its gradients")
    func skipping() throws {
        let engine = try FakeEngine()
        let batch = LambdaCallback(on: .trainBatchBegin) { $0.run.batch == 1 ? .skip : nil }
        _ = try makeLoop(engine, [batch]).fit()
        #expect(engine.calls == ["step"])
        engine.calls = []
        let update = LambdaCallback(on: .backwardEnd) { $0.run.batch == 1 ? .skip : nil }
        _ = try makeLoop(engine, [update]).fit()
        #expect(engine.calls == ["backward", "discard", "backward", "update"])
    }

    @Test("Ending an epoch validates and goes on")
    func endEpoch() throws {
        let recorder = Recorder()
        recorder.action = { $0.event == .trainBatchEnd && $0.run.epoch == 1 ? .endEpoch : nil }
        let history = try makeLoop(FakeEngine(), [recorder]) { $0.epochs = 2 }.fit()
        let first = EventOrderTests.epoch(1).filter { !$0.hasSuffix("batch_begin 2") && !$0.hasSuffix("batch_end 2") }
        #expect(recorder.trace == ["train_begin"] + first + EventOrderTests.epoch(2) + ["train_end"])
        #expect(history.endReason == .finished)
    }

    @Test("The plan changes from the next epoch on")
    func plan() throws {
        let engine = try FakeEngine()
        var sizes: [Double] = []
        let callback = LambdaCallback([
            .epochEnd: { context in
                context.run.epoch == 1 ? [.epochs(2), .batchSize(8)] : nil
            },
            .trainBatchEnd: { context in
                sizes.append(context.logs["size"] ?? 0)
                return nil
            },
        ])
        let history = try makeLoop(engine, [callback]) { $0.epochs = 5 }.fit()
        #expect(history.epochs == [1, 2])
        #expect(sizes == [32, 32, 8, 8])
    }

    @Test("Layers freeze and thaw by pattern")
    func freezing() throws {
        let engine = try FakeEngine()
        let callback = LambdaCallback([
            .trainBegin: { _ in .freeze("conv*") }, .epochEnd: { _ in .unfreeze("*_2") },
        ])
        _ = try makeLoop(engine, [callback]).fit()
        #expect(engine.frozen == ["conv_1"])
    }

    @Test("Validation on demand runs after the batch and goes to the history")
    func validation() throws {
        let recorder = Recorder()
        recorder.action = { $0.event == .trainBatchBegin && $0.run.batch == 1 ? .validate : nil }
        let history = try makeLoop(FakeEngine(), [recorder]).fit()
        #expect(
            recorder.trace[2...6] == [
                "train_batch_begin 1", "train_batch_end 1", "test_begin", "test_batch_begin 1", "test_batch_end 1",
            ])
        #expect(history.validations.map(\.step) == [1, 2])
    }
}

import PeriluneLoggers
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// Whose a state of a checkpoint is.
@Suite("Owners of saved states")
struct CallbackOwnersTests {
    private func stopper(_ monitor: String, _ patience: Int = 1, name: String? = nil) -> CallbackIdentity {
        CallbackIdentity(kind: "early_stopping", name: name, .quantity(monitor), details: "\(patience)")
    }

    private func logger(_ path: String) -> CallbackIdentity { CallbackIdentity(kind: "csv_logger", .file(path)) }

    @Test("What has most in common belongs together, wherever it stands")
    func clear() {
        let saved = [stopper("a"), stopper("a", 2), stopper("b"), stopper("a", name: "x"), logger("/r/1/log.csv")]
        let owners = CallbackOwners(
            of: saved,
            among: [
                logger("/s/1/log.csv"), stopper("b", 9), stopper("a", name: "x"), stopper("a", 2), stopper("c"),
                stopper("a"),
            ])
        #expect(owners.states == [0: 4, 1: 2, 2: 3, 3: 1, 5: 0])
        #expect(owners.lost.isEmpty && owners.disputed.isEmpty)
    }

    @Test("What could be several's is nobody's, and what nothing tells apart goes in its order")
    func disputed() {
        let twins = CallbackOwners(of: [stopper("a"), stopper("a")], among: [stopper("a"), stopper("a")])
        #expect(twins.states == [0: 0, 1: 1])
        let more = CallbackOwners(of: [stopper("a")], among: [stopper("a"), stopper("a")])
        #expect(more.states.isEmpty && more.disputed == [0])
        let changed = CallbackOwners(
            of: [stopper("a", 1), stopper("a", 2)], among: [stopper("a", 3), stopper("a", 4)])
        #expect(changed.states.isEmpty && changed.disputed == [0, 1])
        let gone = CallbackOwners(of: [stopper("a"), logger("/a")], among: [stopper("a", 5)])
        #expect(gone.states == [0: 0] && gone.lost == [1])
    }

    @Test("A moved file is known by the end of its path, and names by themselves")
    func files() {
        let owners = CallbackOwners(
            of: [logger("/old/x/log.csv"), logger("/old/y/log.csv")],
            among: [logger("/new/y/log.csv"), logger("/new/x/log.csv")])
        #expect(owners.states == [0: 1, 1: 0])
        let other = CallbackOwners(of: [stopper("a", name: "x")], among: [stopper("a", name: "y")])
        #expect(other.states.isEmpty && other.lost == [0])
    }

    @Test("An identity comes back from a checkpoint as it went")
    func states() {
        for identity in [
            stopper("a", name: "x"), stopper("b"), logger("/a"), CallbackIdentity(kind: "k"),
            CallbackIdentity(kind: "k", .exactly("e"), details: "d"),
        ] { #expect(CallbackIdentity(identity.stateValue) == identity) }
        #expect(CallbackIdentity(.null) == nil)
        #expect(CallbackIdentity(["kind": 3]) == nil)
    }

    /// Three callbacks of each kind that has a state, which differ as a user would have them differ.
    private static let kinds: [String: @Sendable (Int, TemporaryFolder) throws -> any Callback] = [
        "early_stopping": { number, _ in try EarlyStopping(monitor: "val_loss", patience: 20 + number) },
        "early_stopping of other quantities": { number, _ in
            try EarlyStopping(monitor: ["loss", "val_loss", "accuracy"][number], patience: 20)
        },
        "early_stopping by name": { number, _ in
            try EarlyStopping(monitor: "loss", patience: 20).named("stopper \(number)")
        },
        "threshold_stopper": { number, _ in try ThresholdStopper(threshold: -1 - Double(number)) },
        "divergence_stopper": { number, _ in try DivergenceStopper(.factor(10 + Double(number))) },
        "reduce_lr_on_plateau": { number, _ in try ReduceLROnPlateau(monitor: "loss", patience: 2 + number) },
        "keep_best_weights": { number, _ in
            try KeepBestWeights(monitor: ["loss", "val_loss", "accuracy"][number])
        },
        "time_budget": { number, _ in try TimeBudget(1000 + Double(number)) },
        "stop_file": { number, folder in try StopFile(folder.path("STOP\(number)")) },
        "csv_logger": { number, folder in try CSVLogger(folder.path("\(number).csv")) },
        "json_logger": { number, folder in try JSONLogger(folder.path("\(number).jsonl"), every: .steps(1 + number)) },
        "tensorboard": { number, folder in try TensorBoard(folder.path("board\(number)")) },
        "model_checkpoint": { number, folder in
            try ModelCheckpoint(.folder(folder.path("run\(number)"), keepLast: 1 + number, keepBest: 1))
        },
        "lr_monitor": { number, _ in try LRMonitor(every: .steps(1 + number)) },
        "sparkline": { number, _ in try Sparkline(["loss", "val_loss", "accuracy"][number]) },
        "weight_monitor": { number, _ in try WeightMonitor(every: .steps(1 + number)) },
        "freeze_schedule": { number, _ in
            try FreezeSchedule([["conv_1", "conv_2", "dense"][number]: 1...(2 + number)])
        },
        "hyperparameter_scheduler": { number, _ in
            try HyperparameterScheduler(
                ["momentum", "learning_rate", "weight_decay"][number], every: .steps(1 + number)
            ) {
                _, value in value ?? 0.1
            }
        },
        "rollback": { number, _ in
            var options = Rollback.Options()
            options.every = .steps(1 + number)
            return try Rollback(options)
        },
        "any": { number, _ in
            try CombinedStopping(.any, [EarlyStopping(monitor: "loss", patience: 20 + number), TimeBudget(1000)])
        },
        "filtered": { number, _ in
            FilteredCallback(
                try EarlyStopping(monitor: "loss", patience: 20 + number), on: .epochEnd, try EventFilter(every: 2))
        },
    ]

    @Test("Every kind finds its state in any order, and among new ones", arguments: kinds.keys.sorted())
    func permutations(kind: String) throws {
        let make = try #require(Self.kinds[kind])
        let folder = try TemporaryFolder()
        func engine() throws -> FakeEngine {
            let engine = try FakeEngine()
            engine.trainValue = { epoch, batch in 1 / Double(epoch) + Double(batch) / 100 }
            engine.validationValue = { 1 / Double($0) }
            return engine
        }
        for order in [[0, 1], [1, 0], [2, 0, 1], [2, 1, 0], [1, 2, 0], [0, 2, 1]] {
            let copy = try TemporaryFolder()
            let keeper = CheckpointKeeper()
            let first = try (0..<2).map { try make($0, copy) }
            _ = try makeLoop(engine(), first + [keeper]) { $0.epochs = 3 }.fit()
            // The end of the second epoch.
            let checkpoint = keeper.kept[5]
            let kept = (checkpoint.state["callbacks"]?.record ?? [:])
                .sorted { $0.key.count < $1.key.count }.compactMap { $0.value["state"] }
            #expect(kept.count == 2, "the kind has states")
            let again = try order.map { try make($0, copy) }
            var states: [StateValue]?
            let probe = Recorder("probe")
            probe.action = { context in
                if context.event == .epochBegin, states == nil { states = try again.map { try $0.savedState } }
                return nil
            }
            let resumed = try engine()
            _ = try makeLoop(resumed, [probe] + again) { $0.epochs = 4 }.fit(resuming: checkpoint)
            for (place, number) in order.enumerated() where number < 2 {
                #expect(states?[place] == kept[number], "order \(order), place \(place)")
            }
            #expect(!resumed.remarks.contains { $0.hasPrefix("resume: ") }, "\(resumed.remarks)")
        }
        _ = folder
    }

    @Test("A state without an owner is said")
    func lost() throws {
        let keeper = CheckpointKeeper()
        _ = try makeLoop(FakeEngine(), [EarlyStopping(patience: 20), LRMonitor(), keeper]) { $0.epochs = 2 }.fit()
        let engine = try FakeEngine()
        _ = try makeLoop(engine, [LRMonitor(every: .epochs(1)), LRMonitor(every: .epochs(1))]) { $0.epochs = 3 }
            .fit(resuming: keeper.kept[5])
        let lines = engine.remarks.filter { $0.hasPrefix("resume: ") }
        #expect(lines.count == 2)
        #expect(lines.contains { $0.contains("no callback of this run is early_stopping of val_loss") }, "\(lines)")
        #expect(lines.contains { $0.contains("lr_monitor, which may be that of several") }, "\(lines)")
    }

    @Test("Two stoppers that changed places stop where they would have")
    func swapped() throws {
        func stoppers() throws -> [any Callback] {
            [
                try EarlyStopping(monitor: "loss", patience: 6), try EarlyStopping(monitor: "val_loss", patience: 10),
            ]
        }
        let keeper = CheckpointKeeper()
        // The loss never falls after the first epoch, that of validation always does.
        func engine() throws -> FakeEngine {
            let engine = try FakeEngine()
            engine.trainValue = { epoch, _ in Double(epoch) }
            engine.validationValue = { 100 - Double($0) }
            return engine
        }
        _ = try makeLoop(engine(), stoppers() + [keeper]) { $0.epochs = 5 }.fit()
        let history = try makeLoop(engine(), stoppers().reversed()) { $0.epochs = 20 }.fit(resuming: keeper.kept[14])
        #expect(history.epochs.last == 7)
    }
}

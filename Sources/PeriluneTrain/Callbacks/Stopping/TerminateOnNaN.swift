import PeriluneGraph
public import PeriluneItems

/// Ends the run when the loss of a batch is NaN or infinite, or another number that it is told to watch.
///
/// Keras's `TerminateOnNaN` (https://keras.io/api/callbacks/terminate_on_nan/), which sees the loss alone; here it is
/// the loss of the batch, and not the mean of the epoch so far.
public final class TerminateOnNaN: Callback {
    public static let declaration = CallbackDeclaration(
        "terminate_on_nan", TerminateOnNaN(),
        options: [
            .optional(
                "raise", \.raisesError, .boolean, aliases: ["raise_error"], "whether it is an error instead of a stop"),
            .optional("metrics", \.watched, .watched, "names of the quantities to watch, or \"all\""),
        ],
        help: """
            Stops when a loss is NaN or infinite, or another quantity that it watches.
            lune.terminate_on_nan { metrics = { "loss", "val_loss" } }
            """
    ) { try TerminateOnNaN(raiseError: $0[\.raisesError], watching: $0[\.watched]) }

    /// What is watched.
    public enum Watched: Hashable, Sendable {
        /// These quantities of the run: those of training at each batch, those of validation at its end.
        case named([String])
        /// Every quantity, and what callbacks write to the logs of epochs.
        case all
    }

    /// Whether to throw instead of stopping in order.
    public let raisesError: Bool
    public let watched: Watched
    /// The names to look for in the logs of training batches, and of validations, in this run.
    private var trained: [String] = []
    private var validated: [String] = []

    public init(raiseError: Bool = false, watching watched: Watched = .named(["loss"])) {
        raisesError = raiseError
        self.watched = watched
    }

    public var name: String { "terminate_on_nan" }

    public var events: EventSet {
        switch watched {
        case .all: [.trainBatchEnd, .testEnd, .epochEnd]
        case .named(let names):
            EventSet().adding([.trainBatchEnd], if: names.contains { !$0.hasPrefix("val_") })
                .adding([.testEnd], if: names.contains { $0.hasPrefix("val_") })
        }
    }

    public func prepare(for run: Run) throws {
        let known = run.quantities.map(\.name)
        switch watched {
        case .all:
            (trained, validated) = (known.filter { !$0.hasPrefix("val_") }, known.filter { $0.hasPrefix("val_") })
        case .named(let names):
            for name in names where !known.contains(name) {
                throw TrainingError(
                    .unknownMonitor,
                    "terminate_on_nan: 'metrics' has '\(name)', which this run does not"
                        + NearestName.hint(name, among: known) + "; there are " + known.joined(separator: ", ")
                        + ", and \"all\" includes what callbacks write to the logs of epochs")
            }
            (trained, validated) = (names.filter { !$0.hasPrefix("val_") }, names.filter { $0.hasPrefix("val_") })
        }
        validated = validated.map { String($0.dropFirst(4)) }
    }

    public func onTrainBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        // By index: iterators allocate where nothing is optimized.
        for index in trained.indices {
            guard let value = logs[trained[index]], !value.isFinite else { continue }
            return try end("the \(trained[index]) of epoch \(run.epoch), batch \(batch) is \(value.written)")
        }
        return nil
    }

    public func onTestEnd(_ logs: Logs, _ run: Run) throws -> Directive? {
        guard run.isTraining else { return nil }
        for name in validated {
            guard let value = logs[name], !value.isFinite else { continue }
            return try end("the val_\(name) of epoch \(run.epoch) is \(value.written)")
        }
        return nil
    }

    public func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        guard run.isTraining, !run.isFailing else { return nil }
        for (name, value) in zip(logs.names, logs.values) where !value.isFinite {
            return try end("the \(name) of epoch \(epoch) is \(value.written)")
        }
        return nil
    }

    private func end(_ message: String) throws -> Directive {
        guard !raisesError else { throw TrainingError(.invalidLoss, message) }
        return .stop(message)
    }
}

extension OptionForm where Value == TerminateOnNaN.Watched {
    /// "all", or names.
    fileprivate static var watched: Self {
        let all = "all"
        let names = OptionForm<[String]>.list(.string, count: 1 ... .max)
        return Self(.either(.enumeration([all]), names.type)) { watched in
            switch watched {
            case .all: .text(all)
            case .named(let list): names.write(list)
            }
        } read: { input in
            if case .value(.text(all)) = input { return .all }
            return try names.read(input).map { .named($0) }
        }
    }
}

/// What a fit recorded: the logs of each epoch, one array a metric. Its own callback, after those of the user.
public final class History: Callback {
    /// The result of a validation, wherever in an epoch it ran.
    public struct Validation: Hashable, Sendable {
        public let epoch: Int
        public let step: Int
        /// Names without `val_`, in the order of the logs.
        public let names: [String]
        public let values: [Double]
    }

    /// The epochs that trained at least one batch.
    public private(set) var epochs: [Int] = []
    /// Names in the order in which they first appeared.
    public private(set) var names: [String] = []
    /// Every validation of the fit in order.
    public internal(set) var validations: [Validation] = []
    /// Why the fit ended; nil while it goes on.
    public internal(set) var endReason: EndReason?
    public internal(set) var stopReason: String?
    private var columns: [String: [Double]] = [:]

    public init() {}

    /// The values of a metric, one for each epoch whose logs had it; nil where no epoch had it.
    public subscript(name: String) -> [Double]? { columns[name] }

    /// The last value of a metric.
    public func last(_ name: String) -> Double? { columns[name]?.last }
}

extension History {
    public var name: String { "history" }
    public var order: CallbackOrder { .history }
    public var roles: [CallbackRole] { [.servesLoop] }
    public var events: EventSet { [.epochEnd, .testEnd] }

    public func prepare(for run: Run) {
        (epochs, names, validations, columns) = ([], [], [], [:])
        (endReason, stopReason) = (nil, nil)
    }

    func restore(epochs: [Int], names: [String], columns: [String: [Double]]) {
        (self.epochs, self.names, self.columns) = (epochs, names, columns)
    }

    public func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) -> Directive? {
        guard !run.isFailing, run.batchesTrained > 0 else { return nil }
        epochs.append(epoch)
        logs.forEach { name, value in
            guard name != "epoch" else { return }
            if columns[name] == nil { names.append(name) }
            columns[name, default: []].append(value)
        }
        return nil
    }

    public func onTestEnd(_ logs: Logs, _ run: Run) -> Directive? {
        guard run.isTraining, !run.isFailing else { return nil }
        validations.append(Validation(epoch: run.epoch, step: run.step, names: logs.names, values: logs.values))
        return nil
    }
}

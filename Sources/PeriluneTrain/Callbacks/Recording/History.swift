/// What a fit recorded: the logs of each epoch, one list a metric. A value, which may go to another thread.
public struct History: Hashable, Sendable {
    /// The result of a validation, wherever in an epoch it ran.
    public struct Validation: Hashable, Sendable {
        public let epoch: Int
        public let step: Int
        /// Names without `val_`, in the order of the logs.
        public let names: [String]
        public let values: [Double]
    }

    /// The epochs that trained at least one batch.
    public internal(set) var epochs: [Int] = []
    /// Names in the order in which they first appeared.
    public private(set) var names: [String] = []
    /// Every validation of the fit in order.
    public internal(set) var validations: [Validation] = []
    /// Why the fit ended; nil while it goes on.
    public internal(set) var endReason: EndReason?
    /// What the stopping callback gave as its reason.
    public internal(set) var stopReason: String?
    private var columns: [String: [Double]] = [:]

    init() {}

    init(epochs: [Int], names: [String], columns: [String: [Double]], validations: [Validation]) {
        (self.epochs, self.names, self.columns, self.validations) = (epochs, names, columns, validations)
    }

    /// The values of a metric, one for each epoch whose logs had it; nil where no epoch had it.
    public subscript(name: String) -> [Double]? { columns[name] }

    /// The last value of a metric.
    public func last(_ name: String) -> Double? { columns[name]?.last }

    /// Adds what an epoch's logs tell of a metric.
    mutating func append(_ value: Double, to name: String) {
        if columns[name] == nil { names.append(name) }
        columns[name, default: []].append(value)
    }
}

/// The metrics that names of files tell: those of the moment at which a file is written.
///
/// Within an epoch a metric of training is the mean of the epoch so far, as in Keras's logs of batches, and one of
/// validation is that of the last validation. At the end of an epoch both are those of its logs: one without a
/// validation has none.
struct FileNameNumbers {
    /// Metrics of training in the template, and what their means so far are called in the logs of batches.
    private let metrics: [(name: String, running: String)]
    private let validations: [String]
    private var values: [String: Double] = [:]
    /// What the last validation gave.
    private var validated: [String: Double] = [:]

    /// Names that are no metrics: the writer of the file knows them.
    static let places: Set = ["epoch", "batch", "step", "lr"]

    init(_ template: FileNameTemplate? = nil) {
        let names = (template?.names ?? []).filter { !Self.places.contains($0) }
        validations = names.filter { $0.hasPrefix("val_") }
        metrics = names.filter { !$0.hasPrefix("val_") }.map { ($0, "running_" + $0) }
    }

    /// Whether ends of batches matter, where files are written within epochs.
    var needsBatches: Bool { !metrics.isEmpty }

    subscript(name: String) -> Double? { values[name] }

    mutating func reset() { (values, validated) = ([:], [:]) }

    mutating func beginEpoch() { values = validated }

    mutating func take(batch logs: Logs) {
        // By index: iterators allocate where nothing is optimized.
        for index in metrics.indices { values[metrics[index].name] = logs[metrics[index].running] }
    }

    mutating func take(validation logs: Logs) {
        for name in validations {
            validated[name] = logs[String(name.dropFirst("val_".count))]
            values[name] = validated[name]
        }
    }

    mutating func take(epoch logs: Logs) {
        for name in metrics.map(\.name) + validations { values[name] = logs[name] }
    }

    var state: StateValue {
        [
            "values": .record(values.mapValues { .number($0) }),
            "validated": .record(validated.mapValues { .number($0) }),
        ]
    }

    mutating func restore(_ state: StateValue?) {
        values = state?["values"]?.record?.compactMapValues(\.number) ?? [:]
        validated = state?["validated"]?.record?.compactMapValues(\.number) ?? [:]
    }
}

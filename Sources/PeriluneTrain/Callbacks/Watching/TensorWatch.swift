import PeriluneGraph
import PeriluneItems

/// What the monitors of gradients, weights and activations have in common: which statistics of which tensors, under
/// which names, and when.
///
/// Names in the logs are `grad_norm` for all tensors together and `grad/dense/kernel/norm` for one. The numbers are in
/// the logs of the batch after which they were taken, and in those of the epoch's end: its last ones, where it had
/// some.
struct TensorWatch {
    /// What there is to choose.
    struct Options {
        var every: Frequency
        var layers: String?
        var statistics: [String]
    }

    let callback: String
    /// `grad`, `weight` or `activation`.
    let prefix: String
    let every: Frequency
    /// Which tensors are told of one by one, by the names of layers or the paths of tensors; nil for none.
    let layers: String?
    let kinds: [TensorStatistics.Kind]
    private var lastTaken = ContinuousClock.now
    /// Whether a measurement has been taken in this epoch.
    private var isTakenInEpoch = false
    /// The numbers of the last measurement, and whether they were taken after the batch in progress.
    private(set) var values: [(name: String, value: Double)] = []
    private var isFresh = false
    /// What may be in the logs of epochs.
    private(set) var announced: [String] = []

    /// - Throws: `TrainingError` naming the option that is wrong.
    init(
        _ callback: String, prefix: String, every: Frequency, layers: String?, statistics: [String]
    ) throws(TrainingError) {
        try every.check(for: callback)
        guard !statistics.isEmpty else {
            throw TrainingError(.invalidOption, "\(callback): 'statistics' is empty")
        }
        let known = TensorStatistics.Kind.allCases.map(\.rawValue)
        var kinds: [TensorStatistics.Kind] = []
        for name in statistics {
            guard let kind = TensorStatistics.Kind(rawValue: name) else {
                throw TrainingError(
                    .invalidOption,
                    "\(callback): 'statistics' has '\(name)'\(NearestName.hint(name, among: known)); there are "
                        + known.joined(separator: ", "))
            }
            if !kinds.contains(kind) { kinds.append(kind) }
        }
        (self.callback, self.prefix, self.every, self.layers, self.kinds) = (callback, prefix, every, layers, kinds)
    }

    var options: Options { Options(every: every, layers: layers, statistics: kinds.map(\.rawValue)) }

    /// Forgets earlier runs.
    /// - Parameter names: the tensors that there are; empty where they are not known yet.
    /// - Throws: `TrainingError` where the pattern means none of them.
    mutating func reset(_ names: [String]) throws(TrainingError) {
        (lastTaken, isTakenInEpoch, values, isFresh) = (.now, false, [], false)
        announced = kinds.map { "\(prefix)_\($0.rawValue)" }
        if let layers {
            for name in names where Self.matches(layers, name) { announced += kinds.map { single(name, $0) } }
        }
        guard let layers, !names.isEmpty, !names.contains(where: { Self.matches(layers, $0) }) else { return }
        throw TrainingError(
            .invalidOption,
            "\(callback): 'layers' is '\(layers)', which is no layer\(NearestName.hint(layers, among: names)); "
                + "there are "
                + names.joined(separator: ", "))
    }

    /// Whether `pattern` means this tensor: by its path, or by a layer that it belongs to.
    private static func matches(_ pattern: String, _ path: String) -> Bool {
        if Glob.matches(pattern, path) { return true }
        return path.indices.contains { path[$0] == "/" && Glob.matches(pattern, String(path[..<$0])) }
    }

    /// What a statistic of one tensor is called.
    private func single(_ path: String, _ kind: TensorStatistics.Kind) -> String {
        "\(prefix)/\(path)/\(kind.rawValue)"
    }

    /// Whether there may be something to measure in this epoch.
    func isDue(inEpoch epoch: Int) -> Bool {
        switch every {
        case .epochs(let count): epoch % count == 0
        case .steps, .seconds: true
        }
    }

    /// Whether to measure now, at an update or the end of a batch.
    func isDue(_ run: Run, step: Int, isComplete: Bool) -> Bool {
        if case .epochs = every { return !isTakenInEpoch && isDue(inEpoch: run.epoch) }
        return every.isDue(step: step, isComplete: isComplete, since: lastTaken)
    }

    /// Takes the statistics of these tensors.
    mutating func take(_ tensors: some Sequence<(path: String, statistics: TensorStatistics)>) {
        (lastTaken, isTakenInEpoch, isFresh) = (.now, true, true)
        values.removeAll(keepingCapacity: true)
        var total = TensorStatistics()
        var singles: [(name: String, value: Double)] = []
        for (path, statistics) in tensors {
            total.add(statistics)
            guard let layers, Self.matches(layers, path) else { continue }
            for kind in kinds { singles.append((single(path, kind), statistics[kind])) }
        }
        for kind in kinds { values.append(("\(prefix)_\(kind.rawValue)", total[kind])) }
        values += singles
    }

    /// Takes the statistics of these tensors.
    mutating func take(_ tensors: [(path: String, tensor: Tensor)]) {
        let isNormOnly = kinds == [.norm]
        take(
            tensors.lazy.filter { $0.tensor.dtype == .float32 }.map { path, tensor in
                var statistics = TensorStatistics()
                if isNormOnly { statistics.addSquares(tensor.floats) } else { statistics.add(tensor.floats) }
                return (path: path, statistics: statistics)
            })
    }

    /// Writes the numbers that were taken after this batch.
    mutating func writeFresh(_ logs: Logs) {
        guard isFresh else { return }
        isFresh = false
        write(logs)
    }

    /// Writes the last numbers of an epoch that had some, at its end.
    mutating func endEpoch(_ logs: Logs) {
        if isTakenInEpoch { write(logs) }
        isTakenInEpoch = false
    }

    private func write(_ logs: Logs) {
        for (name, value) in values { logs[name] = value }
    }

    var identity: CallbackIdentity {
        CallbackIdentity(
            kind: callback, details: "\(every) \(layers ?? "") \(kinds.map(\.rawValue).joined(separator: " "))")
    }

    var report: [String: StateValue] {
        Dictionary(values.map { ($0.name, .number($0.value)) }, uniquingKeysWith: { $1 })
    }

    var state: StateValue {
        [
            "names": .init(values.map(\.name)), "values": .init(values.map(\.value)),
            "is_taken": .boolean(isTakenInEpoch),
        ]
    }

    mutating func restore(_ state: StateValue) {
        let names = state["names"]?.texts ?? []
        values = zip(names, state["values"]?.numbers ?? []).map { (name: $0, value: $1) }
        isTakenInEpoch = state["is_taken"]?.boolean ?? false
    }
}

extension ItemOption {
    /// When which tensors are measured, and how.
    static func watched(_ path: any KeyPath<Item, TensorWatch.Options> & Sendable) -> Self {
        let names = OptionForm<[String]>.list(.string)
        return Self(
            path: path,
            parts: [
                Part(
                    "every", OptionForm.frequency.type, "how often: epochs, or { steps = n }, { seconds = x }"
                ) { OptionForm.frequency.write($0[keyPath: path].every) },
                Part("layers", .string, "a pattern of layers that are told of one by one: \"*\", \"dense*\"") {
                    $0[keyPath: path].layers.map { .text($0) }
                },
                Part(
                    "statistics", names.type,
                    "of norm, mean, std, min, max, zeros and nonfinite; the last two are shares"
                ) { names.write($0[keyPath: path].statistics) },
            ]
        ) { inputs, start in
            var options = start[keyPath: path]
            options.every = try inputs.value("every", .frequency) ?? options.every
            options.layers = try inputs.value("layers", .string) ?? options.layers
            options.statistics = try inputs.value("statistics", names) ?? options.statistics
            return options
        }
    }
}

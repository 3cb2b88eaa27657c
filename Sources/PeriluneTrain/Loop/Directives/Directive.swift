/// What a callback asks of the run: a list of wishes. All callbacks of an event are asked, then their wishes are merged
/// and carried out once: any stop stops, of two values for one setting the last wins (and the change is logged), scales
/// multiply.
///
/// ```swift
/// return .stop("good enough")
/// return [.learningRate(0.01), .freeze("conv*")]
/// ```
public struct Directive: Hashable, Sendable {
    public var wishes: [Wish]

    public init(_ wishes: [Wish] = []) { self.wishes = wishes }
}

extension Directive: ExpressibleByArrayLiteral {
    public init(arrayLiteral wishes: Wish...) { self.init(wishes) }
}

extension Directive {
    /// The stop that is asked for; the first where there are several.
    public var stop: Wish.Stop? {
        for case .stop(let stop) in wishes { return stop }
        return nil
    }

    /// The same wishes but for stops.
    func withoutStops() -> Directive {
        Directive(
            wishes.filter { wish in
                if case .stop = wish { false } else { true }
            })
    }

    /// Writes the numbers that are for the event's logs.
    func writeLogs(to logs: Logs) {
        for case .log(let setting) in wishes { logs[setting.name] = setting.value }
    }
}

// Short spellings for one wish.
extension Directive {
    public static func stop(_ reason: String? = nil, now: Bool = false) -> Directive { [.stop(reason, now: now)] }
    public static func learningRate(_ value: Double) -> Directive { [.learningRate(value)] }
    public static func hyperparameter(_ name: String, _ value: Double) -> Directive { [.set(name, value)] }
    public static func learningRateScale(_ factor: Double) -> Directive { [.scaleLearningRate(factor)] }
    public static let skip: Directive = [.skip]
    public static let endEpoch: Directive = [.endEpoch]
    public static let validate: Directive = [.validate]
    public static func freeze(_ pattern: String) -> Directive { [.freeze(pattern)] }
    public static func unfreeze(_ pattern: String) -> Directive { [.unfreeze(pattern)] }
    public static func epochs(_ count: Int) -> Directive { [.epochs(count)] }
    public static func batchSize(_ rows: Int) -> Directive { [.batchSize(rows)] }
    public static func accumulate(_ batches: Int) -> Directive { [.accumulate(batches)] }
    public static func save(_ path: String) -> Directive { [.save(path)] }
    public static func restore(_ source: Wish.Restore.Source, weightsOnly: Bool = false) -> Directive {
        [.restore(.init(source, weightsOnly: weightsOnly))]
    }
    public static let pause: Directive = [.pause]
    public static func log(_ name: String, _ value: Double) -> Directive { [.log(name, value)] }
}

extension Wish {
    public static func stop(_ reason: String? = nil, now: Bool = false) -> Wish {
        .stop(Stop(reason: reason, now: now))
    }
    public static func learningRate(_ value: Double) -> Wish { .set("learning_rate", value) }
    public static func set(_ name: String, _ value: Double) -> Wish { .set(Setting(name, value)) }
    public static func log(_ name: String, _ value: Double) -> Wish { .log(Setting(name, value)) }
}

/// What a callback asks of the run. All callbacks of an event are asked, then their directives are merged and applied
/// once: any stop stops, of two values for one setting the last wins (and the change is logged), scales multiply.
public struct Directive: Hashable, Sendable {
    /// A wish to end the run.
    public struct Stop: Hashable, Sendable {
        /// For `run.stopReason` and the history.
        public var reason: String?
        /// Whether to leave out the validation that would otherwise follow.
        public var now: Bool

        public init(reason: String? = nil, now: Bool = false) {
            self.reason = reason
            self.now = now
        }
    }

    /// A new value for a number.
    public struct Setting: Hashable, Sendable {
        public var name: String
        public var value: Double

        public init(_ name: String, _ value: Double) {
            self.name = name
            self.value = value
        }
    }

    /// From a batch event: stop after this batch. Elsewhere: at the next boundary.
    public var stop: Stop?
    /// Hyper-parameters of the optimizer, `learning_rate` among them, from the next step on. A learning rate replaces
    /// the schedule.
    public var hyperparameters: [Setting] = []
    /// Multiplies the learning rate, or what the schedule gives; positive.
    public var learningRateScale: Double?
    /// At train batch begin: leave this batch out. At backward end: leave this update out.
    public var skip = false
    /// End this epoch, validate, go on with the next.
    public var endEpoch = false
    /// Run validation now.
    public var validate = false
    /// Glob patterns of layer names whose parameters stay as they are from the next step on.
    public var freeze: [String] = []
    /// Glob patterns of layer names that train again.
    public var unfreeze: [String] = []
    /// The number of the last epoch, 1 or more, from the next epoch on.
    public var epochs: Int?
    /// Rows a batch, 1 or more, from the next epoch on.
    public var batchSize: Int?
    /// Batches whose gradients make one update, 1 or more, from the next epoch on.
    public var accumulate: Int?
    /// Files, or folders, to write a checkpoint to when this event is over and everything it brought about is done.
    public var save: [String] = []
    /// Go back to an earlier checkpoint then.
    public var restore: Restore?
    /// Stand still after this event and ask what to do: `FitOptions.onInterrupt`.
    public var pause = false
    /// Numbers to write to the event's logs.
    public var log: [Setting] = []

    public init() {}
}

// Short spellings for callbacks in Swift.
extension Directive {
    public static func stop(_ reason: String? = nil, now: Bool = false) -> Directive {
        with { $0.stop = Stop(reason: reason, now: now) }
    }

    public static func learningRate(_ value: Double) -> Directive { hyperparameter("learning_rate", value) }

    public static func hyperparameter(_ name: String, _ value: Double) -> Directive {
        with { $0.hyperparameters = [Setting(name, value)] }
    }

    public static func learningRateScale(_ factor: Double) -> Directive { with { $0.learningRateScale = factor } }
    public static let skip = with { $0.skip = true }
    public static let endEpoch = with { $0.endEpoch = true }
    public static let validate = with { $0.validate = true }
    public static func freeze(_ pattern: String) -> Directive { with { $0.freeze = [pattern] } }
    public static func unfreeze(_ pattern: String) -> Directive { with { $0.unfreeze = [pattern] } }
    public static func epochs(_ count: Int) -> Directive { with { $0.epochs = count } }
    public static func batchSize(_ rows: Int) -> Directive { with { $0.batchSize = rows } }
    public static func accumulate(_ batches: Int) -> Directive { with { $0.accumulate = batches } }
    public static let pause = with { $0.pause = true }
    public static func log(_ name: String, _ value: Double) -> Directive { with { $0.log = [Setting(name, value)] } }

    /// A directive that `change` fills in, for several wishes at once.
    public static func with(_ change: (inout Directive) -> Void) -> Directive {
        var directive = Directive()
        change(&directive)
        return directive
    }
}

package import PeriluneItems

/// One thing that a callback asks of the run.
///
/// Adding one touches three files, and the compiler asks for each: the case with how it is merged here, how it is
/// written (`DirectiveKey`), and what it needs and does (`Wish+Effect`).
public enum Wish: Hashable, Sendable {
    /// End the run: from a batch event after this batch, elsewhere at the next boundary.
    case stop(Stop)
    /// Set a hyper-parameter of the optimizer, `learning_rate` among them, from the next step on. A learning rate
    /// replaces the schedule.
    case set(Setting)
    /// Multiply the learning rate, or what the schedule gives, with a number above 0.
    case scaleLearningRate(Double)
    /// At train batch begin: leave this batch out. At backward end: leave this update out.
    case skip
    /// End this epoch, validate, go on with the next.
    case endEpoch
    /// Run validation now.
    case validate
    /// Layers whose names match this pattern keep their parameters from the next step on.
    case freeze(String)
    /// Layers whose names match this pattern train again.
    case unfreeze(String)
    /// The number of the last epoch, 1 or more, from the next epoch on.
    case epochs(Int)
    /// Rows a batch, 1 or more, from the next epoch on.
    case batchSize(Int)
    /// Batches whose gradients make one update, 1 or more, from the next epoch on.
    case accumulate(Int)
    /// A file, or folder, to write a checkpoint to when this event is over and everything it brought about is done.
    case save(String)
    /// Go back to an earlier checkpoint when this event is over and everything it brought about is done.
    case restore(Restore)
    /// Stand still after this event and ask what to do: `FitOptions.onInterrupt`.
    case pause
    /// A number to write to the event's logs.
    case log(Setting)
}

extension Wish {
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

        /// This wish and a later one: the first reason that is given counts, and `now` wins.
        func merged(with later: Stop) -> Stop { Stop(reason: reason ?? later.reason, now: now || later.now) }
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

    /// A wish to go back to an earlier checkpoint: its weights, and the optimizer's memory unless told otherwise.
    /// Epoch, step, learning rate and history stay as they are.
    public struct Restore: Hashable, Sendable {
        /// Which one.
        public enum Source: Hashable, Sendable {
            case best, last
            case path(String)
            /// The one of the end of this epoch.
            case epoch(Int)

            var text: String {
                switch self {
                case .best: "of the best epoch"
                case .last: "that was written last"
                case .path(let path): path
                case .epoch(let epoch): "of epoch \(epoch)"
                }
            }
        }

        public var source: Source
        public var weightsOnly: Bool

        public init(_ source: Source, weightsOnly: Bool = false) {
            self.source = source
            self.weightsOnly = weightsOnly
        }
    }
}

// Merging the wishes of several callbacks.
extension Wish {
    /// How a wish goes together with others of its kind in one event.
    enum Merging {
        /// Each is carried out.
        case each
        /// They come to one: the function makes it of this wish and a later one.
        case joined(_ with: (Wish) -> Wish)
        /// The last one of this name counts; the value, in words, is for the remark about it.
        case last(name: String, value: String)
    }

    var merging: Merging {
        switch self {
        case .stop(let stop):
            .joined { later in
                guard case .stop(let other) = later else { return later }
                return .stop(stop.merged(with: other))
            }
        case .scaleLearningRate(let factor):
            .joined { later in
                guard case .scaleLearningRate(let other) = later else { return later }
                return .scaleLearningRate(factor * other)
            }
        case .skip, .endEpoch, .validate, .pause: .joined { $0 }
        case .set(let setting): .last(name: setting.name, value: "\(setting.value)")
        case .epochs(let count), .batchSize(let count), .accumulate(let count):
            .last(name: key.rawValue, value: "\(count)")
        case .restore(let restore): .last(name: key.rawValue, value: restore.source.text)
        case .freeze, .unfreeze, .save, .log: .each
        }
    }
}

// The files that wishes name.
extension Wish {
    /// The same wish with each path as `path` gives it: what a script may name is for others to decide.
    package func mappingPaths(
        _ path: (String, DirectiveKey, FileUse) throws(DirectiveError) -> String
    ) throws(DirectiveError) -> Wish {
        switch self {
        case .save(let given): return .save(try path(given, key, .write))
        case .restore(var restore):
            switch restore.source {
            case .path(let given): restore.source = .path(try path(given, key, .read))
            case .best, .last, .epoch: break
            }
            return .restore(restore)
        case .stop, .set, .scaleLearningRate, .skip, .endEpoch, .validate, .freeze, .unfreeze, .epochs, .batchSize,
            .accumulate, .pause, .log:
            return self
        }
    }
}

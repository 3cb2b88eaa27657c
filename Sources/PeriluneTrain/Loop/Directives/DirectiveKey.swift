/// How wishes are written, in tables of scripts and wherever else a directive is kept: keys and values. The order is
/// that in which the wishes of an event are carried out.
///
/// The hyper-parameters of the optimizer are keys too, by their names.
public enum DirectiveKey: String, Hashable, Sendable, CaseIterable {
    case stop, now, lr
    case learningRate = "learning_rate"
    case scale = "lr_scale"
    case skip
    case endEpoch = "end_epoch"
    case validate, freeze, unfreeze, epochs
    case batchSize = "batch_size"
    case accumulate, save, restore, pause, log
}

extension DirectiveKey {
    /// What values it takes, as the types of an editor, and what it does, in a line.
    public var form: (type: String, help: String) {
        switch self {
        case .stop: ("boolean|string", "stop after this batch or epoch; a string is the reason")
        case .now: ("boolean", "with stop: leave out the validation that is due")
        case .lr: ("number", "the learning rate from the next step on; replaces a schedule")
        case .learningRate: ("number", "the same as lr")
        case .scale: ("number", "multiplies the learning rate, or what the schedule gives")
        case .skip: ("boolean", "on_train_batch_begin: leave out this batch; on_backward_end: this update")
        case .endEpoch: ("boolean", "end this epoch, validate, go on with the next")
        case .validate: ("boolean", "run validation now")
        case .freeze: ("string|string[]", "patterns of the names of layers that no longer train")
        case .unfreeze: ("string|string[]", "patterns of the names of layers that train again")
        case .epochs: ("integer", "the number of the last epoch, from the next epoch on")
        case .batchSize: ("integer", "rows a batch, from the next epoch on")
        case .accumulate: ("integer", "batches whose gradients make one update, from the next epoch on")
        case .save: ("string|string[]", "files or folders to write a checkpoint to, between batches")
        case .restore:
            (
                "\"best\"|\"last\"|string|integer|{ from: string|integer, weights_only?: boolean }",
                "the checkpoint to go back to: weights and the optimizer's memory"
            )
        case .pause: ("boolean", "open the prompt within the run")
        case .log: ("table<string, number|boolean>", "written to the logs of the event")
        }
    }

    /// The wishes that this key and `value` make. `now` makes none of its own.
    /// - Throws: `DirectiveError` for a value of another type.
    func wishes(_ value: DirectiveValue) throws(DirectiveError) -> [Wish] {
        let reader = DirectiveReader(key: rawValue, value: value)
        switch self {
        case .stop: return try reader.stop().map { [.stop($0)] } ?? []
        case .now: return []
        case .lr, .learningRate: return [.learningRate(try reader.number())]
        case .scale: return [.scaleLearningRate(try reader.number())]
        case .skip: return try reader.boolean() ? [.skip] : []
        case .endEpoch: return try reader.boolean() ? [.endEpoch] : []
        case .validate: return try reader.boolean() ? [.validate] : []
        case .freeze: return try reader.patterns().map { .freeze($0) }
        case .unfreeze: return try reader.patterns().map { .unfreeze($0) }
        case .epochs: return [.epochs(try reader.count())]
        case .batchSize: return [.batchSize(try reader.count())]
        case .accumulate: return [.accumulate(try reader.count())]
        case .save: return try reader.paths().map { .save($0) }
        case .restore: return [.restore(try reader.restore())]
        case .pause: return try reader.boolean() ? [.pause] : []
        case .log: return try reader.numbers().map { .log($0) }
        }
    }
}

extension Wish {
    /// The key that it is written with; of hyper-parameters, that of the learning rate.
    var key: DirectiveKey {
        switch self {
        case .stop: .stop
        case .set: .lr
        case .scaleLearningRate: .scale
        case .skip: .skip
        case .endEpoch: .endEpoch
        case .validate: .validate
        case .freeze: .freeze
        case .unfreeze: .unfreeze
        case .epochs: .epochs
        case .batchSize: .batchSize
        case .accumulate: .accumulate
        case .save: .save
        case .restore: .restore
        case .pause: .pause
        case .log: .log
        }
    }

    /// How it is written: what `Directive.init` reads, it gives back.
    var entries: [DirectiveValue.Entry] {
        func entry(_ value: DirectiveValue) -> [DirectiveValue.Entry] { [.init(key.rawValue, value)] }
        func list(_ text: String) -> [DirectiveValue.Entry] { entry(.table([.init("1", .string(text))])) }
        switch self {
        case .stop(let stop):
            return entry(stop.reason.map { .string($0) } ?? .boolean(true))
                + (stop.now ? [.init(DirectiveKey.now.rawValue, .boolean(true))] : [])
        case .set(let setting): return [.init(setting.name, .number(setting.value))]
        case .scaleLearningRate(let factor): return entry(.number(factor))
        case .skip, .endEpoch, .validate, .pause: return entry(.boolean(true))
        case .freeze(let pattern), .unfreeze(let pattern): return list(pattern)
        case .save(let path): return list(path)
        case .epochs(let count), .batchSize(let count), .accumulate(let count): return entry(.number(Double(count)))
        case .restore(let restore):
            let from: DirectiveValue =
                switch restore.source {
                case .best: .string("best")
                case .last: .string("last")
                case .path(let path): .string(path)
                case .epoch(let epoch): .number(Double(epoch))
                }
            return entry(
                restore.weightsOnly
                    ? .table([.init("from", from), .init("weights_only", .boolean(true))]) : from)
        case .log(let setting): return entry(.table([.init(setting.name, .number(setting.value))]))
        }
    }
}

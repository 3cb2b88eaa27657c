internal import PeriluneBinding
internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneTrain

/// A callback whose events are handled by Lua functions.
final class LuaCallback: Callback {
    let name: String
    let identity: CallbackIdentity
    let events: EventSet
    /// By `Event.rawValue`; nil where the script does not listen.
    private let handlers: [LuaEventHandler?]
    private let places: [ScriptPlace?]
    /// The instance of a class callback, which is told of model and parameters.
    private let instance: LuaTable?
    /// The runs in progress, innermost last.
    private var entered: [Entered] = []

    /// A run in progress, and what an instance had been told of the one before.
    private struct Entered {
        let context: RunContext
        var (modelBefore, paramsBefore): (LuaValue, LuaValue)
    }

    /// - Parameters:
    ///   - name: what messages call it.
    ///   - identity: what checkpoints know it again by.
    init(
        name: String, identity: CallbackIdentity, functions: [Event: LuaFunction], instance: LuaTable? = nil
    ) {
        self.name = name
        self.identity = identity
        events = EventSet(functions.keys)
        self.instance = instance
        handlers = Event.allCases.map { event in functions[event].map { LuaEventHandler($0, receiver: instance) } }
        places = Event.allCases.map { functions[$0]?.place.map { ScriptPlace(script: $0.script, line: $0.line) } }
    }

    func place(_ name: String, _ event: Event) -> ScriptPlace? {
        name == self.name ? places[event.rawValue] : nil
    }

    func enter(_ run: Run) throws {
        guard let state = handlers.lazy.compactMap({ $0?.function.state }).first else { return }
        let context = try state.session.context(for: run)
        entered.append(
            Entered(
                context: context, modelBefore: instance?["model"] ?? .nil, paramsBefore: instance?["params"] ?? .nil))
        instance?["model"] = .object(context.box.model)
        instance?["params"] = .table(state.makeTable(run.params))
    }

    /// An instance is told of the fit again that the run was within, and after an evaluation of the fit before it.
    func leave(_ run: Run) {
        guard let index = entered.lastIndex(where: { $0.context.run === run }) else { return }
        let left = entered.remove(at: index)
        if entered.indices.contains(index) {
            (entered[index].modelBefore, entered[index].paramsBefore) = (left.modelBefore, left.paramsBefore)
        } else if !run.isTraining || left.context.isNested, !left.modelBefore.isNil {
            instance?["model"] = left.modelBefore
            instance?["params"] = left.paramsBefore
        }
    }

    /// `self.state` of an instance.
    var savedState: StateValue {
        get throws {
            guard let table = instance?["state"].table, let state = table.reference.state else { return .null }
            return try state.stateValue(.table(table), path: "self.state")
        }
    }

    func restore(_ value: StateValue, in run: Run) throws {
        guard let instance, let state = instance.reference.state else { return }
        if let table = instance["state"].table {
            try state.fill(table, from: value)
        } else {
            instance["state"] = try state.luaValue(value)
        }
    }

    func handle(_ event: Event, _ context: EventContext) throws -> Directive? {
        guard let handler = handlers[event.rawValue], let known = find(context.run) else { return nil }
        let returned: LuaValue?
        do {
            guard let state = handler.function.state else { throw LuaError(.closed, "the Lua state is closed") }
            returned = try state.watching(interrupts: context.run.interrupts) {
                event == .exception
                    ? try handler.send(message: context.message, run: .object(known.box))
                    : try send(context, to: handler, known)
            }
        } catch let error as LuaError where error.isInterruption {
            handler.function.state?.endInterrupt()
            throw TrainingError(.interrupted, error.message, underlying: error)
        }
        guard let returned else { return nil }
        let directive = try ScriptDirective.directive(returned, hyperparameters: context.run.optimizer.names)
        return try handler.function.state.map { try directive?.withGrantedPaths($0.access) } ?? directive
    }

    private func find(_ run: Run) -> RunContext? {
        if let last = entered.last, last.context.run === run { return last.context }
        return entered.last { $0.context.run === run }?.context
    }

    /// The fast path: nothing is allocated in Swift for a function that returns nil and leaves the logs alone.
    private func send(
        _ context: EventContext, to handler: LuaEventHandler, _ known: RunContext
    ) throws -> LuaValue? {
        guard let state = handler.function.state else { throw LuaError(.closed, "the Lua state is closed") }
        let channel = try known.channel(for: context, in: state)
        let returned = try channel.send(
            to: handler, index: context.index, isWatched: context.logsAreReadLater)
        if channel.hasChanges {
            let table = try channel.logs()
            let added = table.entryCount - channel.keys.count
            guard added <= Self.mostAddedLogs else {
                throw CallbackFault("a callback adds at most \(Self.mostAddedLogs) logs to an event, got \(added)")
            }
            if let stranger = try table.entries.first(where: { $0.key.string == nil }) {
                throw CallbackFault("logs have names, and no field \(stranger.key.keyText)")
            }
            try write(channel.changes(), to: context.logs, known)
        }
        return returned
    }

    /// Each becomes a column of the history. A script that takes logs for a place to keep data must not make the host
    /// carry them from event to event.
    private static let mostAddedLogs = 1000
    /// They become columns and names of files.
    private static let longestLogName = 200

    private func write(_ changes: [(key: String, value: LuaValue)], to logs: Logs, _ known: RunContext) throws {
        for (key, value) in changes {
            guard key.utf8.count <= Self.longestLogName else {
                throw CallbackFault("the name of a log has at most \(Self.longestLogName) bytes: '\(key.brief())'")
            }
            guard key.withoutControls == key, !key.contains("\n") else {
                throw CallbackFault("the name of a log has no control characters: '\(key.brief())'")
            }
            if value.isNil {
                logs[key] = nil
                continue
            }
            guard let number = value.boolean.map({ $0 ? 1 : 0 }) ?? value.number else {
                throw CallbackFault("logs.\(key) must be a number, got \(value.briefText)")
            }
            try known.keep(log: key)
            logs[key] = number
        }
    }
}

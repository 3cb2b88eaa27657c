// What checkpoints keep of callbacks, and giving it back to those whose it is.
extension CallbackList {
    /// The states of all callbacks that have one, each with what tells its owner. The keys, kinds of callbacks and
    /// their number among those of a kind, are for people alone.
    func captureStates() throws -> StateValue {
        var states: [String: StateValue] = [:]
        var counts: [String: Int] = [:]
        for callback in callbacks {
            let state = try naming(callback) { try callback.savedState }
            guard state != .null else { continue }
            let identity = callback.identity
            let number = counts[identity.kind, default: 0] + 1
            counts[identity.kind] = number
            states[number == 1 ? identity.kind : "\(identity.kind)#\(number)"] = [
                "callback": identity.stateValue, "state": state,
            ]
        }
        return .record(states)
    }

    /// Gives each callback the state of the one that the user would call the same. New callbacks begin afresh; the run
    /// says which states have no owner.
    func restoreStates(_ states: StateValue, in run: Run) throws {
        let saved = Self.saved(states)
        let nameless = Self.nameless(states)
        if !nameless.isEmpty {
            run.sayOnce(
                "resume: the checkpoint, of an earlier version, does not tell whose the states "
                    + nameless.map { "'\($0)'" }.joined(separator: ", ") + " are; those callbacks begin afresh")
        }
        let owners = CallbackOwners(of: saved.map(\.identity), among: callbacks.map(\.identity))
        for index in owners.lost {
            run.sayOnce(
                "resume: no callback of this run is \(saved[index].identity), whose state the checkpoint has; "
                    + "it stays there"
            )
        }
        for index in owners.disputed {
            run.sayOnce(
                "resume: the checkpoint has a state of \(saved[index].identity), "
                    + "which may be that of several callbacks "
                    + "of this run; they begin afresh. Give each a 'name', and checkpoints know it again")
        }
        try give(saved.map(\.state), owners) { try $0.restore($1, in: run) }
    }

    /// Gives those that keep an average of the weights the one of these states.
    func restoreAverages(_ states: StateValue, in run: Run) throws {
        let saved = Self.saved(states)
        let owners = CallbackOwners(of: saved.map(\.identity), among: callbacks.map(\.identity))
        try give(saved.map(\.state), owners) { try $0.restoreAverage($1, in: run) }
    }

    private static func saved(_ states: StateValue) -> [(identity: CallbackIdentity, state: StateValue)] {
        // So that #10 comes after #9: the order tells apart what nothing else does.
        let entries = (states.record ?? [:]).sorted { ($0.key.count, $0.key) < ($1.key.count, $1.key) }
        return entries.compactMap { _, entry in
            guard let identity = CallbackIdentity(entry["callback"]), let state = entry["state"] else { return nil }
            return (identity, state)
        }
    }

    /// The keys of states that have no owner in the checkpoint, as those of earlier versions, in order.
    private static func nameless(_ states: StateValue) -> [String] {
        (states.record ?? [:]).filter { CallbackIdentity($0.value["callback"]) == nil || $0.value["state"] == nil }
            .keys.sorted { ($0.count, $0) < ($1.count, $1) }
    }

    private func give(
        _ states: [StateValue], _ owners: CallbackOwners, _ body: (any Callback, StateValue) throws -> Void
    ) throws {
        for (index, callback) in callbacks.enumerated() {
            guard let state = owners.states[index] else { continue }
            try naming(callback) { try body(callback, states[state]) }
        }
    }
}

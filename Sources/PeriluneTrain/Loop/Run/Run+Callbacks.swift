// Editing the callbacks of a run while it goes on.
extension Run {
    /// Adds a callback from the next event on; what it does at the beginning of a run or an epoch it has missed.
    /// `backwardEnd` comes to it from the next epoch on where no callback listened to that before.
    /// - Throws: where it is there already, or what `prepare` says against it.
    public func add(_ callback: any Callback) throws {
        guard !callbacks.contains(where: { $0 === callback }) else {
            throw TrainingError(.invalidOption, "'\(callback.name)' is among the callbacks of this run already")
        }
        try callback.enter(self)
        if isTraining { try callback.prepare(for: self) }
        state.callbacks = CallbackList(callbacks + [callback])
    }

    /// The run has ended: tells its callbacks so, and lets go of them and of the functions that hold on to the run.
    func isOver() {
        for callback in callbacks { callback.leave(self) }
        state.callbacks = CallbackList([])
        pauser = nil
        renewStatistics = nil
    }

    /// Removes a callback from the next event on.
    /// - Returns: whether it was there.
    @discardableResult
    public func remove(_ callback: any Callback) -> Bool {
        guard let index = callbacks.firstIndex(where: { $0 === callback }) else { return false }
        var rest = callbacks
        rest.remove(at: index)
        state.callbacks = CallbackList(rest)
        return true
    }
}

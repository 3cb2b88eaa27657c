// Editing the callbacks of a run while it goes on.
extension Run {
    /// Adds a callback from the next event on; what it does at the beginning of a run or an epoch it has missed.
    /// `backwardEnd` comes to it from the next epoch on where nobody listened to that before.
    /// - Throws: where it is there already, or what `prepare` says against it.
    public func add(_ callback: any Callback) throws {
        guard !callbacks.contains(where: { $0 === callback }) else {
            throw TrainingError(.invalidOption, "'\(callback.name)' is among the callbacks of this run already")
        }
        try callback.enter(self)
        if isTraining { try callback.prepare(for: self) }
        callbacks.append(callback)
        callbacksHaveChanged = true
    }

    /// Lets go of what holds on to the run itself, and the callbacks of the run.
    func isOver() {
        for callback in callbacks { callback.leave(self) }
        callbacks = []
        pauser = nil
    }

    /// Removes a callback from the next event on.
    /// - Returns: whether it was there.
    @discardableResult
    public func remove(_ callback: any Callback) -> Bool {
        guard let index = callbacks.firstIndex(where: { $0 === callback }) else { return false }
        callbacks.remove(at: index)
        callbacksHaveChanged = true
        return true
    }
}

extension TrainingLoop {
    /// Whether a callback, of those that are in the run by now, listens to `event`.
    func hasListeners(_ event: Event) -> Bool {
        takeUpCallbacks()
        return callbacks.hasListeners(event)
    }

    private func takeUpCallbacks() {
        guard run.callbacksHaveChanged else { return }
        run.callbacksHaveChanged = false
        callbacks = CallbackList(run.callbacks)
    }

    /// Lets callbacks change, as those do that come from files.
    func refreshCallbacks() {
        takeUpCallbacks()
        callbacks = callbacks.refreshed(for: run)
    }

    /// Whether the training session is to take steps apart in an epoch: someone looks at gradients then, or several
    /// batches make one update.
    func wantsSplitSteps(inEpoch epoch: Int) -> Bool {
        takeUpCallbacks()
        return activeAccumulate > 1 || callbacks.readGradients(inEpoch: epoch)
    }
}

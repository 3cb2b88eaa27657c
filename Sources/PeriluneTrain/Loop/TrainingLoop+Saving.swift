// Checkpoints: written, and gone back to, between batches and between epochs.
extension TrainingLoop {
    /// Writes what is due, then goes back to where a callback wanted.
    func writeCheckpoints(at boundary: Boundary) throws {
        let due = state.callbacks.savers.filter(\.isDue)
        if !due.isEmpty || !requests.saves.isEmpty { try save(due, at: boundary) }
        if let wish = requests.restores { try goBack(wish) }
        requests.restores = nil
    }

    /// The state at the end of a run that was not interrupted, for savers that want it.
    func saveAtEnd() throws {
        guard !state.isInterrupted else { return }
        // Those that were due have written at the last boundary.
        let idle = state.callbacks.savers.filter { !$0.isDue }
        for saver in idle { saver.notice(.end, in: run) }
        let due = idle.filter(\.isDue)
        if !due.isEmpty { try save(due, at: .epoch) }
    }

    /// The state after the last whole batch, for savers that want it. The failure stays what it is.
    func saveAfterFailure() {
        for saver in state.callbacks.savers { saver.notice(.failure, in: run) }
        guard state.callbacks.savers.contains(where: \.isDue), state.batchesSeen > 0 else { return }
        let (batch, seen) = (state.batch, state.batchesSeen)
        defer { (state.batch, state.batchesSeen) = (batch, seen) }
        if let current = state.current, current.event.isTraining, !current.hasRun {
            state.batch = max(0, state.batch - 1)
            state.batchesSeen -= 1
        }
        do { try save(state.callbacks.savers.filter(\.isDue), at: .batch) } catch { record(error, at: .exception) }
    }

    private func save(_ due: [any CheckpointSaver], at boundary: Boundary) throws {
        // First all decide, then the state is captured: each decision is part of it.
        for saver in due { try naming(saver) { try saver.willSave(in: run) } }
        let memory = due.contains(where: \.writesLater) ? copies : nil
        let lease = memory?.begin()
        let checkpoint = Checkpoint(try capture(at: boundary, in: memory), lease: lease)
        for saver in due { try naming(saver) { try saver.save(checkpoint, in: run) } }
        let paths = requests.saves
        requests.saves = []
        for path in paths {
            if path.hasSuffix("/") || Folder.exists(path) {
                let folder = CheckpointFolder(path)
                try folder.prepare()
                try checkpoint.write(to: folder.file(step: run.step))
            } else {
                let parent = WholeFile.parts(of: path).folder
                if parent != "." { try CheckpointFolder(parent).prepare() }
                try checkpoint.replace(path)
            }
        }
    }

    private func naming(_ saver: any CheckpointSaver, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch {
            throw TrainingError.wrapping(
                error, as: .fileFailed,
                at: .init(callback: saver.name, event: nil, epoch: state.epoch > 0 ? state.epoch : nil, batch: nil))
        }
    }

    private func goBack(_ wish: Wish.Restore) throws {
        let path: String
        switch wish.source {
        case .path(let given): path = given
        case .best, .last, .epoch:
            guard let found = state.callbacks.savers.lazy.compactMap({ $0.path(of: wish.source) }).first else {
                throw DirectiveError(
                    key: "restore",
                    "'restore': there is no checkpoint \(wish.source.text); a model_checkpoint that keeps "
                        + "it has to be among the callbacks")
            }
            path = found
        }
        guard let checkpoint = try Checkpoint.newestThere(at: path, say: run.say) else {
            throw CheckpointError(.unreadable, "is not there", path: path)
        }
        let saved = checkpoint.state["engine"] ?? .null
        try engine.check(saved, path: checkpoint.path)
        try engine.restoreMemory(saved, weightsOnly: wish.weightsOnly, path: checkpoint.path)
        try state.callbacks.restoreAverages(checkpoint.state["callbacks"] ?? .null, in: run)
        run.say("went back to \(checkpoint.path)")
    }
}

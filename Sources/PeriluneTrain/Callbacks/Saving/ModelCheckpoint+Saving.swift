import Glibc
import PeriluneGraph

// Writing.
extension ModelCheckpoint {
    /// A file to be written, and those that go once it is there.
    struct Plan: Sendable {
        var file: File
        var superfluous: [File]
    }

    /// A plan that could not be carried out.
    private struct Failure: Error {
        let plan: Plan
        let error: any Error
    }

    public var isDue: Bool { isPending || writer.hasFailed || !unreported.isEmpty }
    public var writesLater: Bool { options.inBackground }

    public func notice(_ occasion: SaveOccasion, in run: Run) {
        switch occasion {
        case .interruption: isPending = isPending || options.onInterruption && !options.savesBestOnly
        case .failure: isPending = options.onFailure
        case .end:
            guard !isPending else { return }
            let isNew = run.step > lastSavedStep
            // A file of its own is there also where the last epoch was the best one.
            isPendingLast = options.savesLast && (isNew || template != nil)
            isPending = isPendingLast || isNew && isWorthSavingAtEnd(run)
        }
    }

    /// A run that has ended can go on from its end: what came after the last save within an epoch is not lost. A state
    /// whose loss is no number is not worth the place of an older one.
    private func isWorthSavingAtEnd(_ run: Run) -> Bool {
        options.every.isWithinEpochs && !options.savesBestOnly && run.history.last("loss")?.isFinite ?? true
    }

    public func willSave(in run: Run) throws {
        try reportFailures(run)
        planned = nil
        guard isPending else { return }
        isPending = false
        lastSave = .now
        lastSavedStep = run.step
        // A score of an earlier update says nothing of these weights.
        let value = judged.flatMap { $0.step == run.step ? $0.value : nil }
        let file = File(path: path(for: run), step: run.step, epoch: run.epoch, value: value)
        isPendingLast = false
        let carried = withdrawQueued(for: file)
        files.removeAll { $0.path == file.path }
        files.append(file)
        let superfluous = self.superfluous
        let leaving = Set(superfluous.map(\.path))
        files.removeAll { leaving.contains($0.path) }
        planned = Plan(file: file, superfluous: superfluous.filter(isOwn) + carried)
    }

    private func path(for run: Run) -> String {
        switch target {
        case .folder(let path, _, _): return CheckpointFolder(path).file(step: run.step)
        case .files(let text) where isPendingLast:
            let folder = WholeFile.parts(of: template?.filled { place($0, run) } ?? text).folder
            return folder == "." ? Self.lastName : folder + "/" + Self.lastName
        case .files(let text): return template?.filled { place($0, run) } ?? text
        }
    }

    private static let lastName = "last.safetensors"

    /// The number for a place of the template.
    private func place(_ name: String, _ run: Run) -> Double? {
        switch name {
        case "epoch": Double(run.epoch)
        case "batch": Double(run.batch)
        case "step": Double(run.step)
        case "lr": run.optimizer.learningRate
        case _: numbers[name]
        }
    }

    /// Takes back a save that still waits for the writer, where its file is not needed once `file` is there:
    /// training then need not wait for a disk that cannot keep up.
    /// - Returns: what was to go once that file was there.
    private func withdrawQueued(for file: File) -> [File] {
        guard let queued else { return [] }
        self.queued = nil
        guard !isMissed(queued.file, beside: file), writer.withdraw() else { return [] }
        files.removeAll { $0.path == queued.file.path }
        return queued.superfluous
    }

    public func save(_ checkpoint: Checkpoint, in run: Run) throws {
        guard let plan = planned else { return }
        planned = nil
        let weightsOnly = options.savesWeightsOnly
        let isFolder = template == nil
        let job: BackgroundWriter.Job = {
            do {
                let path = plan.file.path
                let parent = WholeFile.parts(of: path).folder
                // Each time: the folder may have been removed meanwhile.
                if parent != "." { try CheckpointFolder(parent).prepare() }
                if weightsOnly {
                    try checkpoint.weightsFile.write(to: path)
                } else if isFolder {
                    try checkpoint.write(to: path)
                } else {
                    try checkpoint.replace(path)
                }
                // Only now: until the new one is there, the old ones are all there is.
                for old in plan.superfluous { unlink(old.path) }
            } catch {
                throw Failure(plan: plan, error: error)
            }
        }
        if options.isVerbose { run.say("epoch \(run.epoch): writing \(plan.file.path)") }
        guard !options.inBackground else {
            queued = plan
            return writer.start(job)
        }
        do {
            try job()
        } catch let failure as Failure {
            undo(failure)
            try report(failure.error, run)
        }
    }

    /// Tells of what has failed in the background.
    func reportFailures(_ run: Run) throws {
        noteFailures()
        defer { unreported = [] }
        for error in unreported { try report(error, run) }
    }

    /// Takes files off the list that could not be written.
    func noteFailures() {
        for case let failure as Failure in writer.takeFailures() {
            undo(failure)
            unreported.append(failure.error)
        }
    }

    /// The file is not there, and what it was to replace still is.
    private func undo(_ failure: Failure) {
        files.removeAll { $0.path == failure.plan.file.path }
        files = (failure.plan.superfluous + files).sorted { $0.step < $1.step }
    }

    /// A checkpoint that could not be written ends the run, or is a warning.
    private func report(_ error: any Error, _ run: Run) throws {
        guard !options.isCritical else { throw error }
        run.say("model_checkpoint: \(error); the run goes on")
    }
}

import Glibc
import PeriluneNN

// Which files stay, and going back to one.
extension ModelCheckpoint {
    /// The files that are neither among the last nor among the best ones.
    var superfluous: [File] {
        guard case .folder(_, let keepLast?, let keepBest) = target, files.count > keepLast else { return [] }
        let best = Set(best(keepBest, of: files).map(\.path))
        return files.dropLast(keepLast).filter { !best.contains($0.path) }
    }

    /// Among equals the newest, so that it stays put while nothing gets better.
    private func best(_ count: Int, of files: [File]) -> [File] {
        monitor.direction.best(count, of: files.reversed(), by: \.value)
    }

    /// Whether a file was asked for though a newer one is there: one of its own name, where all are kept, or one of the
    /// best.
    func isMissed(_ file: File, beside newer: File) -> Bool {
        guard file.path != newer.path else { return false }
        switch target {
        case .files, .folder(_, nil, _): return true
        case .folder(_, _?, let keepBest): return best(keepBest, of: files + [newer]).contains { $0.path == file.path }
        }
    }

    /// Whether a file is in this saver's folder, and not in that of a run that this one went on from.
    func isOwn(_ file: File) -> Bool {
        guard case .folder(let path, _, _) = target else { return false }
        return file.path == CheckpointFolder(path).file(step: file.step)
    }

    public func path(of source: Wish.Restore.Source) -> String? {
        // One cannot go back to weights alone.
        guard !options.savesWeightsOnly else { return nil }
        writer.finish()
        noteFailures()
        let files = files.filter { access($0.path, F_OK) == 0 }
        switch source {
        case .last: return files.last?.path
        case .epoch(let epoch): return files.last { $0.epoch == epoch }?.path
        case .best: return monitor.direction.best(1, of: files, by: \.value).first?.path
        case .path(let path): return path
        }
    }

    /// - Throws: where checkpoints of another run are in the folder, and not to be cleared.
    func refuseStrangers(in folder: CheckpointFolder) throws(TrainingError) {
        guard let newest = folder.steps.last, !options.overwrites else { return }
        throw TrainingError(
            .invalidOption,
            "model_checkpoint: \(folder.path) has checkpoints already, up to step \(newest); resume from it (fit's "
                + "resume), give another folder, or say overwrite = true")
    }

    /// - Throws: where a name with numbers of the usual length in its places is longer than file systems take.
    func checkNameLength(_ run: Run) throws(TrainingError) {
        guard let template else { return }
        let longest = template.filled { name in
            switch name {
            case "epoch": Double(run.params.epochs)
            case "batch": Double(run.params.steps ?? 1)
            case "step": Double(run.step)
            case _: 0.123456789
            }
        }
        for part in longest.split(separator: "/") where part.utf8.count > Int(NAME_MAX) {
            throw TrainingError(
                .invalidOption,
                "model_checkpoint: the file name '\(part.prefix(40))…' has \(part.utf8.count) bytes; a name may have "
                    + "\(NAME_MAX)")
        }
    }

    /// Takes charge of the folder: what is there of another run, or of a future that did not come, is not this run's.
    /// Files that the run has to do with, and that this does not know, stay.
    func takeOver(_ folder: CheckpointFolder, keepLast: Int?, in run: Run) throws {
        guard let lock = FolderLock(folder.path) else { throw Self.inUse(folder) }
        self.lock = lock
        let isResumed = isResumed(folder, run)
        guard isResumed || files.contains(where: isOwn) else {
            try refuseStrangers(in: folder)
            for step in folder.steps { unlink(folder.file(step: step)) }
            return
        }
        let known = Set(files.map(\.path))
        var (aside, strange) = (0, 0)
        for step in folder.steps {
            let file = folder.file(step: step)
            if step > run.step {
                // Left alone they would count as newer than all that this run is to write.
                if rename(file, file + Self.asideSuffix) == 0 { aside += 1 }
            } else if step < run.step, !known.contains(file) {
                // A run that was killed between writing a file and removing an old one has left that.
                if isResumed, isRestored { if keepLast != nil { unlink(file) } } else { strange += 1 }
            }
        }
        if strange > 0 {
            run.say(
                "\(name): \(folder.path) has \(strange == 1 ? "a checkpoint" : "\(strange) checkpoints") "
                    + "that this does not know; \(strange == 1 ? "it stays" : "they stay")")
        }
        guard aside > 0 else { return }
        run.say(
            "\(name): \(folder.path) has \(aside == 1 ? "a checkpoint" : "\(aside) checkpoints") of steps after "
                + "\(run.step), where this run goes on; set aside as *\(Self.asideSuffix)")
    }

    private static let asideSuffix = ".aside"

    static func inUse(_ folder: CheckpointFolder) -> TrainingError {
        TrainingError(
            .invalidOption,
            "model_checkpoint: \(folder.path) is in use by another run that goes on, or another callback of this one; "
                + "give each a folder of its own"
        )
    }

    /// Whether the run goes on from a checkpoint in the folder, whatever the folder is called.
    func isResumed(_ folder: CheckpointFolder, _ run: Run) -> Bool {
        run.resumedFolder.map { CheckpointFolder($0).isSame(as: folder) } ?? false
    }
}

// What checkpoints keep of this.
extension ModelCheckpoint {
    public var report: [String: StateValue] {
        [
            "best": monitor.best.map { .number($0) } ?? .null, "monitor": .text(monitor.name),
            "files": .init(files.map(\.path)), "last": files.last.map { .text($0.path) } ?? .null,
            "best_path": path(of: .best).map { .text($0) } ?? .null,
        ]
    }

    public var savedState: StateValue {
        [
            "monitor": monitor.state,
            "files": .list(
                files.map {
                    [
                        "path": .text($0.path), "step": .integer($0.step), "epoch": .integer($0.epoch),
                        "value": $0.value.map { .number($0) } ?? .null,
                    ]
                }),
            "numbers": numbers.state, "last_saved_step": .integer(lastSavedStep),
        ]
    }

    public func restore(_ state: StateValue, in run: Run) {
        let isGoingOn = !judges || monitor.isGoingOn(with: state["monitor"], for: name, in: run)
        if isGoingOn { monitor.restore(state["monitor"]) }
        numbers.restore(state["numbers"])
        lastSavedStep = state["last_saved_step"]?.count ?? run.step
        files = (state["files"]?.list ?? []).compactMap { entry in
            guard let path = entry["path"]?.text, let step = entry["step"]?.count, let epoch = entry["epoch"]?.count
            else { return nil }
            return File(path: path, step: step, epoch: epoch, value: isGoingOn ? entry["value"]?.number : nil)
        }
        isRestored = true
        guard case .folder(let path, _, _) = target else { return }
        // The folder may have been moved, or be called otherwise than before.
        let folder = CheckpointFolder(path)
        let isResumed = isResumed(folder, run)
        for index in files.indices {
            let here = folder.file(step: files[index].step)
            if isResumed || access(here, F_OK) == 0 { files[index].path = here }
        }
    }
}

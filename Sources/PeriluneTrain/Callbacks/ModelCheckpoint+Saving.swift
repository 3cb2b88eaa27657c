import Glibc
import PeriluneGraph

// Writing, and going back.
extension ModelCheckpoint {
    public var isDue: Bool { isPending || writer.hasFailed }

    public func notice(_ occasion: SaveOccasion, in run: Run) {
        switch occasion {
        case .interruption: isPending = isPending || options.onInterruption && !options.savesBestOnly
        case .failure: isPending = options.onFailure
        }
    }

    public func willSave(in run: Run) throws {
        if let failure = writer.takeFailure() { try report(failure, run) }
        planned = nil
        guard isPending else { return }
        isPending = false
        lastSave = .now
        let file = File(path: path(for: run), step: run.step, epoch: run.epoch, value: judged)
        judged = nil
        files.removeAll { $0.path == file.path }
        files.append(file)
        let superfluous = self.superfluous
        files.removeAll(where: superfluous.contains)
        planned = (file, superfluous)
    }

    private func path(for run: Run) -> String {
        switch target {
        case .folder(let path, _, _): return CheckpointFolder(path).file(step: run.step)
        case .files(let text):
            return template?.filled { name in
                switch name {
                case "epoch": Double(run.epoch)
                case "batch": Double(run.batch)
                case "step": Double(run.step)
                case "lr": run.optimizer.learningRate
                case _: numbers[name]
                }
            } ?? text
        }
    }

    /// The files that are neither among the last nor among the best ones.
    private var superfluous: [File] {
        guard case .folder(_, let keepLast?, let keepBest) = target, files.count > keepLast else { return [] }
        var best: [File] = []
        for file in files.reversed() where file.value != nil {
            // Among equals the newest, so that it stays put while nothing gets better.
            let place = best.firstIndex { monitor.isBetter(file.value ?? .nan, than: $0.value) } ?? best.count
            best.insert(file, at: place)
        }
        return files.dropLast(keepLast).filter { !best.prefix(keepBest).contains($0) }
    }

    public func save(_ checkpoint: Checkpoint, in run: Run) throws {
        guard let (file, superfluous) = planned else { return }
        planned = nil
        let weightsOnly = options.savesWeightsOnly
        let isFolder = template == nil
        let job: BackgroundWriter.Job = {
            let parent = WholeFile.parts(of: file.path).folder
            if !isFolder, parent != "." { try CheckpointFolder(parent).prepare() }
            if weightsOnly {
                try checkpoint.weightsFile.write(to: file.path)
            } else if isFolder {
                try checkpoint.write(to: file.path)
            } else {
                try checkpoint.replace(file.path)
            }
            // Only now: until the new one is there, the old ones are all there is.
            for old in superfluous { unlink(old.path) }
        }
        if options.isVerbose { run.say("epoch \(run.epoch): writing \(file.path)") }
        guard !options.inBackground else { return writer.start(job) }
        do { try job() } catch { try report(error, run) }
    }

    /// A checkpoint that could not be written ends the run, or is a warning.
    func report(_ error: any Error, _ run: Run) throws {
        guard !options.isCritical else { throw error }
        run.say("model_checkpoint: \(error); the run goes on")
    }

    public func path(of source: Directive.Restore.Source) -> String? {
        // One cannot go back to weights alone.
        guard !options.savesWeightsOnly else { return nil }
        writer.finish()
        switch source {
        case .last: return files.last?.path
        case .epoch(let epoch): return files.last { $0.epoch == epoch }?.path
        case .best:
            var best: File?
            for file in files where file.value != nil {
                if monitor.isBetter(file.value ?? .nan, than: best?.value) { best = file }
            }
            return best?.path
        case .path(let path): return path
        }
    }

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
            "numbers": numbers.state,
        ]
    }

    public func restore(_ state: StateValue, in run: Run) {
        monitor.restore(state["monitor"])
        numbers.restore(state["numbers"])
        files = (state["files"]?.list ?? []).compactMap { entry in
            guard let path = entry["path"]?.text, let step = entry["step"]?.integer, let epoch = entry["epoch"]?.integer
            else { return nil }
            return File(path: path, step: step, epoch: epoch, value: entry["value"]?.number)
        }
    }
}

// What the logs of each event hold.
extension TrainingLoop: LogsSource {
    /// The reused logs of batch events, filled when someone reads them.
    func deferredLogs(_ event: Event) -> Logs {
        guard callbacks.hasListeners(event) else { return batchLogs }
        current?.event = event
        batchLogs.deferFilling(to: self)
        return batchLogs
    }

    func fill(_ logs: Logs) {
        guard let current else { return }
        let isTraining = current.event.isTraining
        guard current.hasRun, current.event.isPrediction == false else {
            logs.setNames(isTraining ? keys.batchBegin : keys.sizeOnly)
            fillPosition(logs, from: 0, rows: current.rows, isTraining: isTraining)
            return
        }
        logs.setNames(isTraining ? keys.batchEnd : keys.testBatch)
        for index in 0..<keys.metricCount {
            logs.setValue(current.session.batchValue(index), at: index)
            logs.setValue(current.session.runningValue(index), at: keys.metricCount + index)
        }
        fillPosition(logs, from: 2 * keys.metricCount, rows: current.rows, isTraining: isTraining)
    }

    private func fillPosition(_ logs: Logs, from index: Int, rows: Int, isTraining: Bool) {
        if isTraining {
            logs.setValue(engine.optimizer.learningRate, at: index)
            logs.setValue(Double(engine.step), at: index + 1)
        }
        logs.setValue(Double(rows), at: isTraining ? index + 2 : index)
    }

    /// Where the run is, for events without metrics.
    func positionLogs() -> Logs {
        Logs(["lr": engine.optimizer.learningRate, "epoch": Double(run.epoch), "step": Double(engine.step)])
    }

    /// The logs of an epoch's end.
    func metricLogs(_ session: any BatchSession, rows: Int, trained seconds: Double) -> Logs {
        let logs = Logs()
        if run.batchesTrained > 0 {
            for (index, metric) in engine.metrics.enumerated() { logs[metric.name] = session.runningValue(index) }
        }
        validated?.forEach { logs["val_" + $0] = $1 }
        logs["lr"] = engine.optimizer.learningRate
        logs["epoch"] = Double(run.epoch)
        logs["step"] = Double(engine.step)
        logs["epoch_seconds"] = seconds
        logs["samples_per_second"] = seconds > 0 ? Double(rows) / seconds : 0
        return logs
    }
}

extension Event {
    var isPrediction: Bool {
        switch self {
        case .predictBegin, .predictBatchBegin, .predictBatchEnd, .predictEnd: true
        case .trainBegin, .trainEnd, .epochBegin, .epochEnd, .checkpoint, .exception, .trainBatchBegin, .backwardEnd,
            .trainBatchEnd, .testBegin, .testBatchBegin, .testBatchEnd, .testEnd:
            false
        }
    }
}

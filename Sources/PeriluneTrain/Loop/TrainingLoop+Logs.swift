// What the logs of each event hold.
extension TrainingLoop: LogsSource {
    /// The reused logs of batch events, filled when they are read.
    func deferredLogs(_ event: Event) -> Logs {
        guard hasListeners(event) else { return batchLogs }
        state.current?.event = event
        batchLogs.deferFilling(to: self)
        return batchLogs
    }

    func fill(_ logs: Logs) {
        guard let current = state.current else { return }
        let isTraining = current.event.isTraining
        let hasMetrics = current.hasRun && !current.event.isPrediction
        let names =
            hasMetrics
            ? (isTraining ? keys.batchEnd : keys.testBatch) : (isTraining ? keys.batchBegin : keys.sizeOnly)
        let metricCount = hasMetrics ? keys.metricCount : 0
        logs.fill(names) { values in
            if hasMetrics { current.session.writeValues(metricCount, to: &values) }
            var position = 2 * metricCount
            if isTraining {
                values[position] =
                    current.event == .trainBatchEnd ? run.lastLearningRate : engine.optimizer.learningRate
                values[position + 1] = Double(engine.step)
                position += 2
            }
            values[position] = Double(current.rows)
        }
    }

    /// Where the run is, for events without metrics.
    /// - Parameter learningRate: of the next step at a beginning, of the last at an end.
    func positionLogs(_ learningRate: Double) -> Logs {
        Logs(["lr": learningRate, "epoch": Double(state.epoch), "step": Double(engine.step)])
    }

    /// The logs of an epoch's end.
    func metricLogs(_ session: any BatchSession, rows: Int, trained seconds: Double) -> Logs {
        let logs = Logs()
        if state.batchesTrained > 0 {
            for (index, metric) in engine.metrics.enumerated() { logs[metric.name] = session.runningValue(index) }
        }
        state.validated?.forEach { logs["val_" + $0] = $1 }
        logs["lr"] = run.lastLearningRate
        logs["epoch"] = Double(state.epoch)
        logs["step"] = Double(engine.step)
        logs["epoch_seconds"] = seconds
        logs["samples_per_second"] = seconds > 0 ? Double(rows) / seconds : 0
        return logs
    }
}

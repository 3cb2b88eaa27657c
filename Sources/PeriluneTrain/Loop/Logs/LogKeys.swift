/// The names in the logs of each event, built once for a run so that batch events allocate nothing.
struct LogKeys {
    let batchBegin: [String]
    let batchEnd: [String]
    let testBatch: [String]
    let sizeOnly = ["size"]
    let metricCount: Int

    init(metrics: [String]) {
        metricCount = metrics.count
        let position = ["lr", "step", "size"]
        batchBegin = position
        batchEnd = metrics + metrics.map { "running_" + $0 } + position
        testBatch = metrics + metrics.map { "running_" + $0 } + ["size"]
    }
}

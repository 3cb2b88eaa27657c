import PeriluneNN

/// A metric of an output as a trainer measures it.
struct MeasuredMetric {
    /// Chosen for the loss and the shapes.
    let metric: any Metric
    /// Whether each example counts by its weight; otherwise all count alike, as in Keras.
    let isWeighted: Bool

    /// What the logs call it: its own name, and where that is taken `weighted_` before it for one that is weighted, or
    /// a number after it, as in Keras.
    func name(prefix: String, among taken: [String]) -> String {
        let name = prefix + metric.name
        guard taken.contains(name) else { return name }
        let other = isWeighted ? prefix + "weighted_" + metric.name : name
        guard isWeighted, !taken.contains(other) else {
            // One more than are taken: one of these is free.
            return (1...taken.count + 1).map { "\(other)_\($0)" }.first { !taken.contains($0) } ?? other
        }
        return other
    }
}

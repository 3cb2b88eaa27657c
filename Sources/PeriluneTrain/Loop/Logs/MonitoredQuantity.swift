public import PeriluneNN

/// A quantity that the logs of an epoch will have, known before the first batch.
public struct MonitoredQuantity: Hashable, Sendable {
    /// `loss`, `accuracy`, `val_loss`, …
    public let name: String
    /// Which way it gets better; nil where its metric does not say.
    public let direction: MetricDirection?

    public init(_ name: String, _ direction: MetricDirection?) {
        self.name = name
        self.direction = direction
    }
}

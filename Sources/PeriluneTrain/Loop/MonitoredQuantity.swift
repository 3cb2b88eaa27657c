/// Which way a quantity gets better.
public enum Direction: String, Hashable, Sendable, CaseIterable {
    /// Smaller is better.
    case min
    /// Larger is better.
    case max
}

/// A quantity that the logs of an epoch will have, known before the first batch.
public struct MonitoredQuantity: Hashable, Sendable {
    /// `loss`, `accuracy`, `val_loss`, …
    public let name: String
    /// Which way it gets better; nil where its metric does not say.
    public let direction: Direction?

    public init(_ name: String, _ direction: Direction?) {
        self.name = name
        self.direction = direction
    }
}

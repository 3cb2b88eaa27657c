import PeriluneGraph

/// The mean of each window of one spatial axis (keras.layers.AveragePooling1D).
public final class AveragePooling1D: Pooling {
    public override class var kind: String { "average_pooling1d" }
    override class var axes: Int { 1 }
    override class var operation: PoolingAttributes.Kind { .average }
}

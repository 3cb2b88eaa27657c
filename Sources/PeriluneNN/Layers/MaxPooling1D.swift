import PeriluneGraph

/// The largest element of each window of one spatial axis (keras.layers.MaxPooling1D).
public final class MaxPooling1D: Pooling {
    public override class var kind: String { "max_pooling1d" }
    override class var axes: Int { 1 }
    override class var operation: PoolingAttributes.Kind { .maximum }
}

import PeriluneGraph

/// The mean of each channel over one spatial axis (keras.layers.GlobalAveragePooling1D).
public final class GlobalAveragePooling1D: GlobalPooling {
    public override class var kind: String { "global_average_pooling1d" }
    override class var axes: Int { 1 }
    override class var operation: PoolingAttributes.Kind { .average }
}

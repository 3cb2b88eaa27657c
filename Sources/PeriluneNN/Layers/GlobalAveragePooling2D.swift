import PeriluneGraph

/// The mean of each channel over 2 spatial axes (keras.layers.GlobalAveragePooling2D).
public final class GlobalAveragePooling2D: GlobalPooling {
    public override class var kind: String { "global_average_pooling2d" }
    override class var axes: Int { 2 }
    override class var operation: PoolingAttributes.Kind { .average }
}

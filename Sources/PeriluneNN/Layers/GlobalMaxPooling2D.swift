import PeriluneGraph

/// The largest element of each channel over 2 spatial axes (keras.layers.GlobalMaxPooling2D).
public final class GlobalMaxPooling2D: GlobalPooling {
    public override class var kind: String { "global_max_pooling2d" }
    override class var axes: Int { 2 }
    override class var operation: PoolingAttributes.Kind { .maximum }
}

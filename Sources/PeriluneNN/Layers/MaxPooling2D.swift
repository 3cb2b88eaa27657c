import PeriluneGraph

/// The largest element of each window of 2 spatial axes (keras.layers.MaxPooling2D).
public final class MaxPooling2D: Pooling {
    public override class var kind: String { "max_pooling2d" }
    override class var axes: Int { 2 }
    override class var operation: PoolingAttributes.Kind { .maximum }
}

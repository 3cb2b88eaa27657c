import PeriluneGraph

/// The largest element of each window of 3 spatial axes (keras.layers.MaxPooling3D).
public final class MaxPooling3D: Pooling {
    public override class var kind: String { "max_pooling3d" }
    override class var axes: Int { 3 }
    override class var operation: PoolingAttributes.Kind { .maximum }
}

import PeriluneGraph

/// The mean of each window of 3 spatial axes (keras.layers.AveragePooling3D).
public final class AveragePooling3D: Pooling {
    public override class var kind: String { "average_pooling3d" }
    override class var axes: Int { 3 }
    override class var operation: PoolingAttributes.Kind { .average }
}

import PeriluneGraph
public import PeriluneItems

/// The largest element of each window of 2 spatial axes (keras.layers.MaxPooling2D).
public final class MaxPooling2D: Pooling {
    public override class var kind: String { "max_pooling2d" }

    public static let declaration = LayerDeclaration.pooling(
        MaxPooling2D.self, help: "The largest of each window of an image.")
    override class var axes: Int { 2 }
    override class var operation: PoolingAttributes.Kind { .maximum }
}

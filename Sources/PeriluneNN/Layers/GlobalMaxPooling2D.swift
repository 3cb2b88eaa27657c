import PeriluneGraph
public import PeriluneItems

/// The largest element of each channel over 2 spatial axes (keras.layers.GlobalMaxPooling2D).
public final class GlobalMaxPooling2D: GlobalPooling {
    public override class var kind: String { "global_max_pooling2d" }

    public static let declaration = LayerDeclaration.globalPooling(
        GlobalMaxPooling2D.self, help: "The largest of each channel of an image.")
    override class var axes: Int { 2 }
    override class var operation: PoolingAttributes.Kind { .maximum }
}

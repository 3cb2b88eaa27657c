public import PeriluneItems

/// Drops whole channels of images (keras.layers.SpatialDropout2D).
public final class SpatialDropout2D: SpatialDropout {
    public override class var kind: String { "spatial_dropout2d" }

    public static let declaration = LayerDeclaration.spatialDropout(
        SpatialDropout2D.self, help: "Drops whole channels of images.")
    override class var axes: Int { 2 }
}

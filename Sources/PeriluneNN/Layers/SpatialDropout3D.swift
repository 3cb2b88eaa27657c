public import PeriluneItems

/// Drops whole channels of volumes (keras.layers.SpatialDropout3D).
public final class SpatialDropout3D: SpatialDropout {
    public override class var kind: String { "spatial_dropout3d" }

    public static let declaration = LayerDeclaration.spatialDropout(
        SpatialDropout3D.self, help: "Drops whole channels of volumes.")
    override class var axes: Int { 3 }
}

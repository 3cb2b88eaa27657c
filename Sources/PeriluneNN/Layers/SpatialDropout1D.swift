public import PeriluneItems

/// Drops whole channels of sequences (keras.layers.SpatialDropout1D).
public final class SpatialDropout1D: SpatialDropout {
    public override class var kind: String { "spatial_dropout1d" }

    public static let declaration = LayerDeclaration.spatialDropout(
        SpatialDropout1D.self, help: "Drops whole channels of sequences.")
    override class var axes: Int { 1 }
}

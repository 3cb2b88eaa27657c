public import PeriluneItems

/// A convolution over one spatial axis, [n, length, in] to [n, length', filters] (keras.layers.Conv1D).
public final class Conv1D: Convolution {
    public override class var kind: String { "conv1d" }

    public static let declaration = LayerDeclaration.convolution(
        Conv1D.self, help: "A convolution over steps: [n, steps, in] to [n, steps', filters].")
    override class var axes: Int { 1 }
}

/// A convolution over one spatial axis, [n, length, in] to [n, length', filters] (keras.layers.Conv1D).
public final class Conv1D: Convolution {
    public override class var kind: String { "conv1d" }
    override class var axes: Int { 1 }
}

import PeriluneGraph

/// How windows slide over the spatial axes of [n, …spatial, channels].
struct WindowShapes {
    let window: [Int]
    let strides: [Int]
    let dilations: [Int]

    /// The padding of each axis.
    /// - Throws: `ModelError` where a dilated window does not fit the input.
    func padding(_ mode: PaddingMode, input: Shape) throws -> [Padding] {
        try window.indices.map { axis in
            let extent = (window[axis] - 1) * dilations[axis] + 1
            switch mode {
            case .valid:
                guard extent <= input[axis + 1] else {
                    throw ModelError(
                        .shapeMismatch,
                        "a window of \(extent) does not fit spatial axis \(axis + 1) of extent \(input[axis + 1]), "
                            + "got shape \(input); padding 'same' would fit")
                }
                return .none
            case .same:
                return .same(
                    input: input[axis + 1], window: window[axis], stride: strides[axis], dilation: dilations[axis])
            case .causal:
                return Padding(before: extent - 1, after: 0)
            }
        }
    }
}

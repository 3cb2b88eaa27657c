import PeriluneGraph

/// A weight as pictures in shades of grey: 0 is grey in the middle, the largest magnitude white, or nearly black where
/// it is negative. Black is what is not finite.
///
/// Axes of extent 1 do not count. As in Keras, a vector is a row, a matrix lies on its longer side, and what has more
/// axes is a picture of the first two for each place in the others, of which the first few are shown: the windows of a
/// convolution, one for each pair of channels. A single number and a kernel of three spatial axes have no picture.
struct WeightImage {
    let width: Int
    let height: Int
    /// Places of an element further down, to the right and in the next picture.
    private let steps: (row: Int, column: Int, picture: Int)
    private let pictureCount: Int
    private let values: [Float]

    /// TensorFlow's number of pictures under one tag.
    static let mostPictures = 3
    /// The most pixels of a picture: what a dense kernel of 4096 by 4096 takes.
    static let mostPixels = 1 << 24

    init?(_ tensor: Tensor) {
        let extents = tensor.shape.dimensions.filter { $0 != 1 }
        switch extents.count {
        case 1:
            (height, width, pictureCount, steps) = (1, extents[0], 1, (0, 1, 0))
        case 2 where extents[0] > extents[1]:
            (height, width, pictureCount, steps) = (extents[1], extents[0], 1, (1, extents[1], 0))
        case 2, 3, 4:
            let others = extents.dropFirst(2).reduce(1, *)
            (height, width, pictureCount) = (extents[0], extents[1], others)
            steps = (extents[1] * others, others, 1)
        case _: return nil
        }
        values = tensor.floats
    }

    var isTooLarge: Bool { width * height > Self.mostPixels }

    func summary() throws -> SummaryValue.Content {
        let largest = values.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
        let pictures = try (0..<min(pictureCount, Self.mostPictures)).map { picture in
            try PNG.file(width: width, height: height) { row, column in
                shade(values[picture * steps.picture + row * steps.row + column * steps.column], largest)
            }
        }
        return .images(pictures, width: width, height: height)
    }

    private func shade(_ value: Float, _ largest: Float) -> UInt8 {
        guard value.isFinite else { return 0 }
        return largest > 0 ? UInt8(128 + (value / largest * 127).rounded()) : 128
    }
}

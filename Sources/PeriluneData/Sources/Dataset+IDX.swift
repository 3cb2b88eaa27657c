import PeriluneGraph

extension Dataset {
    /// Reads images, and labels where given, from IDX files such as those of MNIST, gzipped or not.
    ///
    /// Images [count, height, width] become inputs of shape [height, width, 1]; four axes give their channels, two give
    /// plain vectors. Labels [count] are int32.
    ///
    /// - Parameter scale: whether unsigned bytes are divided by 255, to lie in 0...1.
    /// - Throws: `DataError` where a file cannot be read, is no IDX file, is truncated or damaged, or holds NaN; where
    ///   there are not as many labels as images.
    public static func idx(
        images: String, labels: String? = nil, scale: Bool = true, request: MemoryRequest = { _ in }
    ) throws -> Dataset {
        let imageFile = try IDXFile(images, request: request)
        try request(4 * imageFile.count)
        let count = imageFile.extents[0]
        let shape: Shape
        switch imageFile.extents.count {
        case 3: shape = Shape(imageFile.extents.dropFirst() + [1])
        case 2, 4: shape = Shape(Array(imageFile.extents.dropFirst()))
        default:
            throw DataError(
                .mismatch, "images have 2, 3 or 4 axes; these have the shape \(imageFile.extents)", file: images)
        }
        guard count <= Int(Int32.max) else {
            throw DataError(.mismatch, "a data set holds at most \(Int32.max) examples", file: images)
        }
        let divisor: Float = scale && imageFile.type == .uint8 ? 255 : 1
        let values = Tensor(imageFile.floats(dividedBy: divisor), shape: shape.prepending(count))
        let targets = try labels.map { [try readLabels($0, count: count, images: images, request)] } ?? []
        let layout = DataLayout(
            inputs: [DataField(name: "x", spec: TensorSpec(shape))],
            targets: targets.map { _ in DataField(name: "y", spec: TensorSpec(.scalar, .int32)) })
        let store = ExampleStore(
            file: images, targetFile: labels, inputs: [values], targets: targets, sampleWeights: nil)
        try store.checkFinite(layout)
        return Dataset(store: store, layout: layout)
    }

    private static func readLabels(
        _ path: String, count: Int, images: String, _ request: MemoryRequest
    ) throws -> Tensor {
        let file = try IDXFile(path, request: request)
        try request(4 * file.count)
        guard file.extents.count == 1, let values = file.integers() else {
            throw DataError(
                .mismatch, "labels are one whole number per image; this file has the shape \(file.extents)", file: path)
        }
        guard values.count == count else {
            throw DataError(.mismatch, "has \(values.count) labels where \(images) has \(count) images", file: path)
        }
        return Tensor(values, shape: [count])
    }
}

import PeriluneGraph

extension Dataset {
    /// 1,797 handwritten digits of 8 x 8 grey values (UCI, "Optical Recognition of Handwritten Digits", test part).
    ///
    /// Values are scaled to 0...1. The order is the file's, by writer, so `split` tests on writers not trained on.
    ///
    /// - Parameter image: false for inputs of shape [64], true for [8, 8, 1]. Targets are the digits, int32.
    public static func digits(image: Bool = false) throws -> Dataset {
        let bytes = try Gzip.unpack(PackageResources.digits_csv_gz, file: nil)
        return try table(
            TextBytes(bytes), count: 1797, features: 64, scale: 1 / 16, shape: image ? [8, 8, 1] : [64],
            classNames: (0...9).map(String.init))
    }

    /// 150 irises of three species, measured by Anderson and made famous by Fisher (1936).
    ///
    /// Inputs are [4]: sepal length, sepal width, petal length and petal width in cm. Targets are 0 for setosa, 1 for
    /// versicolor and 2 for virginica, int32. The species come one after the other: shuffle before splitting.
    public static func iris() throws -> Dataset {
        let bytes = try Gzip.unpack(PackageResources.iris_csv_gz, file: nil)
        // The first line is the table's own: rows, columns, then the classes.
        let end = bytes.firstIndex(of: CSVCursor.newline) ?? bytes.endIndex
        let head = String(decoding: bytes[..<end], as: UTF8.self).split(separator: ",").dropFirst(2)
        return try table(
            TextBytes(Array(bytes[end...])), count: 150, features: 4, scale: 1, shape: [4],
            columnNames: ["sepal length", "sepal width", "petal length", "petal width"],
            classNames: head.map { String($0.filter { !$0.isNewline }) })
    }

    /// A table of numbers whose last column is the class.
    private static func table(
        _ text: TextBytes, count: Int, features: Int, scale: Float, shape: Shape, columnNames: [String] = [],
        classNames: [String]
    ) throws -> Dataset {
        let syntax = CSVSyntax(CSVFormat())
        var cursor = CSVCursor(text.start, line: 1, end: text.end, syntax)
        var values: [Float] = []
        var labels: [Int32] = []
        values.reserveCapacity(count * features)
        labels.reserveCapacity(count)
        while let cells = try cursor.row() {
            guard cells.count == features + 1 else { throw DataError(.malformed, "ragged row", row: cursor.line - 1) }
            for (column, cell) in cells.enumerated() {
                guard case .value(let value) = syntax.number(in: cell) else {
                    throw DataError(.malformed, "'\(cell.text)' is not a number", row: cursor.line - 1)
                }
                if column < features { values.append(value * scale) } else { labels.append(Int32(value)) }
            }
        }
        withExtendedLifetime(text) {}
        let store = ExampleStore(
            file: nil, inputs: [Tensor(values, shape: shape.prepending(labels.count))],
            targets: [Tensor(labels, shape: [labels.count])], sampleWeights: nil)
        let layout = DataLayout(
            inputs: [DataField(name: "x", spec: TensorSpec(shape), columnNames: columnNames)],
            targets: [DataField(name: "y", spec: TensorSpec(.scalar, .int32), classNames: classNames)])
        return Dataset(store: store, layout: layout)
    }
}

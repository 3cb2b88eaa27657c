import PeriluneGraph

extension Dataset {
    /// 1,797 handwritten digits of 8 x 8 grey values (UCI, "Optical Recognition of Handwritten Digits", test part).
    ///
    /// Values are scaled to 0...1. The order is the file's, by writer, so `split` tests on writers not trained on.
    ///
    /// - Parameter image: false for inputs of shape [64], true for [8, 8, 1]. Targets are the digits, int32.
    public static func digits(image: Bool = false) throws -> Dataset {
        let bytes = try Gzip.unpack(PackageResources.digits_csv_gz, file: nil)
        return try bytes.withUnsafeBufferPointer { text in
            try table(
                CSVRows(text, file: nil), count: 1797, features: 64, scale: 1 / 16, shape: image ? [8, 8, 1] : [64],
                classNames: (0...9).map(String.init))
        }
    }

    /// 150 irises of three species, measured by Anderson and made famous by Fisher (1936).
    ///
    /// Inputs are [4]: sepal length, sepal width, petal length and petal width in cm. Targets are 0 for setosa, 1 for
    /// versicolor and 2 for virginica, int32. The species come one after the other: shuffle before splitting.
    public static func iris() throws -> Dataset {
        let bytes = try Gzip.unpack(PackageResources.iris_csv_gz, file: nil)
        return try bytes.withUnsafeBufferPointer { text in
            var rows = CSVRows(text, file: nil)
            var head: [CSVRows.Cell] = []
            // The first line is the table's own: rows, columns, then the classes.
            _ = try rows.next(into: &head)
            return try table(
                rows, count: 150, features: 4, scale: 1, shape: [4],
                columnNames: ["sepal length", "sepal width", "petal length", "petal width"],
                classNames: head.dropFirst(2).map(rows.text))
        }
    }

    /// A table of numbers whose last column is the class.
    private static func table(
        _ rows: CSVRows, count: Int, features: Int, scale: Float, shape: Shape, columnNames: [String] = [],
        classNames: [String]
    ) throws -> Dataset {
        var rows = rows
        var cells: [CSVRows.Cell] = []
        var values: [Float] = []
        var labels: [Int32] = []
        values.reserveCapacity(count * features)
        labels.reserveCapacity(count)
        while try rows.next(into: &cells) {
            guard cells.count == features + 1 else { throw DataError(.malformed, "ragged row", row: rows.line) }
            for (column, cell) in cells.enumerated() {
                guard case .value(let value) = rows.number(cell) else {
                    throw DataError(.malformed, "'\(rows.text(cell))' is not a number", row: rows.line)
                }
                if column < features { values.append(value * scale) } else { labels.append(Int32(value)) }
            }
        }
        let store = ExampleStore(
            file: nil, inputs: [Tensor(values, shape: shape.prepending(labels.count))],
            targets: [Tensor(labels, shape: [labels.count])], sampleWeights: nil)
        let layout = DataLayout(
            inputs: [DataField(name: "x", spec: TensorSpec(shape), columnNames: columnNames)],
            targets: [DataField(name: "y", spec: TensorSpec(.scalar, .int32), classNames: classNames)])
        return Dataset(store: store, layout: layout)
    }
}

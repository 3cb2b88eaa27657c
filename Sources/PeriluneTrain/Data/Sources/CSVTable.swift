import PeriluneGraph

/// Collects the rows of a CSV file and makes a data set of them.
struct CSVTable {
    private let columns: CSVColumns
    private let file: String
    private var lines: [Int32] = []
    private var features: [Float] = []
    private var targets: [Float] = []
    private var labels: [[Int32]]
    private var categories: [Int: CSVCategories]

    init(columns: CSVColumns, file: String) {
        self.columns = columns
        self.file = file
        labels = columns.categoryTargets.map { _ in [] }
        categories = columns.categories.mapValues(CSVCategories.init)
    }

    /// - Throws: `DataError` with line and column of the first cell that cannot be read.
    mutating func append(_ cells: [CSVRows.Cell], of rows: CSVRows) throws {
        try columns.checkWidth(cells.count, line: rows.line)
        for column in columns.features {
            features.append(
                categories[column] == nil
                    ? try number(cells[column], rows, column) : Float(try category(cells[column], rows, column)))
        }
        for column in columns.numericTargets { targets.append(try number(cells[column], rows, column)) }
        for (index, column) in columns.categoryTargets.enumerated() {
            labels[index].append(try category(cells[column], rows, column))
        }
        // Rows are numbered in 32 bits; a file with more of them would take 8 GB for its line ends alone.
        guard let line = Int32(exactly: rows.line) else {
            throw DataError(.malformed, "the file has more than \(Int32.max) lines", file: file)
        }
        lines.append(line)
    }

    private func number(_ cell: CSVRows.Cell, _ rows: CSVRows, _ column: Int) throws -> Float {
        let message: String
        switch rows.number(cell) {
        case .value(let value): return value
        case .empty: message = "the cell is empty"
        case .notFinite: message = "'\(rows.text(cell))' is not finite"
        case .notANumber:
            // A word in the very first row is hardly a typing mistake.
            let hint = lines.isEmpty ? "; name the column under categories to read words as classes" : ""
            message = "'\(rows.text(cell))' is not a number\(hint)"
        }
        throw DataError(.invalidValue, message, file: file, row: rows.line, column: columns.names[column])
    }

    private mutating func category(_ cell: CSVRows.Cell, _ rows: CSVRows, _ column: Int) throws -> Int32 {
        let number = categories[column]?.number(of: rows.text(cell).trimmingBlanks())
        switch number {
        case .success(let number): return number
        case .failure(let fault):
            throw DataError(.invalidValue, fault.message, file: file, row: rows.line, column: columns.names[column])
        case nil: return 0
        }
    }

    /// - Throws: `DataError` where no row was read.
    consuming func dataset() throws -> Dataset {
        let count = lines.count
        guard count > 0 else { throw DataError(.malformed, "the file has no rows", file: file) }
        let ranks = categories.mapValues { $0.ranked() }
        let width = columns.features.count
        for (position, column) in columns.features.enumerated() {
            guard let rank = ranks[column]?.rank else { continue }
            for row in 0..<count {
                let cell = row * width + position
                features[cell] = Float(rank[Int(features[cell])])
            }
        }

        var fields: [DataField] = []
        var tensors: [Tensor] = []
        if !columns.numericTargets.isEmpty {
            let names = columns.numericTargets.map { columns.names[$0] }
            let shape: Shape = names.count == 1 ? .scalar : [names.count]
            let name = names.count == 1 ? names[0] : "y"
            fields.append(DataField(name: name, spec: TensorSpec(shape), columnNames: names))
            tensors.append(Tensor(targets, shape: shape.prepending(count)))
        }
        for (column, numbers) in zip(columns.categoryTargets, labels) {
            let (classNames, rank) = ranks[column] ?? ([], [])
            let spec = TensorSpec(.scalar, .int32)
            fields.append(DataField(name: columns.names[column], spec: spec, classNames: classNames))
            tensors.append(Tensor(numbers.map { rank[Int($0)] }, shape: [count]))
        }
        let input = DataField(
            name: "x", spec: TensorSpec([width]), columnNames: columns.features.map { columns.names[$0] })
        let store = ExampleStore(
            file: file, lines: lines, inputs: [Tensor(features, shape: [count, width])], targets: tensors,
            sampleWeights: nil)
        return Dataset(store: store, layout: DataLayout(inputs: [input], targets: fields))
    }
}

extension String {
    /// Without the spaces and tabs around it.
    func trimmingBlanks() -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
            return ""
        }
        return String(self[first...last])
    }
}

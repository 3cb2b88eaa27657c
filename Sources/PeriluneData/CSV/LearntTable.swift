import PeriluneGraph

/// A table whose words have their final numbers and whose gaps are filled, with what was learnt for that.
struct LearntTable {
    private let rows: TableRows
    private var storage: TableStorage
    /// The words of each column of words, by the column's index.
    private var vocabularies: [Int: [String]] = [:]
    /// What has no value and what stands for it, by the column's index.
    private var fillings: [Int: MissingValues] = [:]
    /// The indices of the features that have an indicator, and its values.
    private var indicators: [(column: ColumnPlan, values: [Float])] = []

    /// - Throws: `DataError` where a word is not UTF-8, or a column has no value to fill its gaps with.
    init(_ rows: TableRows) throws {
        self.rows = rows
        storage = rows.storage
        for (table, column) in rows.plan.categories.enumerated() {
            let words = try ColumnVocabulary(rows, column: column, table: table)
            vocabularies[column.index] = words.words
            if let offset = rows.plan.features.firstIndex(where: { $0.index == column.index }) {
                words.number(&storage.features, offset: offset, width: storage.featureCount, rows.parts)
            } else if let offset = rows.plan.categoryTargets.firstIndex(where: { $0.index == column.index }) {
                words.number(&storage.labels, offset: offset, width: storage.labelCount, rows.parts)
            }
        }
        for (offset, column) in rows.plan.features.enumerated() {
            let gaps = try fill(column, \.features, offset: offset, width: storage.featureCount)
            guard column.indicator ?? !gaps.isEmpty else { continue }
            var values = [Float](repeating: 0, count: rows.count)
            for row in gaps { values[row] = 1 }
            indicators.append((column, values))
        }
        for (offset, column) in rows.plan.numericTargets.enumerated() {
            _ = try fill(column, \.targets, offset: offset, width: storage.targetCount)
        }
        for (offset, column) in rows.plan.categoryTargets.enumerated() {
            _ = try fill(column, \.labels, offset: offset, width: storage.labelCount)
        }
    }

    /// Fills the gaps of a column, and keeps with what; the rows that had one.
    private mutating func fill<Value: TableValue>(
        _ column: ColumnPlan, _ part: WritableKeyPath<TableStorage, [Value]>, offset: Int, width: Int
    ) throws -> [Int] {
        guard var missing = column.missing else { return [] }
        let values = storage[keyPath: part]
        let gaps = (0..<rows.count).filter { values[$0 * width + offset].isGap }
        let filling = GapFilling(rows, column, vocabulary: vocabularies[column.index])
        let present = { (0..<rows.count).lazy.map { values[$0 * width + offset] }.filter { !$0.isGap }.map(\.double) }
        guard let found = try filling.value(for: missing.fill, isNeeded: !gaps.isEmpty, present) else {
            fillings[column.index] = missing
            return gaps
        }
        missing.fill = found.fill
        missing.hasIndicator = column.indicator ?? !gaps.isEmpty
        fillings[column.index] = missing
        for row in gaps { storage[keyPath: part][row * width + offset] = Value(double: found.number) }
        return gaps
    }
}

/// An element of a table's storage.
private protocol TableValue {
    /// Whether there is no value.
    var isGap: Bool { get }
    var double: Double { get }
    init(double: Double)
}

extension Float: TableValue {
    fileprivate var isGap: Bool { isNaN }
    fileprivate var double: Double { Double(self) }
    fileprivate init(double: Double) { self.init(double) }
}

extension Int32: TableValue {
    fileprivate var isGap: Bool { self < 0 }
    fileprivate var double: Double { Double(self) }
    /// A class number: it is one of a vocabulary's.
    fileprivate init(double: Double) { self = Int32(exactly: double) ?? 0 }
}

extension LearntTable {
    /// - Parameter format: how the file is written, for the schema.
    consuming func dataset(format: CSVFormat) throws -> Dataset {
        let plan = rows.plan
        let count = rows.count
        let width = storage.featureCount + indicators.count
        let input = DataField(
            name: "x", spec: TensorSpec([width]),
            columnNames: plan.features.map(\.name) + indicators.map { $0.column.name + "_missing" },
            vocabularies: Dictionary(
                uniqueKeysWithValues: plan.features.enumerated().compactMap { offset, column in
                    vocabularies[column.index].map { (offset, $0) }
                }))
        let (fields, tensors) = targets()
        let precise = PreciseColumns(rows, storage.features, fillings: fillings).columns
        let features = indicators.isEmpty ? storage.features : widened()
        let store = ExampleStore(
            file: rows.file, lines: storage.lines, inputs: [Tensor(features, shape: [count, width])],
            preciseInputs: precise.isEmpty ? [] : [precise], targets: tensors, sampleWeights: nil)
        var dataset = Dataset(store: store, layout: DataLayout(inputs: [input], targets: fields))
        dataset.table = TableSchema(
            features: plan.features.map(learnt), targets: (plan.numericTargets + plan.categoryTargets).map(learnt),
            hasHeader: plan.hasHeader, format: format)
        return dataset
    }

    private func targets() -> (fields: [DataField], tensors: [Tensor]) {
        let plan = rows.plan
        var fields: [DataField] = []
        var tensors: [Tensor] = []
        if !plan.numericTargets.isEmpty {
            let names = plan.numericTargets.map(\.name)
            let shape: Shape = names.count == 1 ? .scalar : [names.count]
            fields.append(
                DataField(name: names.count == 1 ? names[0] : "y", spec: TensorSpec(shape), columnNames: names))
            tensors.append(Tensor(storage.targets, shape: shape.prepending(rows.count)))
        }
        for (offset, column) in plan.categoryTargets.enumerated() {
            let numbers =
                storage.labelCount == 1
                ? storage.labels : (0..<rows.count).map { storage.labels[$0 * storage.labelCount + offset] }
            fields.append(
                DataField(
                    name: column.name, spec: TensorSpec(.scalar, .int32),
                    classNames: vocabularies[column.index] ?? []))
            tensors.append(Tensor(numbers, shape: [rows.count]))
        }
        return (fields, tensors)
    }

    /// The features with the indicators behind them.
    private func widened() -> [Float] {
        let width = storage.featureCount
        var result: [Float] = []
        result.reserveCapacity(rows.count * (width + indicators.count))
        for row in 0..<rows.count {
            result.append(contentsOf: storage.features[row * width..<(row + 1) * width])
            for indicator in indicators { result.append(indicator.values[row]) }
        }
        return result
    }

    private func learnt(_ column: ColumnPlan) -> TableSchema.Column {
        let unknown: String? =
            switch column.words {
            case .none: nil
            case .learnt(let unknown): unknown
            case .fixed(_, let unknown): unknown
            }
        return TableSchema.Column(
            name: column.name, number: column.index + 1, vocabulary: vocabularies[column.index], unknown: unknown,
            missing: fillings[column.index])
    }
}

import PeriluneGraph

extension ReferenceEvaluator {
    /// One step after another, each by an evaluator of its own.
    static func scan(_ scan: Scan, _ x: [Array]) -> [Array] {
        var carries = Swift.Array(x[..<scan.carryCount])
        let firstConstant = scan.carryCount + scan.sequenceCount
        var rows = [[Int: [Double]]](repeating: [:], count: scan.outputCount)
        for step in 0..<scan.length {
            let row = scan.isReversed ? scan.length - 1 - step : step
            let sequences = x[scan.carryCount..<firstConstant].map { sequence in
                let width = sequence.shape.dropFirst().elementCount
                return Array(
                    sequence.shape.dropFirst(), Swift.Array(sequence.elements[row * width..<(row + 1) * width]))
            }
            let evaluator = ReferenceEvaluator(scan.body, inputs: carries + sequences + x[firstConstant...])
            let results = scan.body.outputs.map { evaluator[$0.value] }
            carries = Swift.Array(results[..<scan.carryCount])
            for index in rows.indices { rows[index][row] = results[scan.carryCount + index].elements }
        }
        let outputs = rows.enumerated().map { index, rows in
            Array(
                scan.body.spec(of: scan.body.outputs[scan.carryCount + index].value).shape.prepending(scan.length),
                (0..<scan.length).flatMap { rows[$0] ?? [] })
        }
        return carries + outputs
    }
}

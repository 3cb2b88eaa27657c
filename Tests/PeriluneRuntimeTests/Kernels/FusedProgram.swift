import CKernels
import Foundation

/// A fused loop with its inputs, run by the kernel and by a naive twin.
struct FusedProgram {
    var rows: Int
    var columns: Int
    var values: [pk_value] = []
    var instructions: [pk_instruction] = []
    var sinks: [pk_sink] = []
    var inputs: [[Float]] = []
    /// Inputs, by number, that an output, by number, is the same memory as.
    var inPlace: [Int: Int] = [:]

    init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
    }

    // MARK: Building

    mutating func input(_ access: pk_access, _ elements: [Float]) -> Int {
        inputs.append(elements)
        return value(pk_value(access: UInt8(access.rawValue), input: UInt8(inputs.count - 1), constant: 0))
    }

    mutating func constant(_ number: Float) -> Int {
        value(pk_value(access: UInt8(PK_CONSTANT.rawValue), input: 0, constant: number))
    }

    mutating func compute(_ opcode: pk_opcode, _ a: Int, _ b: Int = 0, _ c: Int = 0) -> Int {
        let dst = value(pk_value(access: UInt8(PK_COMPUTED.rawValue), input: 0, constant: 0))
        instructions.append(
            pk_instruction(opcode: UInt8(opcode.rawValue), dst: UInt8(dst), a: UInt8(a), b: UInt8(b), c: UInt8(c)))
        return dst
    }

    mutating func store(_ value: Int, over input: Int? = nil) {
        if let input { inPlace[sinks.count] = input }
        sink(PK_STORE, PK_SUM, value)
    }

    mutating func sink(_ kind: pk_sink_kind, _ reduction: pk_reduction, _ value: Int) {
        sinks.append(
            pk_sink(
                kind: UInt8(kind.rawValue), reduction: UInt8(reduction.rawValue), value: UInt8(value),
                output: UInt8(sinks.count)))
    }

    private mutating func value(_ value: pk_value) -> Int {
        values.append(value)
        return values.count - 1
    }

    func inputCount(_ access: pk_access) -> Int {
        switch access {
        case PK_FULL: rows * columns
        case PK_PER_COLUMN: columns
        case PK_PER_ROW: rows
        default: 1
        }
    }

    private func outputCount(_ sink: pk_sink) -> Int {
        switch pk_sink_kind(UInt32(sink.kind)) {
        case PK_STORE: rows * columns
        case PK_REDUCE_ROWS: columns
        case PK_REDUCE_COLUMNS: rows
        default: 1
        }
    }

    // MARK: Running

    /// What the kernel gives, and whether all memory around outputs and scratch is as it was.
    func run(threads: Int) -> (outputs: [[Float]], intact: Bool) {
        var inputMemory = inputs.map { GuardedMemory($0) }
        var outputMemory = sinks.enumerated().map { number, sink in
            if let input = inPlace[number] { return inputMemory[input] }
            return GuardedMemory([Float](repeating: -77, count: outputCount(sink)))
        }
        defer {
            for memory in inputMemory { memory.free() }
            for (number, memory) in outputMemory.enumerated() where inPlace[number] == nil { memory.free() }
            inputMemory = []
            outputMemory = []
        }
        var scratchIntact = true
        values.withUnsafeBufferPointer { values in
            instructions.withUnsafeBufferPointer { instructions in
                sinks.withUnsafeBufferPointer { sinks in
                    var fused = pk_fused(
                        rows: Int64(rows), columns: Int64(columns), value_count: Int32(values.count),
                        instruction_count: Int32(instructions.count), sink_count: Int32(sinks.count),
                        values: values.baseAddress, instructions: instructions.baseAddress, sinks: sinks.baseAddress)
                    let bytes = Int(pk_fused_scratch_bytes(&fused, Int32(threads)))
                    let scratch = GuardedMemory([Float](repeating: .nan, count: (bytes + 3) / 4))
                    pk_fused_run(
                        &fused, inputMemory.map { UnsafeRawPointer($0.start) },
                        outputMemory.map { UnsafeMutableRawPointer($0.start) }, scratch.start, Int32(threads))
                    scratchIntact = scratch.isIntact
                    scratch.free()
                }
            }
        }
        let intact = scratchIntact && inputMemory.allSatisfy(\.isIntact) && outputMemory.allSatisfy(\.isIntact)
        return (outputMemory.map(\.elements), intact)
    }

    /// What the loop means, element by element in double.
    func expected() -> [[Double]] {
        var results = sinks.map { sink -> [Double] in
            let reduction = pk_reduction(UInt32(sink.reduction))
            let start = reduction == PK_SUM ? 0 : reduction == PK_MAX ? -Double.infinity : .infinity
            return [Double](repeating: start, count: outputCount(sink))
        }
        var now = [Double](repeating: 0, count: values.count)
        for row in 0..<rows {
            for column in 0..<columns {
                for (number, value) in values.enumerated() {
                    switch pk_access(UInt32(value.access)) {
                    case PK_FULL: now[number] = Double(inputs[Int(value.input)][row * columns + column])
                    case PK_PER_COLUMN: now[number] = Double(inputs[Int(value.input)][column])
                    case PK_PER_ROW: now[number] = Double(inputs[Int(value.input)][row])
                    case PK_SCALAR: now[number] = Double(inputs[Int(value.input)][0])
                    case PK_CONSTANT: now[number] = Double(value.constant)
                    default: break
                    }
                }
                for step in instructions {
                    now[Int(step.dst)] = Self.apply(
                        pk_opcode(UInt32(step.opcode)), now[Int(step.a)], now[Int(step.b)], now[Int(step.c)])
                }
                for (number, sink) in sinks.enumerated() {
                    let value = now[Int(sink.value)]
                    let place =
                        switch pk_sink_kind(UInt32(sink.kind)) {
                        case PK_STORE: row * columns + column
                        case PK_REDUCE_COLUMNS: row
                        case PK_REDUCE_ROWS: column
                        default: 0
                        }
                    if sink.kind == PK_STORE.rawValue {
                        results[number][place] = value
                    } else {
                        results[number][place] = Self.combine(
                            pk_reduction(UInt32(sink.reduction)), results[number][place], value)
                    }
                }
            }
        }
        return results
    }

    static func combine(_ reduction: pk_reduction, _ a: Double, _ b: Double) -> Double {
        if reduction == PK_SUM { return a + b }
        if a.isNaN || b.isNaN { return .nan }
        return reduction == PK_MAX ? Swift.max(a, b) : Swift.min(a, b)
    }

    static func apply(_ opcode: pk_opcode, _ a: Double, _ b: Double, _ c: Double) -> Double {
        switch opcode {
        case PK_COPY: a
        case PK_NEGATE: -a
        case PK_ABSOLUTE: abs(a)
        case PK_SIGN: a > 0 ? 1 : a < 0 ? -1 : a
        case PK_FLOOR: a.rounded(.down)
        case PK_RECIPROCAL: 1 / a
        case PK_SQUARE: a * a
        case PK_SQUARE_ROOT: a.squareRoot()
        case PK_RECIPROCAL_SQUARE_ROOT: 1 / a.squareRoot()
        case PK_EXP: exp(a)
        case PK_EXP_MINUS_ONE: expm1(a)
        case PK_LOG: log(a)
        case PK_LOG_ONE_PLUS: log1p(a)
        case PK_TANH: tanh(a)
        case PK_SIGMOID: 1 / (1 + exp(-a))
        case PK_ERF: erf(a)
        case PK_SOFTPLUS: (a < 0 ? 0 : a) + log1p(exp(-abs(a)))
        case PK_RELU: a < 0 ? 0 : a
        case PK_SINE: sin(a)
        case PK_COSINE: cos(a)
        case PK_FROM_INT: Double(Int32(bitPattern: Float(a).bitPattern))
        case PK_TO_INT: Double(Float(bitPattern: UInt32(bitPattern: Int32(a))))
        case PK_ADD: a + b
        case PK_SUBTRACT: a - b
        case PK_MULTIPLY: a * b
        case PK_DIVIDE: a / b
        case PK_POWER: pow(a, b)
        case PK_MAXIMUM: combine(PK_MAX, a, b)
        case PK_MINIMUM: combine(PK_MIN, a, b)
        case PK_LESS: a < b ? 1 : 0
        case PK_LESS_OR_EQUAL: a <= b ? 1 : 0
        case PK_GREATER: a > b ? 1 : 0
        case PK_GREATER_OR_EQUAL: a >= b ? 1 : 0
        case PK_EQUAL: a == b ? 1 : 0
        case PK_NOT_EQUAL: a != b ? 1 : 0
        default: a != 0 ? b : c
        }
    }
}

/// Elements between guards, aligned as the arena's are.
private struct GuardedMemory {
    private static let margin = 64
    private let memory: UnsafeMutableRawPointer
    private let count: Int

    init(_ elements: [Float]) {
        count = elements.count
        memory = UnsafeMutableRawPointer.allocate(byteCount: (count + 2 * Self.margin) * 4, alignment: 64)
        let floats = memory.bindMemory(to: Float.self, capacity: count + 2 * Self.margin)
        floats.initialize(repeating: 12345, count: count + 2 * Self.margin)
        for (place, element) in elements.enumerated() { floats[Self.margin + place] = element }
    }

    var start: UnsafeMutableRawPointer { memory + Self.margin * 4 }

    var elements: [Float] {
        Array(UnsafeBufferPointer(start: start.assumingMemoryBound(to: Float.self), count: count))
    }

    var isIntact: Bool {
        let floats = memory.assumingMemoryBound(to: Float.self)
        return (0..<Self.margin).allSatisfy { floats[$0] == 12345 && floats[Self.margin + count + $0] == 12345 }
    }

    func free() { memory.deallocate() }
}

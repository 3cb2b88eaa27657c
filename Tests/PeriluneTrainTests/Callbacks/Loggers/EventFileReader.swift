import Foundation
import Testing

@testable import PeriluneLoggers

/// Reads event files of TensorBoard for tests, and checks every checksum. Independent of the writer.
struct EventFileReader {
    struct Event: Equatable {
        var step = 0
        var version: String?
        /// Tag and value, in order.
        var scalars: [Pair] = []
        var histograms: [String: Histogram] = [:]
        var tensors: [String: StringTensor] = [:]
    }

    struct Pair: Equatable {
        var tag: String
        var value: Float
    }

    struct Histogram: Equatable {
        var numbers: [UInt64: Double] = [:]
        var limits: [Double] = []
        var counts: [Double] = []
    }

    static func events(_ path: String) throws -> [Event] {
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        var events: [Event] = []
        var place = 0
        while place < bytes.count {
            let length = Int(integer(bytes, place, 8))
            #expect(UInt32(integer(bytes, place + 8, 4)) == masked(bytes[place..<place + 8]))
            let content = bytes[place + 12..<place + 12 + length]
            #expect(UInt32(integer(bytes, place + 12 + length, 4)) == masked(content))
            events.append(event(Array(content)))
            place += 16 + length
        }
        #expect(place == bytes.count)
        return events
    }

    /// Bit by bit, as the polynomial is defined.
    static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var sum = UInt32.max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0x82f6_3b78 : sum >> 1 }
        }
        return ~sum
    }

    private static func masked(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        let sum = checksum(bytes)
        return (sum >> 15 | sum << 17) &+ 0xa282_ead8
    }

    static func integer(_ bytes: [UInt8], _ place: Int, _ count: Int) -> UInt64 {
        (0..<count).reduce(0) { $0 | UInt64(bytes[place + $1]) << (8 * UInt64($1)) }
    }

    enum Field {
        case number(UInt64)
        case bytes([UInt8])
    }

    static func fields(_ bytes: [UInt8]) -> [(UInt64, Field)] {
        var place = 0
        func variable() -> UInt64 {
            var (value, shift) = (UInt64(0), UInt64(0))
            while true {
                let byte = bytes[place]
                place += 1
                value |= UInt64(byte & 0x7f) << shift
                shift += 7
                if byte < 0x80 { return value }
            }
        }
        var result: [(UInt64, Field)] = []
        while place < bytes.count {
            let key = variable()
            switch key & 7 {
            case 0: result.append((key >> 3, .number(variable())))
            case 1, 5:
                let count = key & 7 == 1 ? 8 : 4
                result.append((key >> 3, .number(integer(bytes, place, count))))
                place += count
            default:
                let count = Int(variable())
                result.append((key >> 3, .bytes(Array(bytes[place..<place + count]))))
                place += count
            }
        }
        return result
    }

    private static func event(_ bytes: [UInt8]) -> Event {
        var event = Event()
        for (field, value) in fields(bytes) {
            switch (field, value) {
            case (2, .number(let step)): event.step = Int(step)
            case (3, .bytes(let text)): event.version = String(decoding: text, as: UTF8.self)
            case (5, .bytes(let summary)):
                for case (1, .bytes(let value)) in fields(summary) { add(value, to: &event) }
            default: break
            }
        }
        return event
    }

    private static func add(_ bytes: [UInt8], to event: inout Event) {
        var tag = ""
        for (field, value) in fields(bytes) {
            switch (field, value) {
            case (1, .bytes(let text)): tag = String(decoding: text, as: UTF8.self)
            case (2, .number(let bits)):
                event.scalars.append(Pair(tag: tag, value: Float(bitPattern: UInt32(bits))))
            case (5, .bytes(let message)): event.histograms[tag] = histogram(message)
            case (8, .bytes(let message)): event.tensors[tag] = stringTensor(message)
            case (9, .bytes(let message)): event.tensors[tag]?.readPlugin(message)
            default: break
            }
        }
    }

    private static func histogram(_ bytes: [UInt8]) -> Histogram {
        func doubles(_ bytes: [UInt8]) -> [Double] {
            stride(from: 0, to: bytes.count, by: 8).map { Double(bitPattern: integer(bytes, $0, 8)) }
        }
        var histogram = Histogram()
        for (field, value) in fields(bytes) {
            switch (field, value) {
            case (6, .bytes(let packed)): histogram.limits = doubles(packed)
            case (7, .bytes(let packed)): histogram.counts = doubles(packed)
            case (_, .number(let bits)): histogram.numbers[field] = Double(bitPattern: bits)
            default: break
            }
        }
        return histogram
    }
}

import PeriluneGraph
import Testing

@testable import PeriluneTrain

@Suite("State as text")
struct StateTextTests {
    private func roundTrip(_ value: StateValue) throws -> StateValue {
        var tensors: [String: Tensor] = [:]
        let text = JSONText.write(value) { tensor, path in
            tensors[path.joined(separator: "/")] = tensor
            return path.joined(separator: "/")
        }
        return try JSONReader.read(Array(text.utf8)[...]) { name in tensors[name].map { .tensor($0) } }
    }

    @Test(
        "Every value comes back as it was",
        arguments: [
            .null, true, .integer(.min), .integer(.max), .integer(0), .number(0), .number(-0.0), .number(0.1),
            .number(.leastNonzeroMagnitude), .number(.greatestFiniteMagnitude), .number(1e300), .number(.infinity),
            .number(-.infinity), "", "äöü \u{1F319} \"\\ \n\t\u{1}", .bytes([0, 255, 128]), .list([]),
            .list([1, "a", .null]),
            [:], ["$number": "nan", "a": ["$": 1]], ["x": .tensor(floats([1, 2], shape: [2]))],
            .pairs([.init(1, "one"), .init(.number(0.5), .list([.boolean(false)]))]),
        ] as [StateValue])
    func values(value: StateValue) throws {
        #expect(try roundTrip(value) == value)
        if case .number(let number) = value {
            #expect(try roundTrip(value).number?.bitPattern == number.bitPattern)
        }
    }

    @Test("A NaN stays one")
    func nan() throws {
        #expect(try roundTrip(.number(.nan)).number?.isNaN == true)
    }

    @Test(
        "What is no value is an error and no trap",
        arguments: [
            "", " ", "{", "[1,", "{\"a\"}", "{\"a\":1,\"a\":2}", "01x", "-", "1e999", "\"", "\"\\u12\"", "\"\\ud800\"",
            "\"\\x\"",
            "tru", "[1] 2", "{\"$tensor\":\"none\"}", "{\"$bytes\":\"0\"}", "{\"$pairs\":[[1]]}", "{\"$what\":1}",
            "\"a\nb\"", "+1",
            String(repeating: "[", count: 100_000),
        ])
    func broken(text: String) {
        #expect(throws: JSONReader.Fault.self) { try JSONReader.read(Array(text.utf8)[...]) }
    }
}

import Testing

@testable import PeriluneData

@Suite struct DecimalNumberTests {
    private func read(_ text: String) -> DecimalNumber.Reading {
        Array(text.utf8).withUnsafeBufferPointer { DecimalNumber.read($0) }
    }

    @Test func agreesWithTheStandardLibrary() {
        var stream = PhiloxStream(seed: 5, use: "test")
        for _ in 0..<20_000 {
            let digits = 1 + Int(stream.next(below: 21))
            var text = stream.next(below: 2) == 0 ? "-" : ""
            let point = Int(stream.next(below: UInt32(digits + 1)))
            for digit in 0..<digits { text += (digit == point ? "." : "") + "\(stream.next(below: 10))" }
            if stream.next(below: 3) == 0 { text += "e\(Int(stream.next(below: 90)) - 50)" }
            let expected = Float(text)!
            #expect(read(text) == (expected.isFinite ? .value(expected) : .notFinite), "\(text)")
        }
    }

    /// Half-way between two floats, and a hair to either side: where rounding twice would go wrong.
    @Test(arguments: [
        "16777217", "16777217.000000001", "16777216.999999999", "0.500000029802322387695", "1.00000005960464477",
    ])
    func halfWayCases(_ text: String) {
        #expect(read(text) == .value(Float(text)!))
    }

    @Test(arguments: ["0", "-0", "0.0e5", ".5", "5.", "+1", " 2 ", "1E3", "1e-3", "000001", "1e-46", "3.4028235e38"])
    func numbers(_ text: String) {
        let bare = text.filter { $0 != " " }
        #expect(
            read(text) == .value(Float(bare.hasPrefix(".") ? "0" + bare : bare.hasSuffix(".") ? bare + "0" : bare)!))
    }

    @Test(arguments: ["x", "-", ".", "1x", "1e", "1e+", "0x10", "1,2", "1 2", "--1", "1.2.3", "e5", "NA", "1e5x"])
    func notNumbers(_ text: String) { #expect(read(text) == .notANumber) }

    @Test(arguments: ["nan", "-Inf", "INFINITY", "1e39", "-1e400", "1e99999999999999999999"])
    func notFinite(_ text: String) { #expect(read(text) == .notFinite) }

    @Test(arguments: ["", "  ", "\t"]) func empty(_ text: String) { #expect(read(text) == .empty) }
}

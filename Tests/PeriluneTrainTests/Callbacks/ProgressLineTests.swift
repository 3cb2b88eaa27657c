import PeriluneProcess
import Testing

@testable import PeriluneTrain

/// The text of the progress bar.
@Suite("Numbers and columns of the bar")
struct ProgressLineTests {
    @Test(
        "Numbers have one digit before the point of a power of ten",
        arguments: [
            (0.00099999999, "1.0000e-03"), (9.99994e-4, "9.9999e-04"), (9.99996e-4, "1.0000e-03"), (1e-3, "1.0000e-03"),
            (9.999999e9, "1.0000e+10"), (1.5e9, "1.5000e+09"), (-9.99999e-7, "-1.0000e-06"),
            (0.5, "0.5000"), (999_999_999.4, "999999999.4000"), (.nan, "nan"), (-.infinity, "-inf"),
        ] as [(Double, String)])
    func numbers(value: Double, text: String) {
        #expect(ProgressLine.number(value) == text)
    }

    @Test(
        "Columns of a terminal",
        arguments: [
            ("loss", 4), ("损失", 4), ("정확도", 6), ("ｆｕｌｌ", 8), ("e\u{301}", 1), ("━━", 2), ("🎉", 2), ("", 0), ("ä", 1),
        ])
    func widths(text: String, columns: Int) {
        #expect(TextWidth.of(text) == columns)
    }

    @Test("A line never takes more columns than there are", arguments: [20, 41, 60, 80])
    func lines(width: Int) {
        let state = ProgressLine.State(batch: 3, steps: 9, elapsed: 1, secondsPerStep: 0.1)
        for values in [["损失: 0.1234", "正确率正确率: 0.5"], ["🎉🎉🎉: 1.0", "loss: 2.0"], [], ["a: 1.0"]] {
            let line = ProgressLine.bar(state, values, width: width)
            #expect(TextWidth.of(line) == width - 1, "\(line)")
        }
    }
}

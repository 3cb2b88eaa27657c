import Foundation
import PeriluneTestSupport
import Testing

@Suite struct ExampleTests {
    /// For each example, a regular expression that its output has.
    private static let expected = [
        "xor": #"loss 0\.00\d+ after \d+ epochs"#,
        "iris": #"\d+ epochs, (9\d\.\d|100\.0) % of the flowers"#,
        "callbacks": #"epoch 2: val_accuracy 0\.\d+ at lr 0\.01"#,
        "branches": #"Epoch 5/5 .* val_accuracy: 0\.[89]"#,
    ]

    @Test func `every example is listed, with what it shows`() throws {
        let run = try ProgramRun.of(arguments: "example")
        let lines = run.output.split(separator: "\n")
        #expect(Set(lines.map { String($0.prefix { $0 != " " }) }) == Set(Self.expected.keys))
        #expect(lines.allSatisfy { $0.hasSuffix(".") })
    }

    @Test(arguments: Self.expected.keys.sorted()) func `an example can be taken, checked and run`(name: String) throws {
        let text = try ProgramRun.of(arguments: "example", name).output
        let folder = try TemporaryFolder()
        let path = try folder.write(name + ".lua", text)

        let check = try ProgramRun.of(arguments: "check", path)
        #expect(check.errors == "")
        #expect(check.status == 0)

        let run = try ProgramRun.of(arguments: "example", "--run", name)
        let expected = try #require(Self.expected[name])
        #expect(run.output.range(of: expected, options: .regularExpression) != nil, "\(run.output)")
        #expect(run.errors == "")
        #expect(run.status == 0)
    }
}

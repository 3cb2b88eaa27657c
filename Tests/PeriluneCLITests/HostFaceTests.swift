import Foundation
import Testing

/// What `import Perilune` gives is chosen name by name (Sources/Perilune). A new public type is either among these
/// names or among the insides below.
@Suite struct HostFaceTests {
    private static let sources = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().appendingPathComponent("../../Sources").standardizedFileURL

    /// Public for the sake of what hosts do see, or for programs that work with the insides: they import the target.
    private static let insides: [String: Set<String>] = [
        "PeriluneItems": [
            "ItemDeclaration", "ItemOption", "ItemOptions", "NearestName", "Nesting", "NumberRange", "OptionForm",
            "OptionInput", "Parameter", "ParameterType",
        ],
        "PeriluneGraph": [
            "BinaryOperation", "ConvolutionAttributes", "Graph", "GraphBuilder", "HyperparameterID", "Node", "NodeID",
            "Op", "Padding", "Philox", "PoolingAttributes", "RandomDistribution", "RandomStreams", "ReduceOperation",
            "Scan", "UnaryOperation", "Value", "VariableID",
        ],
        "PeriluneRuntime": [
            "EagerEvaluator", "ExecutionContext", "MemoryBudget", "Program", "ProgramStatistics", "VariableStore",
        ],
        "PeriluneNN": [
            "ActivationDeclaration", "ConstraintDeclaration", "InitializerDeclaration", "LayerDeclaration",
            "LossDeclaration", "MetricDeclaration", "ModelEmission", "ModelVariable", "RegularizerDeclaration",
            "StatisticsShares", "VariableTable",
        ],
        "PeriluneData": ["Batcher", "MemoryRequest", "PhiloxStream"],
        "PeriluneTrain": ["CallbackDeclaration", "EventTraits", "OptimizerDeclaration", "ScheduleDeclaration"],
        "PeriluneLuaRuntime": ["LuaEventChannel", "LuaEventHandler", "LuaMetamethod"],
        "PeriluneLua": ["StubFile"],
    ]

    @Test(arguments: [
        "PeriluneItems", "PeriluneProcess", "PeriluneGraph", "PeriluneRuntime", "PeriluneNN", "PeriluneData",
        "PeriluneTrain", "PeriluneLoggers", "PeriluneLuaRuntime", "PeriluneBinding", "PeriluneLua", "PerilunePrompt",
    ])
    func `every public type is given to hosts or is one of the insides`(target: String) throws {
        let insides = Self.insides[target] ?? []
        let types = try Self.publicTypes(of: target)
        let given = try Self.given(from: target)
        #expect(types.subtracting(given).subtracting(insides).sorted() == [], "neither given nor inside")
        #expect(insides.subtracting(types).sorted() == [], "no longer there")
        #expect(insides.intersection(given).sorted() == [], "given and inside")
    }

    @Test func `no target is given as a whole`() throws {
        for line in try Self.lines(of: "Perilune") where line.starts(with: "@_exported") {
            #expect(line.split(separator: " ").count == 5, "\(line)")
        }
    }

    /// The names that are declared `public` at the outermost level.
    private static func publicTypes(of target: String) throws -> Set<String> {
        let kinds: Set<Substring> = ["class", "struct", "enum", "protocol", "typealias", "func", "let", "var"]
        return try Set(
            lines(of: target).compactMap { line in
                var words = line.split(separator: " ").drop { $0.hasPrefix("@") }
                guard words.first == "public" else { return nil }
                words = words.drop { !kinds.contains($0) }
                return words.dropFirst().first.map { $0.prefix { $0.isLetter || $0.isNumber || $0 == "_" } }
                    .map(String.init)
            })
    }

    private static func given(from target: String) throws -> Set<String> {
        try Set(
            lines(of: "Perilune").compactMap { line in
                guard let path = line.split(separator: " ").last?.split(separator: "."), path.count == 2,
                    path[0] == target
                else { return nil }
                return String(path[1])
            })
    }

    /// The lines of a target's sources that begin without an indent.
    private static func lines(of target: String) throws -> [String] {
        let folder = sources.appendingPathComponent(target)
        let files = try #require(FileManager.default.subpaths(atPath: folder.path)).filter { $0.hasSuffix(".swift") }
        #expect(!files.isEmpty)
        return try files.flatMap { file in
            try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
                .split(separator: "\n").filter { $0.first != " " && !$0.hasPrefix("//") }.map(String.init)
        }
    }
}

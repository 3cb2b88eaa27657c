import Foundation
import PeriluneGraph
import PeriluneRuntime
import PeriluneTestSupport
import Testing

/// What is of one device is behind one seam.
@Suite struct BackendTests {
    /// The Swift files of the runtime, by path within it.
    private func sources() throws -> [String: String] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/PeriluneRuntime")
            .standardizedFileURL
        let files = try FileManager.default.subpathsOfDirectory(atPath: root.path()).filter { $0.hasSuffix(".swift") }
        return try Dictionary(
            uniqueKeysWithValues: files.map {
                ($0, try String(contentsOf: root.appending(path: $0), encoding: .utf8))
            })
    }

    @Test func onlyTheBackEndOfTheCPUKnowsItsLibraries() throws {
        let sources = try sources()
        #expect(sources.count > 30)
        for (path, text) in sources where !path.hasPrefix("Backends/CPU/") {
            #expect(!text.contains("import CKernels") && !text.contains("import COneDNN"), "\(path)")
        }
    }

    @Test func planningNamesNoDevice() throws {
        for (path, text) in try sources() where path.hasPrefix("Planning/") {
            #expect(!text.contains("CPU") && !text.contains("oneDNN") && !text.contains("pk_"), "\(path)")
        }
    }

    @Test func aKernelThatIsRefusedNamesTheLayer() throws {
        // The library takes at most 12 axes.
        let builder = GraphBuilder()
        let shape = Shape([Int](repeating: 1, count: 11) + [3, 3])
        let x = builder.input(0, TensorSpec(shape))
        builder.addOutput("y", try builder.within("encoder/attention") { try x.matmul(x) })
        do {
            _ = try Program(builder.graph, variables: VariableStore())
            Issue.record("a product of 13 axes was compiled")
        } catch {
            #expect(error.code == .kernelRefused)
            #expect(error.message.hasPrefix("layer 'encoder/attention': oneDNN refuses "), "\(error)")
        }
    }
}

import PeriluneGraph
import Testing

@testable import PeriluneRuntime

/// What does not fit the host is an error before it is asked for.
@Suite struct HostMemoryTests {
    @Test func theHostSaysWhatItHas() throws {
        let available = try #require(HostMemory.available)
        #expect(available > 1 << 20 && available < 1 << 50)
    }

    @Test(arguments: [1 << 46, 1 << 60, Int.max - 63, Int.max]) func whatDoesNotFitIsRefused(byteCount: Int) {
        func isRefused(_ body: () throws -> Void) -> Bool {
            do {
                try body()
                return false
            } catch {
                return (error as? RuntimeError)?.code == .outOfMemory
                    && "\(error)".hasPrefix("out of memory: ") && "\(error)".hasSuffix(" GB")
            }
        }
        #expect(isRefused { try HostMemory.require(byteCount) })
        #expect(isRefused { _ = try VariableStore().add(TensorSpec([byteCount / 4, 1])) })
        #expect(isRefused { _ = try VariableStore().add(TensorSpec([byteCount / 8, 8])) })
        #expect(isRefused { try VariableStore().requireRoom(for: byteCount) })
    }

    @Test func aProgramThatDoesNotFitIsRefused() throws {
        let builder = GraphBuilder()
        let x = builder.input(0, TensorSpec([1, 1]))
        let column = try x.broadcast(to: [1 << 22, 1]).exp()
        builder.addOutput("y", try column.matmul(column, transposeB: true))
        let store = VariableStore()
        do {
            let program = try Program(builder.graph, variables: store)
            _ = try ExecutionContext(program, variables: store)
            Issue.record("64 TB were found")
        } catch {
            #expect(error.code == .outOfMemory, "\(error)")
        }
    }

    @Test func whatFitsIsGiven() throws {
        try HostMemory.require(0)
        try HostMemory.require(1 << 20)
        let store = VariableStore()
        #expect(store.spec(of: try store.add(TensorSpec([1 << 10]))).byteCount == 1 << 12)
    }
}

import Foundation
import PeriluneTestSupport
import Synchronization
import Testing

@testable import PeriluneLua
@testable import PerilunePrompt

/// The socket of a run, as those meet it who look for runs at any time.
@Suite struct AttachSocketTests {
    /// Threads that connect again and again, and remove what they take for stale, until they are told to stop.
    private final class Seekers: Sendable {
        private let isOver = Atomic<Bool>(false)
        private let left = DispatchGroup()

        init(_ count: Int, at path: String) {
            for _ in 0..<count {
                left.enter()
                Thread.detachNewThread { [self] in
                    while !isOver.load(ordering: .relaxed) { _ = try? AttachConnection.connect(to: path) }
                    left.leave()
                }
            }
        }

        func stop() {
            isOver.store(true, ordering: .relaxed)
            left.wait()
        }
    }

    @Test func `who comes at the moment when a run begins to listen does not shut others out`() throws {
        let folder = try TemporaryFolder()
        let path = AttachFolder.socket(of: getpid(), in: folder.url.path)
        let seekers = Seekers(2, at: path)
        defer { seekers.stop() }
        for _ in 0..<500 {
            let socket = try AttachConnection.listen(at: path)
            defer { socket.end() }
            #expect(FileManager.default.fileExists(atPath: path))
        }
    }

    @Test func `a socket that nobody listens to is removed once its process is gone`() throws {
        let folder = try TemporaryFolder()
        for (process, stays) in [(getpid(), true), (Int32.max, false)] {
            let path = AttachFolder.socket(of: process, in: folder.url.path)
            try AttachConnection.listen(at: path).end()
            #expect(try AttachConnection.connect(to: path) == nil)
            #expect(FileManager.default.fileExists(atPath: path) == stays)
        }
    }
}

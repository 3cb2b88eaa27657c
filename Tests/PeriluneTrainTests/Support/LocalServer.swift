import Foundation
import Synchronization

/// A server on the loopback interface that answers each request with what a closure says.
final class LocalServer: Sendable {
    /// Gives the answer to the request of this number, from 1; nil closes the connection without one.
    typealias Answer = @Sendable (_ number: Int, _ request: String) -> String?

    let port: Int
    private let listener: Int32
    private let answer: Answer
    private let received = Mutex<[String]>([])

    struct Failed: Error {}

    init(_ answer: @escaping Answer = { _, _ in "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" }) throws {
        self.answer = answer
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { [listener] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        guard bound else { throw Failed() }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [self] in serve() }
    }

    /// Stops listening; the thread ends.
    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    /// What has come so far: head and body of each request.
    var requests: [String] { received.withLock { $0 } }

    private func serve() {
        var number = 0
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { break }
            number += 1
            let request = Self.read(connection)
            received.withLock { $0.append(request) }
            if let text = answer(number, request) {
                let bytes = Array(text.utf8)
                _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            }
            close(connection)
        }
        close(listener)
    }

    private static func read(_ connection: Int32) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
            // A greeting in TLS: more would come only after an answer to it.
            if bytes[0] == 0x16 { break }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let end = text.range(of: "\r\n\r\n"), let length = text.range(of: "Content-Length: ") else {
                continue
            }
            let wanted = Int(text[length.upperBound...].prefix { $0.isNumber }) ?? 0
            if text[end.upperBound...].utf8.count >= wanted { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

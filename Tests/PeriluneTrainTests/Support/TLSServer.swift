import Foundation
import PeriluneTestSupport
import Synchronization

/// A server on the loopback interface that speaks https and takes whatever comes. Its certificate is its own word: the
/// `openssl` program makes both.
final class TLSServer: Sendable {
    static let isPossible = (try? succeeds(["version"])) == true

    let port: Int
    /// The path of its certificate.
    let certificate: String
    private let folder: TemporaryFolder
    private let process: Process
    private let input = Pipe()
    private let output = Pipe()
    private let received = Mutex<[String]>([])

    struct Failed: Error {}

    /// - Parameter address: the only one that the certificate is valid for.
    init(certifiedFor address: String = "127.0.0.1") throws {
        folder = try TemporaryFolder()
        certificate = folder.path("certificate.pem")
        let key = folder.path("key.pem")
        let isMade = try Self.succeeds([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=perilune", "-addext", "subjectAltName=IP:\(address)", "-keyout", key, "-out", certificate,
        ])
        guard isMade else { throw Failed() }
        // What clients send it prints, and what it reads it sends them.
        process = try Self.openssl(
            ["s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key], input: input, output: output)
        port = try Self.port(output)
        Thread.detachNewThread { [self] in serve() }
    }

    /// Ends the server. With a signal that cannot be held back: tests run on threads that hold back others.
    func stop() { kill(process.processIdentifier, SIGKILL) }

    /// What has come so far: head and body of each request.
    var requests: [String] { received.withLock { $0 } }

    private static func openssl(_ arguments: [String], input: Pipe? = nil, output: Pipe? = nil) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardInput = input ?? FileHandle.nullDevice
        process.standardOutput = output ?? FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    private static func succeeds(_ arguments: [String]) throws -> Bool {
        let process = try openssl(arguments)
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// Waits for the line that names the port.
    private static func port(_ output: Pipe) throws -> Int {
        var text = ""
        while case let chunk = output.fileHandleForReading.availableData, !chunk.isEmpty {
            text += String(decoding: chunk, as: UTF8.self)
            if let match = text.firstMatch(of: /ACCEPT 127\.0\.0\.1:(\d+)\n/), let port = Int(match.1) { return port }
        }
        throw Failed()
    }

    private func serve() {
        // Writing to a server that is gone is no reason to end.
        var pipe = sigset_t()
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &pipe, nil)
        var text = ""
        while case let chunk = output.fileHandleForReading.availableData, !chunk.isEmpty {
            text += String(decoding: chunk, as: UTF8.self)
            guard let start = text.range(of: "POST "), let end = text.range(of: "\r\n\r\n"),
                let length = text.firstMatch(of: /Content-Length: (\d+)/).flatMap({ Int($0.1) }),
                text[end.upperBound...].utf8.count >= length
            else { continue }
            let request = text[start.lowerBound..<end.upperBound] + text[end.upperBound...].prefix(length)
            received.withLock { $0.append(String(request)) }
            text = ""
            try? input.fileHandleForWriting.write(contentsOf: Data("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".utf8))
        }
    }
}

import PeriluneLoggers
import Testing

@testable import PeriluneTrain

@Suite(.enabled(if: TLSServer.isPossible, "needs the openssl program"))
struct RemoteMonitorTLSTests {
    private func fit(
        _ root: String, _ check: CertificateCheck = .system, retries: Int = 0
    ) throws -> (monitor: RemoteMonitor, engine: FakeEngine) {
        var options = RemoteMonitor.Options()
        // A machine that is busy may take long to agree on keys.
        (options.verify, options.retries, options.timeout) = (check, retries, 60)
        let monitor = try RemoteMonitor(root: root, options: options)
        let engine = try FakeEngine()
        _ = try makeLoop(engine, [monitor]) { $0.epochs = 2 }.fit()
        return (monitor, engine)
    }

    @Test func `a certificate that nobody vouches for is a failure, and another attempt is no use`() throws {
        let server = try TLSServer()
        defer { server.stop() }
        let (monitor, engine) = try fit("https://127.0.0.1:\(server.port)", retries: 1_000_000)
        #expect(server.requests.isEmpty)
        #expect(monitor.report["sent"] == 0)
        let failure = monitor.report["failure"]?.text ?? ""
        #expect(failure.hasPrefix("remote_monitor: 127.0.0.1:\(server.port) is not to be trusted: "), "\(failure)")
        #expect(failure.contains("certificate"))
        #expect(failure.hasSuffix("'verify' can name a file of certificates to trust"))
        #expect(engine.remarks == [failure + "; it logs nothing more, the run goes on"])
    }

    @Test func `a certificate in a file is trusted, and so is any where that is asked for`() throws {
        let server = try TLSServer()
        defer { server.stop() }
        for check in [CertificateCheck.authorities(path: server.certificate), .none] {
            let (monitor, engine) = try fit("https://127.0.0.1:\(server.port)", check)
            #expect(engine.remarks.isEmpty)
            #expect(monitor.report["sent"] == 2)
        }
        #expect(server.requests.count == 4)
        #expect(server.requests.allSatisfy { $0.hasPrefix("POST /publish/epoch/end/ HTTP/1.1\r\n") })
        #expect(server.requests.allSatisfy { $0.contains("\r\n\r\ndata=%7B%22epoch%22%3A") })
    }

    @Test func `a certificate for another address is not trusted`() throws {
        let server = try TLSServer(certifiedFor: "127.0.0.2")
        defer { server.stop() }
        let (monitor, _) = try fit(
            "https://127.0.0.1:\(server.port)", .authorities(path: server.certificate), retries: 1_000_000)
        let failure = monitor.report["failure"]?.text ?? ""
        #expect(failure.hasPrefix("remote_monitor: 127.0.0.1:\(server.port) is not to be trusted: "), "\(failure)")
        #expect(server.requests.isEmpty)
    }

    @Test func `a server that speaks no TLS is a failure that says so`() throws {
        let plain = try LocalServer { _, _ in "HTTP/1.1 400 Bad Request\r\n\r\n" }
        defer { plain.stop() }
        let (monitor, _) = try fit("https://127.0.0.1:\(plain.port)", .none)
        let failure = monitor.report["failure"]?.text ?? ""
        #expect(
            failure.hasPrefix("remote_monitor: 127.0.0.1:\(plain.port) and this machine found no way to speak TLS: "),
            "\(failure)")
    }

    @Test func `a file that holds no certificates is a failure that lasts`() throws {
        let server = try TLSServer()
        defer { server.stop() }
        let (monitor, _) = try fit(
            "https://127.0.0.1:\(server.port)", .authorities(path: "/proc/self/status"), retries: 1_000_000)
        let failure = monitor.report["failure"]?.text ?? ""
        let expected = "remote_monitor: no certificates to check 127.0.0.1:\(server.port) with: "
        #expect(failure.hasPrefix(expected), "\(failure)")
        #expect(failure.contains("/proc/self/status"))
    }

    @Test(arguments: [("/proc/nowhere.pem", "No such file or directory"), ("/proc", "Is a directory")])
    func `certificates that cannot be read are an error at once`(path: String, expected: String) throws {
        var options = RemoteMonitor.Options()
        options.verify = .authorities(path: path)
        let error = try #require(throws: TrainingError.self) { try RemoteMonitor(options: options) }
        #expect(error.message == "remote_monitor: cannot read the certificates in '\(path)': \(expected)")
    }
}

import Foundation
import PeriluneLoggers
import Testing

@testable import PeriluneTrain

@Suite struct RemoteMonitorTests {
    private func fit(_ monitor: RemoteMonitor, epochs: Int = 2) throws -> FakeEngine {
        let engine = try FakeEngine()
        let history = try makeLoop(engine, [monitor]) { $0.epochs = epochs }.fit()
        #expect(history.epochs.count == epochs)
        return engine
    }

    private func monitor(
        _ server: LocalServer, _ change: (inout RemoteMonitor.Options) -> Void = { _ in }
    ) throws -> RemoteMonitor {
        var options = RemoteMonitor.Options()
        change(&options)
        return try RemoteMonitor(root: "http://127.0.0.1:\(server.port)", options: options)
    }

    private func json(_ text: Substring) throws -> [String: NSObject] {
        try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: NSObject])
    }

    private func body(_ request: String) throws -> Substring {
        request[try #require(request.range(of: "\r\n\r\n")).upperBound...]
    }

    @Test func `each epoch is posted as a form with JSON in a field`() throws {
        let server = try LocalServer()
        defer { server.stop() }
        let monitor = try monitor(server) { $0.headers = ["X-Run": "a b", "X-Empty": "", "user-agent": "me"] }
        let engine = try fit(monitor)
        #expect(engine.remarks.isEmpty)
        #expect(monitor.report["sent"] == 2)
        #expect(monitor.report["dropped"] == 0)
        let request = try #require(server.requests.first)
        #expect(request.hasPrefix("POST /publish/epoch/end/ HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"))
        #expect(request.contains("\r\nX-Run: a b\r\n"))
        #expect(request.contains("\r\nX-Empty:\r\n"))
        #expect(request.contains("\r\nuser-agent: me\r\n"))
        #expect(!request.contains("User-Agent: perilune"))
        #expect(request.contains("\r\nContent-Type: application/x-www-form-urlencoded\r\n"))
        let form = try body(request)
        #expect(form.hasPrefix("data=%7B%22epoch%22%3A1%2C"))
        let object = try json(Substring(try #require(form.dropFirst(5).removingPercentEncoding)))
        #expect(object["loss"] == 0.5 as NSNumber)
        #expect(object["val_loss"] == 0.25 as NSNumber)
    }

    @Test func `the body can be the JSON itself`() throws {
        let server = try LocalServer()
        defer { server.stop() }
        _ = try fit(try monitor(server) { ($0.sendsJSON, $0.path) = (true, "/x") })
        #expect(server.requests.count == 2)
        #expect(server.requests[1].hasPrefix("POST /x HTTP/1.1\r\n"))
        #expect(server.requests[1].contains("\r\nContent-Type: application/json\r\n"))
        #expect(try json(body(server.requests[1]))["epoch"] == 2 as NSNumber)
    }

    @Test func `what did not arrive is tried again`() throws {
        let server = try LocalServer { number, _ in
            switch number {
            case 1: nil
            case 2: "HTTP/1.1 503 Busy\r\n\r\n"
            default: "HTTP/1.1 204 No Content\r\n\r\n"
            }
        }
        defer { server.stop() }
        let monitor = try monitor(server) { $0.retries = 2 }
        #expect(try fit(monitor).remarks.isEmpty)
        #expect(monitor.report["sent"] == 2)
        #expect(server.requests.count == 4)
        #expect(server.requests[0] == server.requests[2])
    }

    @Test func `a server that refuses is asked once, and the run goes on`() throws {
        let server = try LocalServer { _, _ in "HTTP/1.1 404 Not Found\r\n\r\n" }
        defer { server.stop() }
        let engine = try fit(try monitor(server), epochs: 1)
        #expect(server.requests.count == 1)
        #expect(
            engine.remarks == [
                "remote_monitor: 127.0.0.1:\(server.port) answered 404 Not Found; it logs nothing more, the run goes on"
            ])
        let error = try #require(throws: TrainingError.self) { try fit(try monitor(server) { $0.isCritical = true }) }
        #expect(error.place.callback == "remote_monitor")
    }

    @Test(arguments: [301, 302, 307]) func `redirects are not followed, and the message names where they lead`(
        status: Int
    ) throws {
        let server = try LocalServer { number, _ in
            number == 1 ? "HTTP/1.1 \(status) Elsewhere\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n" : nil
        }
        defer { server.stop() }
        let monitor = try monitor(server)
        _ = try fit(monitor, epochs: 1)
        #expect(server.requests.count == 1)
        #expect(
            monitor.report["failure"]?.text
                == "remote_monitor: 127.0.0.1:\(server.port) answered \(status) Elsewhere (redirects are not followed; "
                + "this one leads to http://127.0.0.1:\(server.port)/b)")
    }

    @Test func `an answer counts by its status, whatever its body`() throws {
        // One that is too long to be read, and one that is cut off.
        let long = String(repeating: "a", count: 1 << 20)
        let server = try LocalServer { number, _ in
            number == 1 ? "HTTP/1.1 200 OK\r\n\r\n" + long : "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"
        }
        defer { server.stop() }
        let monitor = try monitor(server)
        #expect(try fit(monitor).remarks.isEmpty)
        #expect(monitor.report["sent"] == 2)
        #expect(server.requests.count == 2)
    }

    @Test func `what a server says cannot move the cursor`() throws {
        let server = try LocalServer { _, _ in "HTTP/1.1 403 \u{1b}[2J\u{9b}é\r\n\r\n" }
        defer { server.stop() }
        let monitor = try monitor(server)
        _ = try fit(monitor, epochs: 1)
        #expect(monitor.report["failure"]?.text?.hasSuffix("answered 403 ?[2J?é") == true)
    }

    @Test(
        arguments: [
            (nil, "closed the connection without an answer"), ("SSH-2.0-x\r\n", "does not answer in HTTP"),
        ])
    func `what else may answer is told apart`(answer: String?, expected: String) throws {
        let server = try LocalServer { _, _ in answer }
        defer { server.stop() }
        let monitor = try monitor(server) { $0.retries = 0 }
        _ = try fit(monitor, epochs: 1)
        #expect(monitor.report["failure"]?.text == "remote_monitor: 127.0.0.1:\(server.port) \(expected)")
    }

    @Test func `no server is one warning`() throws {
        let server = try LocalServer()
        server.stop()
        // The port is free once the thread has closed it.
        let monitor = try monitor(server) { $0.retries = 0 }
        let engine = try fit(monitor, epochs: 3)
        #expect(engine.remarks.count == 1)
        #expect(monitor.report["sent"] == 0)
        #expect(
            monitor.report["failure"]?.text
                == "remote_monitor: cannot reach 127.0.0.1:\(server.port): Connection refused")
    }

    @Test func `no step waits for a server that hangs, and the end only for the timeout`() throws {
        let gate = DispatchSemaphore(value: 0)
        let server = try LocalServer { _, _ in
            gate.wait()
            return nil
        }
        defer {
            gate.signal()
            server.stop()
        }
        let monitor = try monitor(server) { ($0.timeout, $0.capacity, $0.retries) = (2, 2, 0) }
        let engine = try FakeEngine()
        var waited = Duration.zero
        let recorder = Recorder()
        let began = ContinuousClock.now
        recorder.action = { context in
            if context.event == .trainEnd { waited = .now - began }
            return nil
        }
        // Fifty epochs pass while the first message hangs; the recorder sees the end before the monitor does.
        let history = try makeLoop(engine, [recorder, monitor]) { $0.epochs = 50 }.fit()
        #expect(history.epochs.count == 50)
        // Each of them would have waited for two seconds.
        #expect(waited < .seconds(20))
        #expect((monitor.report["dropped"]?.integer ?? 0) >= 47)
        #expect(engine.remarks.count == 1, "\(engine.remarks)")
    }

    @Test(
        arguments: [
            ("ftp://host", "must begin with http:// or https://"), ("file://", "must begin with http:// or https://"),
            ("localhost:9000", "must begin with http:// or https://"),
            ("http://host:0", "its port is no number"), ("https://host:65536", "its port is no number"),
            ("http://", "it has no host"), ("http://a b", "no spaces"), ("http://a\r\nX: b", "no spaces"),
            ("http://[::1]x", "is no address"), ("http://" + String(repeating: "a", count: 256), "Bad hostname"),
        ])
    func `addresses that cannot be are errors at once`(root: String, expected: String) throws {
        let error = try #require(throws: TrainingError.self) { try RemoteMonitor(root: root) }
        #expect(error.message.hasPrefix("remote_monitor: "))
        #expect(error.message.contains(expected), "\(error)")
    }

    @Test func `no timeout is too long`() throws {
        let server = try LocalServer()
        defer { server.stop() }
        let monitor = try monitor(server) { $0.timeout = .greatestFiniteMagnitude }
        let engine = try fit(monitor)
        #expect(engine.remarks.isEmpty)
        #expect(monitor.report["sent"] == 2)
    }

    @Test func `headers cannot smuggle in others`() throws {
        for headers in [
            ["A": "b\r\nC: d"], ["A": "b\nC: d"], ["A\r\nB": "c"], ["A:": "b"], ["A;": ""], ["": "b"], ["A b": "c"],
            ["Content-length": "3"], ["Transfer-Encoding": "chunked"],
        ] {
            var options = RemoteMonitor.Options()
            options.headers = headers
            #expect(throws: TrainingError.self) { try RemoteMonitor(options: options) }
        }
        var options = RemoteMonitor.Options()
        options.timeout = 0
        #expect(throws: TrainingError.self) { try RemoteMonitor(options: options) }
    }
}

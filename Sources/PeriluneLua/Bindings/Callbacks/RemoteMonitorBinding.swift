internal import PeriluneItems
internal import PeriluneLoggers
internal import PeriluneLuaRuntime
internal import PeriluneTrain

enum RemoteMonitorBinding {
    static let function = CallbackBindings.make(
        "remote_monitor",
        options: [
            .optional("root", .string, default: "http://127.0.0.1:9000", "the server, http or https"),
            .optional("path", .string, default: "/publish/epoch/end/", "what comes after it"),
            .optional("field", .string, default: "data", "the field of the form that holds the logs"),
            .optional("headers", .map(.string), "headers to send along"),
            .optional(
                "verify", .either(.boolean, .string), default: true,
                "whether an https server must prove who it is, or a file of the certificates to trust"),
            .optional("send_as_json", .boolean, default: false, "whether the body is JSON, and not a form"),
            .optional(
                "timeout", .number(.above(0)), default: 5, "seconds for each attempt, and for the rest at the end"),
            .optional("retries", .integer(atLeast: 0), default: 3, "attempts after the first"),
            .optional("capacity", .integer(atLeast: 1), default: 64, "how many messages may wait"),
            .critical,
        ],
        help: """
            Posts the logs of each epoch to a server, from a thread of its own: no step waits for the network.
            Fields afterwards: sent, dropped, failure.
            lune.remote_monitor { root = "http://127.0.0.1:9000", send_as_json = true }
            """
    ) { arguments in
        // What a script may not write to files it may not send away either.
        guard arguments.state.access.writable == nil else {
            throw arguments.fault("root", "a script whose files are limited to granted folders may not use the network")
        }
        var options = RemoteMonitor.Options()
        options.path = try arguments.string("path")
        options.field = try arguments.string("field")
        for (name, value) in try arguments.optionalTable("headers")?.entries ?? [] {
            options.headers[name.string ?? name.keyText] = value.string
        }
        switch try arguments.optionalBoolean("verify") {
        case true?: options.verify = .system
        case false?: options.verify = .none
        case nil: options.verify = .authorities(path: try arguments.readablePath("verify"))
        }
        options.sendsJSON = try arguments.boolean("send_as_json")
        options.timeout = try arguments.number("timeout")
        options.retries = try arguments.integer("retries")
        options.capacity = try arguments.integer("capacity")
        options.isCritical = try arguments.boolean("critical")
        return try RemoteMonitor(root: arguments.string("root"), options: options)
    }
}

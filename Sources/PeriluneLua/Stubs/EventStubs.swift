internal import PeriluneBinding
internal import PeriluneItems
internal import PeriluneTrain

/// The types of callbacks: tables and classes of event functions, and the globals of callback files.
enum EventStubs {
    /// Declares the callback types under the names that bindings refer to.
    static func types(_ names: StubNames) -> String {
        let fields = Event.names.compactMap { name in
            (try? Event(named: name)).map { (name: name, event: $0) }
        }
        var text = DirectiveStub.text(names)
        text += """
            --- A callback: functions for the events that it wants to hear of.
            ---@class \(names.type("callback_table"))
            ---@field name? string # what messages call it

            """
        for field in fields {
            text += StubField.line(field.name, function(field.event, names), isOptional: true, "")
        }
        text += """

            --- A class of callbacks. Called with a table of fields it makes an instance.
            ---@class \(names.type("callback_class")): \(names.type("callback_table"))
            ---@field model \(names.type("model")) # the model of the run
            ---@field params \(names.type("run_params")) # the plan of the run
            ---@field state table # what the instance remembers; it stays when the file is read again
            ---@field [string] any

            """
        for field in fields {
            text += StubField.line(field.name, function(field.event, names, isMethod: true), isOptional: true, "")
        }
        text += "---@overload fun(fields?: table): \(names.type("callback_class"))\n"
        return text + "\n" + plan(names)
    }

    /// The globals of a file of callbacks: a function for each event, and the table that stays.
    static func globals(_ names: StubNames) -> String {
        var text = "---@meta _\n\n\(StubFile.mark)\n\n"
        text +=
            "--- What the file remembers: it stays when the file is read again.\n---@type table\n\(stateName) = {}\n\n"
        for name in Event.names {
            guard let event = try? Event(named: name) else { continue }
            text += "---@type \(function(event, names))\n\(name) = nil\n\n"
        }
        return text
    }

    /// The globals that files of callbacks define.
    static var globalNames: [String] { Event.names + [stateName] }

    private static let stateName = LoadedCallbacks.stateName

    private static func plan(_ names: StubNames) -> String {
        """
        --- The plan of a run.
        ---@class \(names.type("run_params"))
        ---@field epochs integer # the number of the last epoch
        ---@field steps? integer # batches an epoch
        ---@field batch_size integer # rows a batch
        ---@field accumulate integer # batches whose gradients make one update
        ---@field samples? integer # rows an epoch
        ---@field metrics string[] # the names of the metrics


        """
    }

    /// The type of an event's function.
    static func function(_ event: Event, _ names: StubNames, isMethod: Bool = false) -> String {
        let first: [String] =
            switch event.argument {
            case .none: ["logs: table<string, number>"]
            case .epoch: ["epoch: integer", "logs: table<string, number>"]
            case .batch: ["batch: integer", "logs: table<string, number>"]
            case .message: ["message: string"]
            }
        let receiver = isMethod ? ["self: \(names.type("callback_class"))"] : []
        let parameters = (receiver + first + ["run: \(names.type("run"))"]).joined(separator: ", ")
        return "fun(\(parameters)): \(DirectiveStub.resultType(names))?"
    }
}

internal import PeriluneItems
internal import PeriluneLuaRuntime

extension ModuleBinding {
    /// The page that `help()` shows: every function with the first line of its help.
    package var overview: String {
        var text = "\(name): \(help)\n"
        let rows = functions.map { ($0.name, $0.help.firstLine) } + constants.map { ($0.name, $0.help) }
        if !rows.isEmpty { text += "\n" + HelpText.columns(rows) }
        for module in modules {
            text += "\n\(name).\(module.name): \(module.help)\n"
            text += HelpText.columns(module.functions.map { ($0.name, $0.help.firstLine) })
        }
        let others = classes.map { ($0.name, $0.help.firstLine) } + topics.map { ($0.name, $0.text.firstLine) }
        if !others.isEmpty { text += "\nObjects and topics:\n" + HelpText.columns(others) }
        guard functions.contains(where: { $0.name == "help" }) else { return text }
        return text + "\n\(name).help(\"name\") says more: a function, object, topic or \"object:method\".\n"
    }

    /// The page for one name: `dense`, `lune.dense`, `data.npz`, `model`, `model:fit`, `model.optimizer`, `events`. Nil
    /// where there is nothing of that name.
    package func page(_ topic: String) -> String? {
        let wanted = topic.hasPrefix(name + ".") ? String(topic.dropFirst(name.count + 1)) : topic
        if let function = functions.first(where: { $0.name == wanted }) {
            // `tensor` makes tensors: its help says what they can do, too.
            let made = classes.first { $0.name == wanted }.map { "\n" + $0.page } ?? ""
            return function.page(prefix: name + ".") + made
        }
        if let constant = constants.first(where: { $0.name == wanted }) {
            return "\(name).\(constant.name) = \(constant.value.text)\n\n\(constant.help)\n"
        }
        if let module = modules.first(where: { $0.name == wanted }) { return module.overview }
        if let binding = classes.first(where: { $0.name == wanted }) { return binding.page }
        if let topic = topics.first(where: { $0.name == wanted }) { return topic.text + "\n" }
        guard let separator = wanted.firstIndex(where: { $0 == "." || $0 == ":" }) else { return pageOfPart(wanted) }
        let owner = wanted[..<separator]
        let member = String(wanted[wanted.index(after: separator)...])
        if let module = modules.first(where: { $0.name == owner }), let page = module.page(member) { return page }
        return classes.first { $0.name == owner }?.page(member)
    }

    /// The page for a name that stands for nothing by itself: a method or property, an event. Where several classes
    /// have one of that name, which ones.
    private func pageOfPart(_ name: String) -> String? {
        let owners = classes.filter { $0.page(name) != nil }
        if owners.count == 1 { return owners[0].page(name) }
        if !owners.isEmpty {
            let members = owners.map { owner in
                owner.name + (owner.allMethods.contains { $0.name == name } ? ":" : ".") + name
            }
            return "'\(name)' has several meanings; ask for one of them: \(members.joined(separator: ", "))\n"
        }
        guard name.contains("_") else { return nil }
        let topic = topics.first { topic in
            topic.text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.contains {
                $0 == name || $0 == "on_" + name
            }
        }
        return topic.map { $0.text + "\n" }
    }

    /// What `help(name)` prints: the page, or which names are near.
    package func helpText(_ topic: String?) -> String {
        guard let topic else { return overview }
        return page(topic) ?? "no help on '\(topic)'\(hint(topic))\n"
    }

    /// "did you mean" for a topic that has no page, with the module's name in front or without it.
    package func hint(_ topic: String, among others: [String] = []) -> String {
        let bare = topic.hasPrefix(name + ".") ? String(topic.dropFirst(name.count + 1)) : topic
        return NearestName.hint(bare, among: helpNames + others)
    }

    /// Every name that has a page, for completion and "did you mean".
    package var helpNames: [String] {
        let members = classes.flatMap { binding in
            binding.allMethods.map { "\(binding.name):\($0.name)" }
                + binding.allProperties.map { "\(binding.name).\($0.name)" }
        }
        let children = modules.flatMap { module in module.memberNames.map { "\(module.name).\($0)" } }
        return memberNames + classes.map(\.name) + topics.map(\.name) + children + members
    }

    /// The function `help` of this module, which prints pages through the script's `print`.
    package func helpFunction() -> Binding {
        let topic = Parameter.optional(
            "topic", .string, default: .shown("the list of everything"), "what to show: a name, or object:method")
        return Binding("help", [topic], help: "Shows what there is, or the page of one name.") { arguments in
            let text = self.helpText(try arguments.optionalString("topic"))
            let line = text.hasSuffix("\n") ? String(text.dropLast()) : text
            if let print = arguments.state.globals["print"].function { try print.call(.string(line)) }
            return []
        }
    }
}

internal import PeriluneItems

/// Layout of help pages.
package enum HelpText {
    /// Words with commas between them, in lines of at most `width` characters.
    package static func filled(_ words: [String], indent: String, width: Int = 100) -> String {
        var lines = ""
        var line = indent
        for (index, word) in words.enumerated() {
            let piece = index + 1 < words.count ? word + "," : word
            if line.count + piece.count + 1 > width, line != indent {
                lines += line + "\n"
                line = indent
            }
            line += line == indent ? piece : " " + piece
        }
        return lines + line + "\n"
    }

    /// Two columns: names, then what they are.
    package static func columns(_ rows: [(String, String)]) -> String {
        let width = min(28, rows.map(\.0.count).max() ?? 0)
        return rows.map { name, text in
            let gap = String(repeating: " ", count: max(0, width - name.count) + 2)
            return "  " + name + (text.isEmpty ? "" : gap + text) + "\n"
        }.joined()
    }
}

extension String {
    package var firstLine: String {
        String(prefix { !$0.isNewline })
    }
}

extension Parameter {
    /// `learning_rate (or lr): number above 0, default 0.001`.
    var heading: String {
        var text = name
        if !aliases.isEmpty { text += " (or \(aliases.joined(separator: ", ")))" }
        text += ": \(type.fullText)"
        if isRequired { return text + ", required" }
        if let defaultValue { text += ", default \(defaultValue.text)" }
        return text
    }
}

extension Binding {
    /// The help page of the function or method.
    package func page(prefix: String = "") -> String {
        var text = prefix + signature
        let results = (result.map { [$0] } ?? []) + furtherResults
        if !results.isEmpty { text += " -> " + results.map(\.text).joined(separator: ", ") }
        text += "\n\n\(help)\n"
        let all = positional + (rest.map { [$0] } ?? [])
        if !all.isEmpty { text += "\nArguments:\n" + all.map(\.entry).joined() }
        if !options.isEmpty { text += "\nOptions:\n" + options.map(\.entry).joined() }
        return text + namesOfCatalogues
    }

    /// The names that may stand for the parameters' values, a paragraph for each kind.
    private var namesOfCatalogues: String {
        ParameterType.union((parameters + (rest.map { [$0] } ?? [])).map(\.type)).catalogues.map { kind, names in
            "\nNames, \(kind):\n" + HelpText.filled(names, indent: "  ")
        }.joined()
    }
}

extension Parameter {
    fileprivate var entry: String { "  \(heading)\n" + (help.isEmpty ? "" : "      \(help)\n") }
}

extension ClassBinding {
    /// The help page of the class.
    package var page: String {
        var text = "\(name): \(help)\n"
        let properties = allProperties.map { property in
            (property.name, "\(property.type.text)\(property.isWritable ? ", can be set" : ""). \(property.help)")
        }
        if !properties.isEmpty { text += "\nProperties:\n" + HelpText.columns(properties) }
        let methods = allMethods.map { (":" + $0.signature, $0.help.firstLine) }
        if !methods.isEmpty { text += "\nMethods:\n" + HelpText.columns(methods) }
        return text
    }

    /// The help page of a method or property.
    package func page(_ member: String) -> String? {
        if let method = allMethods.first(where: { $0.name == member }) { return method.page(prefix: name + ":") }
        guard let property = allProperties.first(where: { $0.allNames.contains(member) }) else { return nil }
        let names = property.allNames.joined(separator: " or ")
        return "\(name).\(names): \(property.type.text)\(property.isWritable ? ", can be set" : ", read-only")\n\n"
            + property.help + "\n"
    }
}

import Foundation
package import PeriluneItems

/// What is wrong with the declarations of a catalogue: nothing, where it is as it should be.
package enum CatalogueCheck {
    /// Faults of names and help: a name that stands for two items or options, a line of help that is missing.
    package static func faultsOfText<Catalogue: ItemCatalogue>(_ catalogue: Catalogue.Type) -> [String] {
        var faults = duplicates(catalogue.declarations.flatMap(\.allNames)).map { "two are called \($0)" }
        for item in catalogue.declarations {
            if item.help.isEmpty { faults.append("\(item.name) has no help") }
            faults += item.parameters.filter(\.help.isEmpty).map { "\(item.name).\($0.name) has no help" }
            faults += duplicates(item.parameters.flatMap(\.allNames)).map { "\(item.name) has two options \($0)" }
        }
        return faults
    }

    /// Items that are not what their descriptions say: made with default options, and with random ones.
    /// - Parameters:
    ///   - restated: options, `time_budget.hours`, that descriptions have in other words.
    ///   - atLeast: how many of the 20 attempts for each item have to make one, on average.
    package static func faultsOfDescriptions<Catalogue: ItemCatalogue>(
        _ catalogue: Catalogue.Type, restated: Set<String> = [], atLeast: Int = 10
    ) -> [String] {
        var faults: [String] = []
        var (made, refused) = (0, 0)
        for (index, item) in catalogue.declarations.enumerated() {
            var random = RandomOptions(seed: UInt64(index))
            for round in 0..<20 {
                let given =
                    round == 0
                    ? random.options(for: item.parameters.filter(\.isRequired)) : random.options(for: item.parameters)
                // Some combinations are not there, which the item says.
                guard let product = try? item.make(given.mapValues { .value($0) }) else {
                    refused += 1
                    continue
                }
                made += 1
                guard let description = catalogue.describe(product) else {
                    faults.append("\(item.name) is not described")
                    continue
                }
                if description.name != item.name { faults.append("\(item.name) is called \(description.name)") }
                guard let again = try? catalogue.make(description) else {
                    faults.append("\(OptionValue.item(description).text) cannot be made again")
                    continue
                }
                if catalogue.describe(again) != description {
                    faults.append("\(OptionValue.item(description).text) is another one when made again")
                }
                for (name, value) in given where !restated.contains("\(item.name).\(name)") {
                    if let described = description.options[name], described.means(value) { continue }
                    let text = description.options[name]?.text ?? "nothing"
                    faults.append("\(item.name).\(name) was \(value.text) and became \(text)")
                }
            }
        }
        if made < atLeast * catalogue.declarations.count {
            faults.append("only \(made) were made, \(refused) were not")
        }
        return faults
    }

    /// Source files of a folder that declare no item, or more than one, or one that the catalogue does not have.
    /// - Parameter shared: the names of files that items share.
    package static func faultsOfFiles<Catalogue: ItemCatalogue>(
        in folder: String, of catalogue: Catalogue.Type, shared: Set<String>
    ) throws -> [String] {
        let files = try sources(in: folder).filter { !$0.path.contains("/") }
        let registry = files.first { $0.name.hasSuffix("Catalogue") }
        var faults: [String] = []
        var count = 0
        for file in files where file.name != registry?.name {
            let declared = file.declarations
            count += declared
            switch (shared.contains(file.name), declared) {
            case (true, 0): break
            case (true, _): faults.append("\(file.name) is said to be shared, and declares an item")
            case (false, 1) where registry?.lists(file.name) == true: break
            case (false, 1): faults.append("\(file.name) is not in the catalogue")
            case (false, _): faults.append("\(file.name) declares \(declared) items")
            }
        }
        return count == 0 ? ["there is no item in \(folder)"] : faults
    }

    /// The same for folders in folders, whose files need declare an item only where they have a class of one: one that
    /// conforms to a protocol, or inherits from a class that does.
    /// - Parameters:
    ///   - root: the protocol: `Callback`.
    ///   - undeclared: classes that are no items by themselves.
    ///   - without: folders that have a catalogue of their own.
    package static func faultsOfClasses<Catalogue: ItemCatalogue>(
        of root: String, in folder: String, _ catalogue: Catalogue.Type, undeclared: Set<String>,
        without others: Set<String> = []
    ) throws -> [String] {
        let files = try sources(in: folder).filter { file in !others.contains { file.path.hasPrefix($0 + "/") } }
        let registry = files.first { $0.name.hasSuffix("Catalogue") }
        var kinds: Set = [root]
        // Protocols are anywhere in the target.
        let target = try sources(in: String(folder.prefix { $0 != "/" })).map(\.text).joined(separator: "\n")
        let types = target.matches(of: /(?:class|protocol) (\w+): ([\w, ]+) \{/)
        while case let more = types.filter({ type in
            !kinds.contains(String(type.1)) && type.2.split(separator: ", ").contains { kinds.contains(String($0)) }
        }), !more.isEmpty {
            kinds.formUnion(more.map { String($0.1) })
        }
        let text = files.map(\.text).joined(separator: "\n")
        let classes = text.matches(of: #/class (\w+): /#).map { String($0.1) }.filter(kinds.contains)
        var faults = Set(classes).subtracting(undeclared).filter { type in
            !files.contains { $0.declarations == 1 && $0.name.split(separator: "+").first == type[...] }
        }.map { "\($0) declares no item" }
        for file in files where file.declarations > 0 {
            let type = String(file.name.split(separator: "+")[0])
            if file.declarations > 1 { faults.append("\(file.name) declares \(file.declarations) items") }
            if registry?.lists(type) != true { faults.append("\(type) is not in the catalogue") }
        }
        return classes.isEmpty ? ["there is no item in \(folder)"] : faults.sorted()
    }

    /// The Swift files below a folder of the package's sources, with their paths in it.
    private static func sources(in folder: String) throws -> [SourceFile] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/" + folder)
        let paths = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
        return try paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
            let url = root.appendingPathComponent(path)
            return SourceFile(
                path: path, name: url.deletingPathExtension().lastPathComponent,
                text: try String(contentsOf: url, encoding: .utf8))
        }
    }

    private struct SourceFile {
        let path: String
        let name: String
        let text: String

        var declarations: Int { text.ranges(of: "static let declaration =").count }

        /// Whether a catalogue that is written here has the declaration of a type.
        func lists(_ type: String) -> Bool { text.contains(" \(type).declaration") }
    }

    private static func duplicates(_ names: [String]) -> [String] {
        Dictionary(grouping: names) { $0 }.filter { $1.count > 1 }.keys.sorted()
    }
}

extension OptionValue {
    /// Whether the value is what was given, in one spelling or another: a name as an item, one number as a list.
    fileprivate func means(_ given: OptionValue) -> Bool {
        switch (self, given) {
        case (.item, .text), (.list, _), (_, .list), (.text, .text), (_, .record): true
        // Keras has numbers for some booleans; some numbers can be switched off and on.
        case (.boolean(let a), .integer(let b)): a == (b == 1)
        case (.number, .boolean(true)): true
        case (.number(let a), .integer(let b)): a == Double(b)
        default: self == given
        }
    }
}

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
    package static func faultsOfDescriptions<Catalogue: ItemCatalogue>(_ catalogue: Catalogue.Type) -> [String] {
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
                for (name, value) in given where description.options[name].map({ !$0.means(value) }) ?? true {
                    let text = description.options[name]?.text ?? "nothing"
                    faults.append("\(item.name).\(name) was \(value.text) and became \(text)")
                }
            }
        }
        if made < 10 * catalogue.declarations.count { faults.append("only \(made) were made, \(refused) were not") }
        return faults
    }

    /// Source files of a folder that declare no item, or more than one, or one that the catalogue does not have.
    /// - Parameter shared: the names of files that items share.
    package static func faultsOfFiles<Catalogue: ItemCatalogue>(
        in folder: String, of catalogue: Catalogue.Type, shared: Set<String>
    ) throws -> [String] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let files = try FileManager.default.contentsOfDirectory(
            at: root.appendingPathComponent("Sources/" + folder), includingPropertiesForKeys: nil)
        let list = files.first { $0.lastPathComponent.hasSuffix("Catalogue.swift") }
        let registry = try list.map { try String(contentsOf: $0, encoding: .utf8) } ?? ""
        var faults: [String] = []
        var count = 0
        for file in files where file.pathExtension == "swift" && file != list {
            let name = file.deletingPathExtension().lastPathComponent
            let declared = try String(contentsOf: file, encoding: .utf8).ranges(of: "static let declaration =").count
            count += declared
            switch (shared.contains(name), declared) {
            case (true, 0): break
            case (true, _): faults.append("\(name) is said to be shared, and declares an item")
            case (false, 1) where registry.contains(" \(name).declaration"): break
            case (false, 1): faults.append("\(name) is not in the catalogue")
            case (false, _): faults.append("\(name) declares \(declared) items")
            }
        }
        return count == 0 ? ["there is no item in \(folder)"] : faults
    }

    private static func duplicates(_ names: [String]) -> [String] {
        Dictionary(grouping: names) { $0 }.filter { $1.count > 1 }.keys.sorted()
    }
}

extension OptionValue {
    /// Whether the value is what was given, in one spelling or another: a name as an item, one number as a list.
    fileprivate func means(_ given: OptionValue) -> Bool {
        switch (self, given) {
        case (.item, .text), (.list, _), (_, .list), (.text, .text): true
        case (.number(let a), .integer(let b)): a == Double(b)
        default: self == given
        }
    }
}

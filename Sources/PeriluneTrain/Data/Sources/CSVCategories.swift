import PeriluneGraph
import PeriluneItems

/// Gives the words of one column numbers: as they come at first, then in their final order.
struct CSVCategories {
    private var numbers: [String: Int32] = [:]
    private var words: [String] = []
    private let isFixed: Bool

    /// - Parameter classes: the words in order where they are known beforehand.
    init(classes: [String]?) {
        isFixed = classes != nil
        for word in classes ?? [] {
            numbers[word] = Int32(words.count)
            words.append(word)
        }
    }

    /// The number of `word` for now, or what is wrong with it.
    mutating func number(of word: String) -> Result<Int32, CSVCellFault> {
        if let number = numbers[word] { return .success(number) }
        if word.isEmpty { return .failure(CSVCellFault(message: "the cell is empty")) }
        if isFixed {
            return .failure(CSVCellFault(message: "'\(word)' is no known class\(NearestName.hint(word, among: words))"))
        }
        let number = Int32(words.count)
        numbers[word] = number
        words.append(word)
        return .success(number)
    }

    /// The words in their final order, and the final number of each number given so far.
    func ranked() -> (classNames: [String], rank: [Int32]) {
        if isFixed { return (words, words.indices.map { Int32($0) }) }
        // By bytes, so that the numbering depends neither on the order of rows nor on the system's language.
        let order = words.indices.sorted { words[$0].utf8.lexicographicallyPrecedes(words[$1].utf8) }
        var rank = [Int32](repeating: 0, count: words.count)
        for (number, index) in order.enumerated() { rank[index] = Int32(number) }
        return (order.map { words[$0] }, rank)
    }
}

/// What is wrong with a cell, before its place is known.
struct CSVCellFault: Error {
    let message: String
}

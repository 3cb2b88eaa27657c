import Glibc

/// Numbers words by their bytes: a hash table that makes no string of a cell.
///
/// One thread uses a table at a time. Words are not copied: the text they stand in must outlive the table.
final class WordTable {
    /// What stands for a cell without a value.
    static let missing = UInt32.max
    /// What a table that takes no new words says of one.
    static let unknown = UInt32.max - 1

    struct Entry {
        /// The first eight bytes, and the last eight of a longer word; zeros where there are fewer.
        let head: UInt64
        let tail: UInt64
        let start: UnsafePointer<UInt8>
        let count: Int
        let number: UInt32
        /// Where the word stood when it was seen first.
        let origin: UnsafePointer<UInt8>
    }

    /// How many entries there are, and how many fit. Memory of its own, as this is asked for each cell.
    @exclusivity(unchecked) private(set) var entryCount = 0
    @exclusivity(unchecked) private var entryCapacity = 128
    @exclusivity(unchecked) private var entryMemory: UnsafeMutablePointer<Entry>
    /// How many words have numbers: those that mean a missing value have none.
    @exclusivity(unchecked) private(set) var wordCount: UInt32 = 0
    /// Whether new words get numbers.
    @exclusivity(unchecked) private var isOpen = true
    /// For each place the number of the entry there, from 1; 0 for none. A power of two of them.
    @exclusivity(unchecked) private var places: UnsafeMutablePointer<UInt32>
    @exclusivity(unchecked) private var mask: Int
    /// Copies of words that do not stand in the text as they are.
    private var copies: [UnsafeMutablePointer<UInt8>] = []
    /// Differ from process to process, so that no file is slow on purpose.
    private let factors = (UInt64.random(in: 0 ... .max) | 1, UInt64.random(in: 0 ... .max) | 1)

    init() {
        mask = 255
        places = .allocate(capacity: mask + 1)
        places.initialize(repeating: 0, count: mask + 1)
        entryMemory = .allocate(capacity: entryCapacity)
    }

    deinit {
        places.deallocate()
        entryMemory.deallocate()
        for copy in copies { copy.deallocate() }
    }

    /// The words in the order in which they were seen first.
    var entries: UnsafeBufferPointer<Entry> { UnsafeBufferPointer(start: entryMemory, count: entryCount) }

    /// Adds words before any text is read: those of a vocabulary, then those that mean that there is no value.
    ///
    /// - Parameter vocabulary: where it is not nil, no other word gets a number.
    convenience init(vocabulary: [String]?, missing: [String]) {
        self.init()
        for word in vocabulary ?? [] { insert(word, number: nil) }
        for word in missing { insert(word, number: Self.missing) }
        isOpen = vocabulary == nil
    }

    private func insert(_ word: String, number: UInt32?) {
        let copy = copied(Array(word.utf8))
        _ = self.number(copy, word.utf8.count, origin: copy, fixed: number)
    }

    private func copied(_ bytes: [UInt8]) -> UnsafePointer<UInt8> {
        let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count + 16)
        copy.initialize(repeating: 0, count: bytes.count + 16)
        for (index, byte) in bytes.enumerated() { copy[index] = byte }
        copies.append(copy)
        return UnsafePointer(copy)
    }

    /// The number of the word in a cell, which gets the next one where it is new; `missing` and `unknown` otherwise.
    @inline(__always)
    func number(_ cell: CSVCursor.Cell) -> UInt32 {
        guard cell.hasDoubledQuotes else { return number(cell.start, cell.count, origin: cell.start, fixed: nil) }
        return number(unescaped: cell)
    }

    private func number(unescaped cell: CSVCursor.Cell) -> UInt32 {
        let bytes = cell.bytes
        let count = entryCount
        let copy = copied(bytes)
        let result = number(copy, bytes.count, origin: cell.start, fixed: nil)
        if entryCount == count { copies.removeLast().deallocate() }
        return result
    }

    /// - Parameter start: 15 bytes behind the word may be read.
    @inline(__always)
    private func number(
        _ start: UnsafePointer<UInt8>, _ count: Int, origin: UnsafePointer<UInt8>, fixed: UInt32?
    ) -> UInt32 {
        let bytes = UnsafeRawPointer(start)
        var head = bytes.loadUnaligned(as: UInt64.self)
        var tail: UInt64 = 0
        if count < 8 {
            // The bytes behind the word do not count.
            head &= (1 << UInt64(8 * count)) - 1
        } else if count > 8 {
            tail = bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        }
        var hash = (head ^ UInt64(count)) &* factors.0 &+ tail &* factors.1
        if count > 16 { hash = longHash(bytes, count, hash) }
        hash ^= hash >> 32
        var place = Int(truncatingIfNeeded: hash &* factors.1 >> 20) & mask
        while places[place] != 0 {
            let entry = entryMemory + Int(places[place]) - 1
            if entry.pointee.head == head, entry.pointee.tail == tail, entry.pointee.count == count,
                count <= 16 || memcmp(entry.pointee.start, start, count) == 0
            {
                return entry.pointee.number
            }
            place = (place + 1) & mask
        }
        return add(
            Entry(head: head, tail: tail, start: start, count: count, number: fixed ?? wordCount, origin: origin),
            at: place)
    }

    private func longHash(_ bytes: UnsafeRawPointer, _ count: Int, _ start: UInt64) -> UInt64 {
        var hash = start
        for offset in stride(from: 8, to: count - 8, by: 8) {
            hash = (hash ^ hash >> 29 ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* factors.0
        }
        return hash
    }

    private func add(_ entry: Entry, at place: Int) -> UInt32 {
        guard isOpen else { return Self.unknown }
        if entryCount == entryCapacity { growEntries() }
        (entryMemory + entryCount).initialize(to: entry)
        entryCount += 1
        if entry.number != Self.missing { wordCount += 1 }
        places[place] = UInt32(entryCount)
        if 2 * entryCount > mask { grow() }
        return entry.number
    }

    private func growEntries() {
        let grown = UnsafeMutablePointer<Entry>.allocate(capacity: 2 * entryCapacity)
        grown.moveInitialize(from: entryMemory, count: entryCount)
        entryMemory.deallocate()
        entryMemory = grown
        entryCapacity *= 2
    }

    private func grow() {
        places.deallocate()
        mask = 2 * mask + 1
        places = .allocate(capacity: mask + 1)
        places.initialize(repeating: 0, count: mask + 1)
        for (index, entry) in entries.enumerated() {
            var place = self.place(entry)
            while places[place] != 0 { place = (place + 1) & mask }
            places[place] = UInt32(index + 1)
        }
    }

    private func place(_ entry: Entry) -> Int {
        var hash = (entry.head ^ UInt64(entry.count)) &* factors.0 &+ entry.tail &* factors.1
        if entry.count > 16 { hash = longHash(UnsafeRawPointer(entry.start), entry.count, hash) }
        hash ^= hash >> 32
        return Int(truncatingIfNeeded: hash &* factors.1 >> 20) & mask
    }
}

extension WordTable.Entry {
    /// The word's text; nil where it is not UTF-8.
    var text: String? { String(validating: UnsafeBufferPointer(start: start, count: count), as: UTF8.self) }
}

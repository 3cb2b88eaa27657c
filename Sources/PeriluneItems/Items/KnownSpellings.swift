internal import Synchronization

/// The names that catalogues take, made when they are first asked for: each option that takes an item asks.
enum KnownSpellings {
    private static let known = Mutex<[ObjectIdentifier: [String]]>([:])

    /// - Parameter make: makes those of the catalogue. It may ask for those of others, and so runs outside of the lock.
    static func of<Catalogue: ItemCatalogue>(_ catalogue: Catalogue.Type, _ make: () -> [String]) -> [String] {
        let key = ObjectIdentifier(catalogue)
        if let known = known.withLock({ $0[key] }) { return known }
        let made = make()
        known.withLock { $0[key] = made }
        return made
    }
}

import PeriluneItems

/// How much is put around images, or cut off them, on each side.
public struct Borders: Hashable, Sendable {
    public var top: Int
    public var bottom: Int
    public var left: Int
    public var right: Int

    public init(top: Int, bottom: Int, left: Int, right: Int) {
        self.top = top
        self.bottom = bottom
        self.left = left
        self.right = right
    }

    /// The same on all sides.
    public init(_ all: Int) { self.init(top: all, bottom: all, left: all, right: all) }

    /// - Throws: `ModelError.invalidArgument` where a side is not in 0...2147483647.
    func validate(_ name: String) throws {
        for side in [top, bottom, left, right] { try Argument.notNegative(name, side) }
    }
}

extension OptionForm where Value == Borders {
    /// One number, rows and columns, or a pair for each.
    static var borders: Self {
        let count = ParameterType.integer(atLeast: 0)
        let pairs = OptionForm<[[Int]]>.list(.list(.integer(atLeast: 0), count: 1...2), count: 1...2)
        return Self(
            .either(count, .list(count, count: 2), .list(.list(count, count: 2), count: 2)),
            write: { pairs.write([[$0.top, $0.bottom], [$0.left, $0.right]]) }
        ) { input in
            guard let sides = try pairs.read(input), let rows = sides.first, let columns = sides.last else {
                return nil
            }
            return Borders(
                top: rows[0], bottom: rows[rows.count - 1], left: columns[0], right: columns[columns.count - 1])
        }
    }
}

extension ItemOption {
    static func borders(_ name: String, _ path: any KeyPath<Item, Borders> & Sendable) -> Self {
        .optional(
            name, path, .borders, shown: "1", "one number, { rows, columns }, or { { top, bottom }, { left, right } }")
    }
}

import PeriluneItems

/// Axes as users count them: from 1, or from the end with -1 as the last. Swift and the graph count from 0.
package enum AxisNumbers {
    package static let help = "counted from 1; negative ones from the end"

    /// The axis counted from 0, or from the end.
    /// - Throws: `OptionFault` for 0, which is no axis.
    package static func inner(_ axis: Int) throws -> Int {
        guard axis != 0 else { throw OptionFault("axes are \(help); there is no axis 0") }
        return axis > 0 ? axis - 1 : axis
    }

    /// The axis as users count it.
    static func outer(_ axis: Int) -> Int { axis >= 0 ? axis + 1 : axis }
}

extension OptionForm where Value == Int {
    /// An axis.
    static var axis: Self {
        let number = OptionForm<Int>.integer()
        return Self(.integer) {
            .integer(AxisNumbers.outer($0))
        } read: { input in
            try number.read(input).map(AxisNumbers.inner)
        }
    }
}

extension OptionForm where Value == [Int] {
    /// One axis or a list of them.
    static var axes: Self { .oneOrList(.axis) }
}

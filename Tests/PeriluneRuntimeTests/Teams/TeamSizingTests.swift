import Testing

@testable import PeriluneRuntime

/// A machine on paper: what a run takes on either team, and how often it is preempted.
private struct Machine {
    var full: Int
    var small: Int
    /// Nanoseconds between preemptions of the full team, and of the small one; nil for none.
    var fullPreempted: Int?
    var smallPreempted: Int?

    static let quiet = Machine(full: 1_100_000, small: 2_100_000)
    static let busy = Machine(
        full: 3_000_000, small: 2_100_000, fullPreempted: 2_000_000, smallPreempted: 6_000_000)
    /// The second thread shares a processor with a program that does not yield.
    static let stuck = Machine(
        full: 108_000_000, small: 4_700_000, fullPreempted: 4_000_000, smallPreempted: 10_000_000)
}

/// Runs of a program on machines that change.
private struct Simulation {
    var sizing = TeamSizing()
    var now = 0
    private(set) var runs: [TeamSizing.Team: Int] = [:]
    /// Nanoseconds that runs took, on either team.
    private(set) var time: [TeamSizing.Team: Int] = [:]
    private(set) var changes = 0

    mutating func run(_ machine: Machine, nanoseconds: Int) {
        (runs, time, changes) = ([:], [:], 0)
        let end = now + nanoseconds
        while now < end {
            let team = sizing.team
            let duration = team == .full ? machine.full : machine.small
            let period = team == .full ? machine.fullPreempted : machine.smallPreempted
            let preemptions = period.map { (now + duration) / $0 - now / $0 } ?? 0
            now += duration
            runs[team, default: 0] += 1
            time[team, default: 0] += duration
            sizing.record(nanoseconds: duration, preemptions: preemptions, now: now)
            if sizing.team != team { changes += 1 }
        }
    }

    /// What a run took on average, over what it takes on the small team of `machine`.
    func overSmall(_ machine: Machine) -> Double {
        Double(time.values.reduce(0, +)) / Double(runs.values.reduce(0, +)) / Double(machine.small)
    }
}

@Suite("How many threads work") struct TeamSizingTests {
    private let second = 1_000_000_000

    @Test("A quiet machine tries nothing") func quiet() {
        var simulation = Simulation()
        simulation.run(.quiet, nanoseconds: 60 * second)
        #expect(simulation.changes == 0)
        #expect(simulation.runs[.small] == nil)
    }

    @Test("Preemptions by chance change nothing that costs a hundredth") func chance() {
        var machine = Machine.quiet
        machine.fullPreempted = 8_000_000
        var simulation = Simulation()
        simulation.run(machine, nanoseconds: 60 * second)
        let runs = Double(simulation.runs.values.reduce(0, +))
        let mean = Double(simulation.time.values.reduce(0, +)) / runs
        #expect(mean < 1.01 * Double(machine.full), "\(mean)")
        #expect((simulation.runs[.small] ?? 0) > 0, "it should look")
    }

    @Test("Beside a busy neighbour the small team works, at hardly more than its own cost")
    func busy() {
        for machine in [Machine.busy, .stuck] {
            var simulation = Simulation()
            simulation.run(machine, nanoseconds: second)
            simulation.run(machine, nanoseconds: 30 * second)
            #expect(simulation.overSmall(machine) < 1.04, "\(simulation.overSmall(machine))")
        }
    }

    @Test("The first second beside a busy neighbour is not lost either") func start() {
        for machine in [Machine.busy, .stuck] {
            var simulation = Simulation()
            simulation.run(machine, nanoseconds: second)
            #expect(simulation.overSmall(machine) < 1.15, "\(simulation.overSmall(machine))")
        }
    }

    @Test("When the neighbour is gone, all threads work again within seconds") func recovery() {
        for machine in [Machine.busy, .stuck] {
            var simulation = Simulation()
            simulation.run(machine, nanoseconds: 10 * second)
            simulation.run(.quiet, nanoseconds: 6 * second)
            simulation.run(.quiet, nanoseconds: 10 * second)
            #expect(simulation.runs[.small] == nil)
            #expect(simulation.changes == 0)
        }
    }

    @Test("Where more threads pay in spite of neighbours, they stay") func large() {
        let machine = Machine(
            full: 1_400_000, small: 2_100_000, fullPreempted: 3_000_000, smallPreempted: 3_000_000)
        var simulation = Simulation()
        simulation.run(machine, nanoseconds: 30 * second)
        let mean = Double(simulation.time.values.reduce(0, +)) / Double(simulation.runs.values.reduce(0, +))
        #expect(mean < 1.02 * Double(machine.full), "\(mean)")
    }
}

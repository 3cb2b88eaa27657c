import Testing

/// What limits of time do to the process of a host.
@Suite struct SignalTests {
    @Test func `One signal is taken while a state has a limit, and given back`() throws {
        let run = try ProgramRun.of("signal-probe", [])
        #expect(
            run.output == """
                without a limit: 0
                with limits: 1
                right: 4
                with one left: 1 2
                with none left: 0
                opened and closed: true 0
                a limit of time needs a real-time signal, and none is free

                """)
        #expect(run.status == 0, "\(run.errors)")
    }
}

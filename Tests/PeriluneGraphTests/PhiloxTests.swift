import PeriluneGraph
import Testing

@Suite struct PhiloxTests {
    /// The known answers that come with Random123 (kat_vectors, philox4x32 10).
    @Test func knownAnswers() {
        #expect(Philox.block(counter: 0, 0, key: 0) == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
        #expect(Philox.block(counter: .max, .max, key: .max) == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
        #expect(
            Philox.block(counter: 0x85a3_08d3_243f_6a88, 0x0370_7344_1319_8a2e, key: 0x299f_31d0_a409_3822)
                == (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
    }
}

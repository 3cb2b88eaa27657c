internal import PeriluneItems
internal import PeriluneTrain

enum ReduceLROnPlateauBinding {
    static let function = CallbackBindings.make(
        "reduce_lr_on_plateau",
        options: [
            .monitor, .optional("factor", .number, default: 0.1, "what the learning rate is multiplied with"),
            .optional("patience", .integer(atLeast: 0), default: 10, "epochs without improvement before it acts"),
            .verbose, .mode, .optional("min_delta", .number, default: 1e-4, "how much better counts as better"),
            .optional("cooldown", .integer(atLeast: 0), default: 0, "epochs after a reduction that do not count"),
            .optional("min_lr", .number(.atLeast(0)), default: 0, "the least learning rate"),
        ],
        help: """
            Lowers the learning rate when a monitored quantity no longer gets better.
            A schedule, one_cycle or cosine_restarts goes on from there, lowered.
            lune.reduce_lr_on_plateau { monitor = "val_loss", factor = 0.5, patience = 3, min_lr = 1e-6 }
            """
    ) {
        try ReduceLROnPlateau(
            monitor: $0.string("monitor"), factor: $0.number("factor"), patience: $0.integer("patience"),
            verbose: $0.verbose(), mode: $0.mode(), minDelta: $0.number("min_delta"),
            cooldown: $0.integer("cooldown"), minLR: $0.number("min_lr"))
    }
}

internal import PeriluneItems
internal import PeriluneTrain

enum BackupAndRestoreBinding {
    static let function = CallbackBindings.make(
        "backup_and_restore", [.required("backup_dir", .string, aliases: ["dir"], "the folder for the checkpoints")],
        options: [
            .optional(
                "save_freq", .either(.enumeration(["epoch"]), .integer(atLeast: 1)), default: "epoch",
                "how often: each epoch, or each n-th update of the weights"),
            .optional(
                "double_checkpoint", .boolean, default: true,
                "whether the one before the last stays too, for when the last is damaged"),
            .optional(
                "delete_checkpoint", .boolean, default: true,
                "whether to remove them when the run has come to its end; one that was stopped, interrupted or failed "
                    + "keeps them"),
        ],
        help: """
            Lets a run be started again after a crash with the same command: it goes on where it was.
            Whole checkpoints, in a folder of its own.
            lune.backup_and_restore("runs/backup", { save_freq = 500 })
            """
    ) { arguments in
        try BackupAndRestore(
            arguments.writablePath("backup_dir"),
            every: arguments.optionalInteger("save_freq").map { .steps($0) } ?? .epochs(1),
            keepsTwo: arguments.boolean("double_checkpoint"), deletesCheckpoints: arguments.boolean("delete_checkpoint")
        )
    }
}

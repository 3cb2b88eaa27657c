/// The page `lune.help("events")`.
enum EventsTopic {
    static let text = """
        events: when callbacks are called, and with what. The order within fit:

          on_train_begin(logs, run)
            on_epoch_begin(epoch, logs, run)
              on_train_batch_begin(batch, logs, run)
                on_backward_end(batch, logs, run)      gradients can be read and changed; only if someone listens
              on_train_batch_end(batch, logs, run)
              on_test_begin(logs, run)                 validation
                on_test_batch_begin(batch, logs, run)
                on_test_batch_end(batch, logs, run)
              on_test_end(logs, run)
            on_epoch_end(epoch, logs, run)             sees the val_ keys
            on_checkpoint(epoch, logs, run)            after every stopper has updated its state
          on_train_end(logs, run)                      run.end_reason: finished, stopped, interrupted or failed
          on_exception(message, run)                   something failed; the open ends come first, on_train_end follows

        evaluate calls the on_test events; predict calls on_predict_begin, on_predict_batch_begin,
        on_predict_batch_end and on_predict_end. on_batch_begin and on_batch_end are other names of the train batch
        events. Every begin has its end. Epochs and batches are counted from 1.

        logs is a fresh table for each event. Writing a number to it adds a metric that later callbacks, history and
        progress bar see. What a function returns steers the run; nothing goes on as before:

          "stop", { stop = "reason", now = true }     stop after this batch or epoch; now leaves out validation
          { lr = x }, { lr_scale = x }                 set or scale the learning rate from the next step on
          { momentum = x }, { weight_decay = x }, …    any hyper-parameter of the optimizer
          { skip = true }                              leave out this batch (train_batch_begin) or update (backward_end)
          { end_epoch = true }, { validate = true }    end this epoch; run validation now
          { freeze = "conv*" }, { unfreeze = "*" }     by the names of layers
          { epochs = n }, { batch_size = n },          change the plan from the next epoch on; accumulate: batches
          { accumulate = n }                           whose gradients make one update
          "pause", { pause = true }                    open the live prompt after this event; needs a terminal
          { save = "path" }                            write a checkpoint: to a file, or a folder
          { restore = "best" }, "last", path, epoch    go back to one: weights and the optimizer's memory
          { log = { score = 0.7 } }                    the same as writing to logs
        """
}

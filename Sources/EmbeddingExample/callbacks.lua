-- Steers the training of a program that knows nothing of this file but its path: change it, run again, and the run
-- changes. Every global function whose name is that of an event is called at that event.
-- luacheck: read globals dataset_name notify (the host gives them)

function on_train_begin(logs, run)
  print(("learning the %s: %d epochs planned"):format(dataset_name, run.params.epochs))
  return { lr = 0.002 }
end

function on_epoch_end(epoch, logs)
  notify(epoch, logs.val_accuracy)
  if logs.val_accuracy >= 0.95 then return { stop = "good enough" } end
  if epoch == 1 then return { lr = logs.lr / 2 } end
end
